from . import cases, service_levels

__all__ = ["cases", "service_levels"]
