from . import cases, limits, mail, mailboxes, organisations, people, service_levels, sign_in

__all__ = ["cases", "limits", "mail", "mailboxes", "organisations", "people", "service_levels", "sign_in"]
