"""Why a mail did not arrive, in a few words."""

import re
from collections.abc import Mapping

from django.conf import settings

from cases.queries.deliveries import trouble_with

STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")

# By the status of RFC 3463, its class left out.
_REASONS = {
    "1.1": "mailbox unknown",
    "1.2": "domain unknown",
    "1.3": "not an address",
    "1.6": "mailbox has moved",
    "1.10": "the domain takes no email",
    "2.1": "mailbox disabled",
    "2.2": "mailbox full",
    "2.3": "message too large",
    "3.4": "message too large",
    "4.1": "its mail server does not answer",
    "4.3": "its mail server cannot be found",
    "4.4": "its mail server cannot be found",
    "4.7": "its mail server did not take it for days",
}
# Of what else is wrong, by the first part of the status.
_SUBJECTS = {
    "1": "not a valid address",
    "2": "something is wrong with the mailbox",
    "4": "its mail server cannot be reached",
    "7": "its mail server refused it by its rules",
}
_CODES = {
    "550": "mailbox unknown",
    "551": "mailbox has moved",
    "552": "mailbox full",
    "553": "not an address",
}
NO_MAIL = "Email can’t be sent: no mail server is set up."
REFUSED = "its mail server refused it"


def reason_of(words: str) -> str:
    """What a mail server means, by the status that its words begin with, or by the older code before it."""
    if found := STATUS.search(words):
        _, subject, detail = found.groups()
        return _REASONS.get(f"{subject}.{detail}") or _SUBJECTS.get(subject, REFUSED)
    return _CODES.get(words[:3], REFUSED)


def undelivered(told: Mapping[str, str]) -> str:
    """What became of a mail that did not arrive, for the timeline."""
    address, reason = told["address"], told["reason"]
    match told["state"]:
        case "deferred":
            return f"Not delivered to {address} yet: {reason}"
        case "complained":
            return f"Marked as spam by {address}"
    return f"Not delivered to {address}: {reason}"


def trouble(told: Mapping[str, str]) -> str:
    """What is wrong with an address."""
    if told["state"] == "complained":
        return f"{told['address']} marked our mail as spam: no more may arrive there."
    return f"Email to {told['address']} comes back: {told['reason']}."


def unreachable(address: str) -> str:
    """Why no mail reaches this address, as far as is known: a sentence, or nothing."""
    if not settings.MAIL_GOES:
        return NO_MAIL
    told = trouble_with(address)
    return trouble(told) if told else ""


def unless_no_mail(words: str) -> str:
    """What is said of a mail, where mail is sent at all. It tells nothing of an address that may be anybody's."""
    return words if settings.MAIL_GOES else NO_MAIL
