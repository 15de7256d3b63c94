from . import cases, limits, organisations, people, service_levels

__all__ = ["cases", "limits", "organisations", "people", "service_levels"]
