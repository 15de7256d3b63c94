from . import cases, limits, mail, organisations, people, service_levels, sign_in

__all__ = ["cases", "limits", "mail", "organisations", "people", "service_levels", "sign_in"]
