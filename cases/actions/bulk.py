"""One change to many cases: asked for at once, done by a job, case by case, each with its own events."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from logging import getLogger
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from cases.models import Bulk, BulkItem, Case, Macro, Priority, Refused, Severity, Status, Team, User

from . import (
    broadcast,
    erased_cases,
    macros,
    replies,
    resolution,
    saved_views,
    snooze,
    spam,
    taking_over,
    triage,
)

MOST = 10_000
TAKE_OVER = "take_over"  # of what somebody had who left
ERASE = "erase"  # the person of whom `actions.erasure` keeps nothing
RETAG = "retag"  # where `actions.tags` gives a tag another name
LEVELS = "levels"  # the change that `actions.service_levels` makes

log = getLogger(__name__)


def _assign(case: Case, by: User, value: int | None) -> None:
    agent = User.objects.filter(pk=value).first() if value else None
    if value and agent is None:
        raise Refused("That agent has left.")
    triage.assign(case, by=by, assignee=agent)


def _hand_to(case: Case, by: User, value: int | None) -> None:
    team = Team.objects.filter(pk=value).first() if value else None
    if value and team is None:
        raise Refused("That team no longer exists.")
    triage.assign_team(case, by=by, team=team)


def _set_status(case: Case, by: User, value: str) -> None:
    match value:
        case "closed":
            resolution.close(case, by=by)
        case "open" if not case.is_active:
            resolution.reopen(case, by=by)
        case _:
            triage.set_status(case, by=by, status=Status(value))


def _apply(case: Case, by: User, value: dict[str, Any]) -> None:
    macro = Macro.objects.for_agent(by).filter(pk=value["macro"]).first()
    if macro is None:
        raise Refused("That macro was deleted.")
    if macro.version != value["version"]:
        raise Refused("That macro has changed.")
    macros.apply(case, by=by, macro=macro)


# What can be done to many cases at once, by the name of the change.
CHANGES: dict[str, Callable[[Case, User, Any], Any]] = {
    "assignee": _assign,
    "team": _hand_to,
    "status": _set_status,
    "severity": lambda case, by, value: triage.set_severity(case, by=by, severity=Severity(value)),
    "priority": lambda case, by, value: triage.set_priority(
        case, by=by, priority=Priority(value) if value else None
    ),
    "area": lambda case, by, value: triage.set_area(case, by=by, area=value),
    "tag": lambda case, by, value: triage.change_tags(case, by=by, add=[value]),
    "spam": lambda case, by, value: (spam.mark if value == "yes" else spam.unmark)(case, by=by),
    "snooze": lambda case, by, value: snooze.snooze(case, by=by, until=datetime.fromisoformat(value)),
    "macro": _apply,
    TAKE_OVER: taking_over.take_over,
    replies.REPLY: replies.say,
    broadcast.TELL: broadcast.tell,
    broadcast.RESOLVE: broadcast.resolve_case,
    broadcast.EXPLAIN: broadcast.explain_case,
    ERASE: erased_cases.erase,
    RETAG: lambda case, by, value: triage.change_tags(case, by=by, add=[value[1]], remove=[value[0]]),
}


def start(
    *, by: User, name: str, value: Any, label: str, cases: Iterable[int], token: UUID | None = None
) -> Bulk:
    """Ask for a change that an agent chose for these `cases`. See `begin`.

    Raises Refused for no case and for more than MOST.
    """
    numbers = set(cases)
    check_chosen(numbers)
    return begin(by=by, name=name, value=value, label=label, cases=numbers, token=token)


def check_chosen(numbers: Collection[int]) -> None:
    """Raise Refused for no case and for more than MOST."""
    if not numbers:
        raise Refused("Choose at least one case.")
    if len(numbers) > MOST:
        raise Refused(f"That’s more than {MOST:,} cases. Add filters first.")


@transaction.atomic
def begin(
    *, by: User, name: str, value: Any, label: str, cases: Iterable[int], token: UUID | None = None
) -> Bulk:
    """Ask for the change in CHANGES that is called `name` in all `cases`, by number, however many they are.

    `value` is what to change it to, in JSON, and `label` says it for people. Times in texts are read in the zone of
    whoever asks. A form that was received before, as its `token` tells, is what came of it then.
    """
    zone = timezone.get_current_timezone_name()
    change = {"name": name, "value": value, "label": label, "zone": zone}
    bulk, new = Bulk.objects.get_or_create(by=by, token=token or uuid4(), defaults={"change": change})
    if not new:
        return bulk
    items = [BulkItem(bulk=bulk, case_id=number) for number in sorted(set(cases))]
    BulkItem.objects.bulk_create(items, batch_size=2000)
    app.configure_task("cases.tasks.run_bulk").defer(bulk=bulk.pk)
    return bulk


def run(bulk: Bulk) -> None:
    """Do what is left of it. May be begun again after a crash, and by several workers at once."""
    for item in bulk.items.filter(done_at=None).order_by("case").values_list("pk", flat=True):
        bulk = Bulk.objects.select_related("by").get(pk=bulk.pk)
        if bulk.may_be_stopped and not bulk.by.is_agent:
            stop(bulk, because=f"{bulk.by} is no longer an agent.")
        if bulk.stopped:
            break
        _do(item, bulk)
    saved_views.compact()


@transaction.atomic
def _do(pk: int, bulk: Bulk) -> None:
    """One case and the mark that it is done, or neither."""
    item = BulkItem.objects.select_for_update(skip_locked=True).filter(pk=pk, done_at=None).first()
    if item is None:
        return
    zone = bulk.change.get("zone")
    try:
        case = Case.objects.visible_to(bulk.by).filter(pk=item.case_id).select_related("system").first()
        if case is None:
            raise Refused("This case no longer exists.")
        with transaction.atomic(), timezone.override(zone and ZoneInfo(zone)):
            CHANGES[bulk.change["name"]](case, bulk.by, bulk.change["value"])
    except Refused as refused:
        item.refused = str(refused)
    except (InterfaceError, OperationalError):  # passes: the job comes again, and this case is still to do
        raise
    except Exception:  # whatever is wrong with one case, the others are changed
        log.exception("%s failed in case %s", bulk, item.case_id)
        item.refused = "Something went wrong. This case wasn’t changed."
    item.done_at = timezone.now()
    item.save(update_fields=["done_at", "refused"])


def stop(bulk: Bulk, *, by: User | None = None, because: str = "") -> None:
    """Leave the cases as they are that it has not come to. What was stopped before stays as it was.

    Raises Refused where that would leave some by other service levels than those that hold.
    """
    if bulk.change["name"] == LEVELS:
        raise Refused("This can’t be stopped: service levels must match in every open case.")
    if bulk.change["name"] == RETAG:
        raise Refused("A tag has one name in all cases, so this goes on to its end.")
    if not bulk.may_be_stopped:
        raise Refused("An erasure can’t be stopped halfway.")
    because = because or (f"{by} stopped it." if by else "")
    Bulk.objects.filter(pk=bulk.pk, stopped=False).update(stopped=True, stopped_because=because)
    bulk.refresh_from_db(fields=["stopped", "stopped_because"])
