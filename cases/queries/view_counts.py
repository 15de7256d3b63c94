"""How many cases are in each view: kept exact by triggers on `cases_case`, in the transaction of each change."""

import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, Count, F, QuerySet, Sum, Value
from django.db.models.functions import Cast

from cases.models import Case, Limit, SavedView, User
from cases.models.shared import SHOWN_TO_AGENT

from . import queue

MINE = "me"
VIEWS = f"""
    SELECT *, coalesce(
        (SELECT sum(line.n) FROM cases_viewcount AS line
         WHERE line.view_id = cases_savedview.id AND line.limit_id {{limit}}
         AND (line.agent_id IS NULL OR line.agent_id = %(agent)s)), 0
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
    columns = ""

    def __str__(self) -> str:
        return self.name

    def filters(self) -> dict[str, str]:
        return {"escalated": "mine"}


def escalated(agent: User) -> list[Escalated]:
    """The one such view, or none for an agent who is in no team. They are few, so they are counted when asked."""
    if agent.limit:
        asked = _counted(queue.narrowed(agent, {"escalated": "mine"}))
        return [Escalated(asked)] if agent.teams.exists() else []
    with connection.cursor() as cursor:
        cursor.execute(ESCALATED, {"agent": agent.pk, "most": queue.MOST_DUE})
        return [Escalated(count) for (count,) in cursor.fetchall()]


def views_of(agent: User, moment: queue.Moment) -> list[SavedView | Escalated]:
    """Everybody's views, their teams' and their own, in order, each with the `count` of cases they find in it.

    What is due changes with the clock and not with the cases, so it is counted when asked, like what is escalated: the
    `moment` has what is due of all cases, and views that narrow it count for themselves, MOST_DUE at most.
    """
    limit = "= %(limit)s" if agent.limit else "IS NULL"
    values = {"agent": agent.pk, "limit": agent.limit_id}
    views: list[SavedView] = list(SavedView.objects.raw(VIEWS.format(limit=limit), values))
    for view in views:
        if view.due or view.escalated:
            filters = view.filters()
            alone = agent.limit is None and filters.keys() <= {"due", "order"}
            view.count = moment.due[view.due] if alone else _counted(queue.narrowed(agent, filters))
    return [*views, *escalated(agent)]


def _counted(cases: QuerySet[Case]) -> int:
    return cases.order_by().values("pk")[: queue.MOST_DUE].count()


def mismatches() -> dict[SavedView, tuple[int, int]]:
    """The views whose ledger differs from a count of all their cases: what it says, and what is true.

    Of views of "my" cases it compares the numbers of all agents, and gives their sums. So it does for each limit. Both
    are read in one statement: a change of a case and its line in the ledger become visible together.
    """
    found = {}
    for limit in (None, *Limit.objects.all()):
        somebody = User(role=User.Role.AGENT, limit=limit)
        for view in SavedView.objects.filter(due="", escalated=""):
            mine = view.assignee == MINE
            cases = queue.narrowed(somebody, view.filters() | ({"assignee": ""} if mine else {})).order_by()
            cases = cases.filter(assignee__isnull=False) if mine else cases
            agent = F("assignee_id") if mine else Value(None, BigIntegerField())
            lines = view.counts.order_by().filter(limit=limit)
            said = _lines(lines, F("agent_id"), Sum("n"), true=False)
            both: dict[bool, Counter[int | None]] = {False: Counter(), True: Counter()}
            for whose, n, true in said.union(_lines(cases, agent, Count("pk"), true=True), all=True):
                both[true][whose] += n
            if +both[False] != +both[True]:
                found[view] = both[False].total(), both[True].total()
    return found


def _lines(rows: QuerySet[Any], whose: Any, n: Any, *, true: bool) -> QuerySet[Any]:
    counted = rows.annotate(whose=whose).values("whose").annotate(sum=Cast(n, BigIntegerField()))
    return counted.annotate(true=Value(true)).values_list("whose", "sum", "true")


def await_writers(within: float) -> bool:
    """Wait until those transactions are over that have changed cases and not committed yet, and return whether they are.

    Nobody waits for us: that would be so with a lock of the table, which has to queue behind a VACUUM, and every writer
    behind it.
    """
    until, first = time.monotonic() + within, _writers()
    while first & _writers():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def _writers() -> set[str]:
    """The transactions of others that hold what a change of a case takes."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT virtualtransaction FROM pg_locks
            WHERE relation = 'cases_case'::regclass AND mode IN ('RowShareLock', 'RowExclusiveLock') AND granted
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND pid IS DISTINCT FROM pg_backend_pid()
        """)
        return {transaction for (transaction,) in cursor}
