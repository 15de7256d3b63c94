"""What agents set up for themselves: views of the queue, macros, drafts."""

from hashlib import sha256
from typing import Any, Self
from urllib.parse import urlencode

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from .case import ACTIVE, Area, Case, Priority, Severity, Status, WaitingOn
from .people import Team, User
from .system import System


class Shared(models.Model):
    """What belongs to one agent (`owner`) or to a team (`shared_with`) or, without either, to everybody."""

    name = models.CharField(max_length=60)
    owner = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="%(class)ss")
    shared_with = models.ForeignKey(
        Team, models.CASCADE, null=True, blank=True, related_name="%(class)ss", help_text="Empty: everybody."
    )
    position = models.SmallIntegerField(default=0)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


# Everybody's stand before those of a team, and these before an agent's own.
CIRCLES = F("owner").asc(nulls_first=True), F("shared_with").asc(nulls_first=True)


# The same in plain SQL, for what every page asks: the ORM takes longer to say this than PostgreSQL to do it.
SHOWN_TO_AGENT = """
    owner_id = %(agent)s
    OR shared_with_id IN (SELECT team_id FROM cases_team_members WHERE user_id = %(agent)s)
    OR (owner_id IS NULL AND shared_with_id IS NULL)
    ORDER BY owner_id NULLS FIRST, shared_with_id NULLS FIRST, position, id
"""


class SharedQuerySet(models.QuerySet[Any]):
    def shown_to(self, agent: User) -> "models.query.RawQuerySet[Any]":
        """As `for_agent`, quickly."""
        sql = f"SELECT * FROM {self.model._meta.db_table} WHERE {SHOWN_TO_AGENT}"  # noqa: S608 - no text of others
        return self.raw(sql, {"agent": agent.pk})

    def for_agent(self, agent: User) -> Self:
        """Everybody's, their teams' and their own, in the order they are shown."""
        everybodys = Q(owner=None, shared_with=None)
        theirs = Q(owner=agent) | Q(shared_with__in=Team.objects.filter(members=agent))
        return self.filter(everybodys | theirs).order_by(*CIRCLES, "position", "pk")

    def editable_by(self, agent: User) -> Self:
        """Of those the ones they may change: what everybody uses is for administrators."""
        found = self.for_agent(agent)
        return found if agent.is_staff else found.exclude(owner=None, shared_with=None)


class View(Shared):
    """A named way to look at the queue: filters and an order, as its address says them.

    A filter that is empty or null does not narrow. `cases_case` has triggers that keep the count of each view.
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
    order = models.CharField(max_length=8, blank=True)

    count: int  # where `cases.counts.views_of` read it

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
        """Its filters and order as the query string of the queue's address."""
        return urlencode(self.filters())


class ViewCount(models.Model):
    """A ledger of how many cases are in a view: the count is the sum of its lines.

    Lines are only ever added, so that agents who change cases at once do not wait for each other; a job folds
    them. In views of "my" cases each agent has lines of their own.
    """

    # No constraints: nobody's reply may fail because somebody deletes a view at the same moment.
    view = models.ForeignKey(View, models.CASCADE, related_name="counts", db_index=False, db_constraint=False)
    agent = models.ForeignKey(
        User, models.CASCADE, null=True, related_name="+", db_index=False, db_constraint=False
    )
    n = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["view", "agent"], include=["n"], name="count_of_view")]

    def __str__(self) -> str:
        return f"{self.n:+} in view {self.view_id}"


class Macro(Shared):
    """A text with placeholders and the changes that go with it. What is empty or null changes nothing."""

    body = models.TextField(
        blank=True, help_text="{customer}, {agent}, {case}, {system} and {summary} are filled in."
    )
    internal = models.BooleanField(default=False, help_text="A note instead of a reply.")
    status = models.CharField(max_length=13, blank=True, choices=Status)
    severity = models.SmallIntegerField(choices=Severity, null=True, blank=True)
    priority = models.SmallIntegerField(choices=Priority, null=True, blank=True)
    area = models.CharField(max_length=8, choices=Area, blank=True)
    assignee = models.CharField(max_length=20, blank=True, help_text="me, none, or the number of an agent.")
    team = models.ForeignKey(Team, models.SET_NULL, null=True, blank=True, related_name="+")
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    snooze_hours = models.PositiveSmallIntegerField(null=True, blank=True)

    objects = SharedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(owner=None) | Q(shared_with=None), name="macro_has_one_circle")
        ]

    @property
    def version(self) -> str:
        """Differs where what it says or does differs, so that what was chosen is told from what it became."""
        does = (
            self.body,
            self.internal,
            self.status,
            self.severity,
            self.priority,
            self.area,
            self.assignee,
            self.team_id,
            self.tags,
            self.snooze_hours,
        )
        return sha256(repr(does).encode()).hexdigest()[:16]

    @property
    def has_changes(self) -> bool:
        """Whether it does more than say something."""
        sets = (
            self.severity,
            self.priority,
            self.area,
            self.assignee,
            self.team_id,
            self.tags,
            self.snooze_hours,
        )
        return any(sets) or self.status in ACTIVE or (self.status == Status.RESOLVED and bool(self.body))

    @property
    def composer(self) -> str:
        """Where its text belongs: in a reply, a note, or the resolution."""
        if self.status == Status.RESOLVED:
            return "resolve"
        return "note" if self.internal else "reply"


class Draft(models.Model):
    """What an agent has begun to write in a composer of a case: `fields` as its form holds them.

    `version` grows with each save, so that a second tab that holds an older one is told.
    """

    class Kind(models.TextChoices):
        REPLY = "reply"
        NOTE = "note"
        RESOLVE = "resolve"

    agent = models.ForeignKey(User, models.CASCADE, related_name="drafts", db_index=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="drafts")
    kind = models.CharField(max_length=7, choices=Kind)
    fields = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agent", "case", "kind"], name="one_draft_per_composer")
        ]

    def __str__(self) -> str:
        return f"{self.kind} in #{self.case_id} by {self.agent_id}"
