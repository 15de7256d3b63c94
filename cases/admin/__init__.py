from . import cases, limits, organisations, service_levels

__all__ = ["cases", "limits", "organisations", "service_levels"]
