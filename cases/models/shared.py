"""What one agent, a team or everybody uses."""

from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from .people import User
from .rights import Right
from .team import Team


class Shared(models.Model):
    """What belongs to one agent (`owner`) or to a team (`shared_with`) or, without either, to everybody."""

    name = models.CharField(max_length=60)
    owner = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="%(class)ss")
    shared_with = models.ForeignKey(
        Team, models.CASCADE, null=True, blank=True, related_name="%(class)ss", help_text="Empty: everyone."
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

    def together_with(self, shared: Shared) -> Self:
        """Those that stand in one list with it, in their order."""
        return self.filter(owner=shared.owner_id, shared_with=shared.shared_with_id).order_by(
            "position", "pk"
        )

    def editable_by(self, agent: User) -> Self:
        """Of those the ones they may change: what everybody uses is for administrators."""
        found = self.for_agent(agent)
        return found if agent.may(Right.SHARE_WITH_EVERYBODY) else found.exclude(owner=None, shared_with=None)


def audience_of(shared: Shared) -> str:
    """Whose it is: "me", "all" or the number of a team, as forms name an audience."""
    if shared.owner_id:
        return "me"
    return str(shared.shared_with_id) if shared.shared_with_id else "all"


def may_edit(shared: Shared, agent: User) -> bool:
    """Whether an agent who has this may change it: what everybody has is for administrators."""
    return audience_of(shared) != "all" or agent.may(Right.SHARE_WITH_EVERYBODY)
