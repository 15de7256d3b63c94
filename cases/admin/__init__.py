from . import cases, limits, service_levels

__all__ = ["cases", "limits", "service_levels"]
