"""The columns of the queue."""

from django.db import models


class Column(models.TextChoices):
    NUMBER = "number", "Number"
    SUMMARY = "summary", "Summary"
    CUSTOMER = "who", "Customer"
    SYSTEM = "system", "System"
    DUE = "why", "Due"
    WAITING = "waiting", "Waiting"
    ACTIVITY = "activity", "Last activity"
    OPENED = "opened", "Opened"
    PRIORITY = "priority", "Priority"
    STATUS = "status", "Status"
    AREA = "area", "Area"
    TEAM = "team", "Team"
    ASSIGNEE = "assignee", "Assignee"


USUAL = (
    Column.NUMBER,
    Column.SUMMARY,
    Column.CUSTOMER,
    Column.SYSTEM,
    Column.DUE,
    Column.PRIORITY,
    Column.STATUS,
    Column.ASSIGNEE,
)
# Where a queue in this order shows what orders it, besides the severity that each row shows.
OF_ORDER = {
    "due": Column.DUE,
    "wakes": Column.DUE,
    "waiting": Column.WAITING,
    "newest": Column.NUMBER,
    "activity": Column.ACTIVITY,
}


def shown_columns(chosen: str, order: str) -> tuple[Column, ...]:
    """The columns that were chosen, as an address names them, or the usual ones. What a case is about is always among
    them, and so is what the queue is ordered by."""
    columns = [Column(name) for name in chosen.split(",")] if chosen else [*USUAL]
    if Column.SUMMARY not in columns:
        columns.insert(0, Column.SUMMARY)
    if (orders := OF_ORDER.get(order)) and orders not in columns:
        columns.insert(columns.index(Column.SUMMARY) + 1, orders)
    return tuple(columns)
