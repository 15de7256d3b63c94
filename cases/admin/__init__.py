from . import (
    cases,
    libraries,
    limits,
    mail,
    mail_texts,
    mailboxes,
    organisations,
    people,
    service_levels,
)

__all__ = [
    "cases",
    "libraries",
    "limits",
    "mail",
    "mail_texts",
    "mailboxes",
    "organisations",
    "people",
    "service_levels",
]
