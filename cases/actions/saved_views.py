"""Views of the queue that agents save, and the ledger that counts the cases in them."""

from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction
from procrastinate.contrib.django import app

from cases.models import AuditKind, Refused, SavedView, User
from cases.models.shared import audience_of
from cases.queries.view_counts import await_writers

from . import audit

SOON = 2.0  # seconds that whoever saves a view waits for those who are changing cases
MOST = 100  # views of one agent, of one team, and of everybody


def create(*, by: User, name: str, audience: str, filters: Mapping[str, Any]) -> SavedView:
    """Save what the queue is narrowed to under a name, and count its cases from now on.

    `audience` is "me", "all" or the number of a team. Raises Refused when that audience has too many views.
    """
    view = SavedView(name=name, **filters)
    _give(view, by, audience or "me")
    view.position = SavedView.objects.together_with(view).count()
    with transaction.atomic():  # whatever happens next, it is counted
        view.save()
        audit.record_of_everybody(AuditKind.SETTING_ADDED, view, by=by)
        app.configure_task("cases.tasks.count_view").defer(view=view.pk)
    count_anew(view, within=SOON)
    return view


def count_anew(view: SavedView, *, within: float) -> bool:
    """Count the cases of a new view when those are done who changed cases before they could know of it.

    Returns False when they were not done within so many seconds. Then the count may lack what they did.
    """
    settled = await_writers(within)
    recount([view.pk])
    return settled


@transaction.atomic
def change(view: SavedView, *, by: User, name: str, audience: str = "") -> bool:
    """Rename it and give it to an audience, or leave it with its own. Returns False when it was deleted meanwhile.

    Raises Refused when that audience has too many views.
    """
    before = SavedView.objects.filter(pk=view.pk).first()
    view.name = name
    if audience and audience != audience_of(view):
        _give(view, by, audience)
    edited = {"name": view.name, "owner": view.owner_id, "shared_with": view.shared_with_id}
    if before and SavedView.objects.filter(pk=view.pk).update(**edited):
        audit.record_of_everybody(AuditKind.SETTING_CHANGED, view, by=by, before=before)
        return True
    return False


@transaction.atomic
def set_columns(view: SavedView, *, by: User, columns: str) -> bool:
    """Show these columns in this view. Returns False when it was deleted meanwhile."""
    before = SavedView.objects.filter(pk=view.pk).first()
    view.columns = columns
    if before and SavedView.objects.filter(pk=view.pk).update(columns=columns):
        audit.record_of_everybody(AuditKind.SETTING_CHANGED, view, by=by, before=before)
        return True
    return False


def _give(view: SavedView, agent: User, audience: str) -> None:
    view.owner = agent if audience == "me" else None
    view.shared_with_id = int(audience) if audience.isdigit() else None
    if SavedView.objects.together_with(view).count() >= MOST:
        have = {"me": "You have", "all": "Everyone has"}.get(audience) or f"Team {view.shared_with} has"
        raise Refused(f"{have} {MOST} views. Delete one before you save another.")


@transaction.atomic
def move(view: SavedView, *, step: int) -> bool:
    """Change places with its neighbour: the one before it with -1, the one after it with 1.

    Returns False when it was deleted meanwhile.
    """
    together = SavedView.objects.together_with(view)
    list(
        together.order_by("pk").select_for_update(of=["self"])
    )  # so that two who move at once cannot block each other
    views = list(together)
    if view not in views:
        return False
    here = views.index(view)
    views.insert(max(here + step, 0), views.pop(here))
    for position, other in enumerate(views):
        SavedView.objects.filter(pk=other.pk).exclude(position=position).update(position=position)
    return True


@transaction.atomic
def delete(view: SavedView, *, by: User) -> None:
    audit.record_of_everybody(AuditKind.SETTING_DELETED, view, by=by)
    view.delete()


def compact() -> None:
    """Make one line of many in the ledger, in one statement, so that no reader sees a view without its lines."""
    with connection.cursor() as cursor:
        cursor.execute("""
            WITH many AS (
                SELECT view_id, agent_id, limit_id FROM cases_viewcount GROUP BY 1, 2, 3 HAVING count(*) > 1
            ), taken AS (
                DELETE FROM cases_viewcount AS line USING many
                WHERE line.view_id = many.view_id AND line.agent_id IS NOT DISTINCT FROM many.agent_id
                AND line.limit_id IS NOT DISTINCT FROM many.limit_id
                RETURNING line.view_id, line.agent_id, line.limit_id, line.n
            )
            INSERT INTO cases_viewcount (view_id, agent_id, limit_id, n)
            SELECT view_id, agent_id, limit_id, sum(n) FROM taken GROUP BY 1, 2, 3 HAVING sum(n) <> 0
        """)


def rebuild() -> None:
    """Make every count right, while cases go on changing."""
    recount(list(SavedView.objects.filter(due="", escalated="").values_list("pk", flat=True)))


def recount(views: list[int]) -> None:
    """Add what the ledger of these views lacks, in one statement and so at one moment."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT cases_recount(%s)", [views])
