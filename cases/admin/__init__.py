from . import cases, limits, mail, organisations, people, service_levels

__all__ = ["cases", "limits", "mail", "organisations", "people", "service_levels"]
