"""What sorts of events there are, and in what they differ."""

from enum import Enum, auto

from django.db import models


class Kind(models.TextChoices):
    OPENED = "opened"
    REPLY = "reply"
    NOTE = "note"
    HELD = "held"
    STATUS = "status"
    SEVERITY = "severity"
    PRIORITY = "priority"
    AREA = "area"
    ASSIGNEE = "assignee"
    TEAM = "team"
    RESOLVED = "resolved"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    CLOSED = "closed"
    REOPENED = "reopened"
    IMPORTED = "imported"
    TAGS = "tags"
    SNOOZED = "snoozed"
    WOKEN = "woken"
    LINKED = "linked"
    UNLINKED = "unlinked"
    MERGED = "merged"
    UNMERGED = "unmerged"
    ATTACHED = "attached"
    DETACHED = "detached"
    PROMISED = "promised"
    TAKEN_BACK = "taken_back"
    WARNED = "warned"
    BROKEN = "broken"
    ESCALATED = "escalated"
    ANSWERED = "answered"
    REQUESTED = "requested"
    GIVEN = "given"
    WITHDRAWN = "withdrawn"
    REMINDED = "reminded"
    RATED = "rated"
    PROVEN = "proven"
    DISOWNED = "disowned"
    MOVED = "moved"
    REMOVED = "removed"
    REMOVED_NOTE = "removed_note"
    ERASED = "erased"
    COPIED = "copied"
    UNCOPIED = "uncopied"
    FORWARDED = "forwarded"
    UNTAKEN = "untaken"
    SYSTEM = "system"
    SUMMARY = "summary"
    ORGANISATION = "organisation"
    SPAM = "spam"
    UNSPAM = "unspam"


class Role(models.TextChoices):
    """On whose side of the conversation somebody acted."""

    CUSTOMER = "customer"
    AGENT = "agent"
    SYSTEM = "system"


class Turn(Enum):
    """Whom a case waits on after an event."""

    OURS = auto()
    CUSTOMERS = auto()
    THE_OTHER_SIDES = auto()  # of whoever spoke


class Clocks(Enum):
    """What an event means to the clocks of its case."""

    ARE_TOLD = auto()  # it is part of the history that they are computed from
    ARE_COMPUTED = auto()  # it changes what they are computed with


class Page(Enum):
    """What of an open page is drawn anew besides the timeline."""

    COMPOSER = auto()  # and all that one can do with the case
    DETAILS = auto()  # though no field of the case may have changed
    ALL = auto()  # it is loaded anew, as what it shows anywhere may be gone
