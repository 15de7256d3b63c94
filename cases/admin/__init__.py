from . import cases, limits, mail, mail_texts, mailboxes, organisations, people, service_levels, sign_in

__all__ = [
    "cases",
    "limits",
    "mail",
    "mail_texts",
    "mailboxes",
    "organisations",
    "people",
    "service_levels",
    "sign_in",
]
