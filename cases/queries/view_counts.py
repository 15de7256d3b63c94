"""How many cases are in each view: kept exact by triggers on `cases_case`, in the transaction of each change."""

from collections import Counter
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Count, QuerySet, Sum

from cases.models import Case, SavedView, User
from cases.models.shared import SHOWN_TO_AGENT

from . import queue

MINE = "me"
VIEWS = f"""
    SELECT *, coalesce(
        (SELECT sum(line.n) FROM cases_viewcount AS line
         WHERE line.view_id = cases_savedview.id AND (line.agent_id IS NULL OR line.agent_id = %(agent)s)), 0
    ) AS count
    FROM cases_savedview WHERE {SHOWN_TO_AGENT}
"""  # noqa: S608 - no text of others


ESCALATED = """
    SELECT count(*) FROM (
        SELECT FROM cases_case WHERE escalated_to_id IS NOT NULL
        AND escalated_to_id IN (SELECT team_id FROM cases_team_members WHERE user_id = %(agent)s) LIMIT %(most)s
    ) AS found HAVING EXISTS (SELECT FROM cases_team_members WHERE user_id = %(agent)s)
"""


@dataclass
class Escalated:
    """What stands beside the views of whoever is in a team: what is escalated to it. Nobody saves or edits it."""

    count: int
    pk = "escalated"
    name = "Escalated to my teams"
    query = "escalated=mine"

    def __str__(self) -> str:
        return self.name

    def filters(self) -> dict[str, str]:
        return {"escalated": "mine"}


def escalated(agent: User) -> list[Escalated]:
    """The one such view, or none for an agent who is in no team. They are few, so they are counted when asked."""
    with connection.cursor() as cursor:
        cursor.execute(ESCALATED, {"agent": agent.pk, "most": queue.MOST_DUE})
        return [Escalated(count) for (count,) in cursor.fetchall()]


def views_of(agent: User, moment: queue.Moment) -> list[SavedView | Escalated]:
    """Everybody's views, their teams' and their own, in order, each with the `count` of cases they find in it.

    What is due changes with the clock and not with the cases, so it is counted when asked: the `moment` has it of
    all cases, and views that narrow it count for themselves.
    """
    views: list[SavedView] = list(SavedView.objects.raw(VIEWS, {"agent": agent.pk}))
    for view in views:
        if view.due:
            filters = view.filters()
            alone = filters.keys() <= {"due", "order"}
            view.count = moment.due[view.due] if alone else _due(queue.narrowed(agent, filters))
    return [*views, *escalated(agent)]


def _due(cases: QuerySet[Case]) -> int:
    return cases.order_by().values("pk")[: queue.MOST_DUE].count()


def mismatches() -> dict[SavedView, tuple[int, int]]:
    """The views whose ledger differs from a count of all their cases: what it says, and what is true.

    Of views of "my" cases it compares the numbers of all agents, and gives their sums.
    """
    found, somebody = {}, User(role=User.Role.AGENT)
    for view in SavedView.objects.filter(due=""):
        with transaction.atomic():
            hold_cases()
            said = Counter(dict(view.counts.order_by().values_list("agent_id").annotate(Sum("n"))))
            cases = queue.narrowed(somebody, view.filters() | {"assignee": ""})
            if view.assignee == MINE:
                each = cases.filter(assignee__isnull=False).order_by().values_list("assignee_id")
                true = Counter(dict(each.annotate(Count("pk"))))
            else:
                true = Counter({None: queue.narrowed(somebody, view.filters()).count()})
        if +said != +true:
            found[view] = said.total(), true.total()
    return found


def hold_cases() -> None:
    """Until the transaction ends cases are read and not changed."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE cases_case IN SHARE MODE")
