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
    tags,
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
    "tags",
]
