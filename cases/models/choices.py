"""What the fields of cases may hold, and how they follow from each other."""

from django.db import models


class Severity(models.IntegerChoices):
    CRITICAL = 1, "Critical"
    HIGH = 2, "High"
    MEDIUM = 3, "Medium"
    LOW = 4, "Low"
    UNSTATED = 5, "Not stated"


class Priority(models.IntegerChoices):
    P1 = 1, "P1"
    P2 = 2, "P2"
    P3 = 3, "P3"
    P4 = 4, "P4"


class Status(models.TextChoices):
    OPEN = "open", "Open"
    INVESTIGATING = "investigating", "Investigating"
    RESOLVED = "resolved", "Resolved"
    CLOSED = "closed", "Closed"


class WaitingOn(models.IntegerChoices):
    US = 0, "Us"
    CUSTOMER = 1, "Customer"
    NOBODY = 2, "Nobody"


class Area(models.TextChoices):
    BACKEND = "backend", "Backend"
    FRONTEND = "frontend", "Frontend"
    DATABASE = "database", "Database"
    NETWORK = "network", "Network"
    OTHER = "other", "Other"


ACTIVE = [Status.OPEN, Status.INVESTIGATING]
DONE = [Status.RESOLVED, Status.CLOSED]


# Which status may follow which. `record` in `cases.actions.events` holds to it.
TRANSITIONS = {
    Status.OPEN: {Status.INVESTIGATING, Status.RESOLVED, Status.CLOSED},
    Status.INVESTIGATING: {Status.OPEN, Status.RESOLVED, Status.CLOSED},
    Status.RESOLVED: {Status.OPEN, Status.CLOSED},
    Status.CLOSED: {Status.OPEN},
}


# From how many customers on that are hit by the same, how many steps sooner to act.
SOONER = [(5, 2), (2, 1)]


def suggested_priority(severity: int, customers: int = 1) -> Priority | None:
    """How soon to act on what is this bad for so many customers. None for one who has not said how bad it is."""
    steps = next((steps for least, steps in SOONER if customers >= least), 0)
    if severity == Severity.UNSTATED:
        if not steps:
            return None
        severity = Severity.MEDIUM
    return Priority(max(severity - steps, Priority.P1))


def contradiction(severity: int, priority: int | None) -> bool:
    """Whether the two lie two or more steps apart, as critical and P4 do."""
    return severity != Severity.UNSTATED and priority is not None and abs(severity - priority) >= 2
