"""One change to many cases: asked for at once, done by a job, case by case, each with its own events."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from cases import counts
from cases.actions import macros, resolution, sleep, triage
from cases.models import Bulk, BulkItem, Case, Macro, Priority, Refused, Severity, Status, Team, User

MOST = 10_000
CHUNK = 50  # items that are looked for at once; a bulk change stops between them


def _assign(case: Case, by: User, value: str) -> None:
    person = {"me": by, "none": None}.get(value) or (
        None if value == "none" else User.objects.filter(pk=int(value)).first()
    )
    if value != "none" and person is None:
        raise Refused("That agent is no longer here.")
    triage.assign(case, by=by, assignee=person)


def _hand_to(case: Case, by: User, value: str) -> None:
    team = None if value == "none" else Team.objects.filter(pk=int(value)).first()
    if value != "none" and team is None:
        raise Refused("That team is no longer here.")
    triage.assign_team(case, by=by, team=team)


def _set_status(case: Case, by: User, value: str) -> None:
    match value:
        case "closed":
            resolution.close(case, by=by)
        case "open" if not case.is_active:
            resolution.reopen(case, by=by)
        case _:
            triage.set_status(case, by=by, status=Status(value))


def _apply(case: Case, by: User, value: str) -> None:
    pk, _, version = value.partition("-")
    macro = Macro.objects.for_agent(by).filter(pk=int(pk)).first()
    if macro is None:
        raise Refused("That macro is no longer there.")
    if macro.version != version:
        raise Refused("That macro was changed meanwhile.")
    macros.apply(case, by=by, macro=macro)


# What can be done to many cases at once, by the name of the change.
CHANGES: dict[str, Callable[[Case, User, str], Any]] = {
    "assignee": _assign,
    "team": _hand_to,
    "status": _set_status,
    "severity": lambda case, by, value: triage.set_severity(case, by=by, severity=Severity(int(value))),
    "priority": lambda case, by, value: triage.set_priority(
        case, by=by, priority=Priority(int(value)) if value else None
    ),
    "area": lambda case, by, value: triage.set_area(case, by=by, area=value),
    "tag": lambda case, by, value: triage.change_tags(case, by=by, add=[value]),
    "snooze": lambda case, by, value: sleep.snooze(case, by=by, until=datetime.fromisoformat(value)),
    "macro": _apply,
}


@transaction.atomic
def start(*, by: User, name: str, value: str, label: str, cases: Iterable[int]) -> Bulk:
    """Ask for the change in CHANGES that is called `name` in all `cases`, by number.

    `label` says it for people. Raises Refused for no case and for more than MOST.
    """
    numbers = sorted(set(cases))
    if not numbers:
        raise Refused("Choose at least one case.")
    if len(numbers) > MOST:
        raise Refused(f"That is more than {MOST:,} cases. Narrow the view first.")
    bulk = Bulk.objects.create(by=by, change={"name": name, "value": value, "label": label})
    BulkItem.objects.bulk_create([BulkItem(bulk=bulk, case_id=number) for number in numbers], batch_size=2000)
    app.configure_task("cases.tasks.run_bulk").defer(bulk=bulk.pk)
    return bulk


def run(bulk: Bulk) -> None:
    """Do what is left of it. May be begun again after a crash, and by several workers at once."""
    change = CHANGES[bulk.change["name"]]
    while not Bulk.objects.get(pk=bulk.pk).stopped:
        left = list(bulk.items.filter(done_at=None).order_by("case").values_list("pk", flat=True)[:CHUNK])
        if not left:
            break
        for item in left:
            _do(item, change, bulk)
    counts.fold()


@transaction.atomic
def _do(pk: int, change: Callable[[Case, User, str], Any], bulk: Bulk) -> None:
    """One case and the mark that it is done, or neither."""
    item = BulkItem.objects.select_for_update(skip_locked=True).filter(pk=pk, done_at=None).first()
    if item is None:
        return
    try:
        case = Case.objects.visible_to(bulk.by).filter(pk=item.case_id).first()
        if case is None:
            raise Refused("This case is no longer there.")
        if not bulk.by.is_agent:
            raise Refused(f"{bulk.by} is no longer an agent.")
        with transaction.atomic():
            change(case, bulk.by, bulk.change["value"])
    except Refused as refused:
        item.refused = str(refused)
    item.done_at = timezone.now()
    item.save(update_fields=["done_at", "refused"])


def stop(bulk: Bulk) -> None:
    """Leave the cases as they are that it has not come to."""
    Bulk.objects.filter(pk=bulk.pk).update(stopped=True)
