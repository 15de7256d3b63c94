"""What agents set up for themselves: views of the queue, macros, drafts."""

from typing import Any
from urllib.parse import urlencode

from django.db import models
from django.db.models import Q

from .choices import Area, Priority, Severity, WaitingOn
from .limit import Limit
from .people import User
from .shared import Shared, SharedQuerySet
from .system import System
from .team import Team


class SavedView(Shared):
    """A named way to look at the queue: filters and an order, as its address says them.

    A filter that is empty or null does not narrow. `cases_case` has triggers that keep the count of each view, but of
    what is due or escalated: that is little, and counted when it is asked for.
    """

    status = models.CharField(max_length=13, blank=True)
    severity = models.SmallIntegerField(choices=Severity, null=True, blank=True)
    priority = models.SmallIntegerField(choices=Priority, null=True, blank=True)
    area = models.CharField(max_length=8, choices=Area, blank=True)
    system = models.ForeignKey(System, models.CASCADE, null=True, blank=True, related_name="+")
    waiting = models.SmallIntegerField(choices=WaitingOn, null=True, blank=True)
    assignee = models.CharField(max_length=20, blank=True, help_text="me, none, or the number of an agent.")
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, related_name="+")
    tag = models.CharField(max_length=40, blank=True)
    due = models.CharField(max_length=8, blank=True, help_text="soon or over.")
    escalated = models.CharField(max_length=20, blank=True, help_text="mine, any, or the number of a team.")
    order = models.CharField(max_length=8, blank=True)
    columns = models.CharField(
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text="In their order, with commas. Empty: the usual ones.",
    )

    count: int  # where `queries.view_counts.views_of` read it

    objects = SharedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(owner=None) | Q(shared_with=None), name="view_has_one_circle")
        ]

    FILTERS = (
        "status",
        "severity",
        "priority",
        "area",
        "system",
        "waiting",
        "assignee",
        "team",
        "tag",
        "due",
        "escalated",
    )

    def filters(self) -> dict[str, Any]:
        """What it narrows the queue to, as `cases.queries.queue.narrowed` takes it."""
        values = {
            name: getattr(self, f"{name}_id" if name in ("system", "team") else name)
            for name in (*self.FILTERS, "order")
        }
        return {name: value for name, value in values.items() if value not in ("", None)}

    @property
    def query(self) -> str:
        """Its filters, order and columns as the query string of the queue's address."""
        return urlencode(self.filters() | ({"columns": self.columns} if self.columns else {}))


class ViewCount(models.Model):
    """A ledger of how many cases are in a view: the count is the sum of its lines.

    Lines are only ever added, so that agents who change cases at once do not wait for each other; a job folds
    them. In views of "my" cases each agent has lines of their own, and so has each limit in every view: of the cases
    that lie within it.
    """

    # No constraints: nobody's reply may fail because somebody deletes a view at the same moment.
    view = models.ForeignKey(
        SavedView, models.CASCADE, related_name="counts", db_index=False, db_constraint=False
    )
    agent = models.ForeignKey(
        User, models.CASCADE, null=True, related_name="+", db_index=False, db_constraint=False
    )
    limit = models.ForeignKey(
        Limit, models.CASCADE, null=True, related_name="+", db_index=False, db_constraint=False
    )
    n = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["view", "limit", "agent"], include=["n"], name="count_of_view")]

    def __str__(self) -> str:
        return f"{self.n:+} in view {self.view_id}"
