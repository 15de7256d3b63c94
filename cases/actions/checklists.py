"""The checklist of a case: what is to be done, ticked off line by line. Customers never see it."""

from collections.abc import Iterable

from django.db import transaction

from cases.models import YES, Answer, Case, ChecklistItem, Event, Kind, Refused, User

from .events import now, record

MOST, LONGEST = 50, 200
GONE = "Someone removed this from the checklist meanwhile."


def may_list(case: Case) -> Answer:
    """Whether its checklist may be changed: unless it goes on in another case."""
    if case.merged_into_id:
        return Answer(f"Case {case.number} goes on in case {case.merged_into_id}. Use the checklist there.")
    return YES


@transaction.atomic
def add(case: Case, *, by: User | None, items: Iterable[str]) -> Event | None:
    """Put these on the checklist, in this order. Returns None when all of them are on it.

    Raises Refused for a line that is too long, and for too many of them.
    """
    case = case.locked()
    known = set(case.checklist.values_list("text", flat=True))
    tidy = dict.fromkeys(" ".join(item.split()) for item in items)
    new = [item for item in tidy if item and item not in known]
    if not new:
        return None
    may_list(case).check()
    check(new)
    if len(known) + len(new) > MOST:
        raise Refused(f"A checklist has {MOST} items at most. Remove some first.")
    ChecklistItem.objects.bulk_create(ChecklistItem(case=case, text=item) for item in new)
    return _record(case, by, "added", new)


@transaction.atomic
def tick(case: Case, *, by: User | None, item: int, done: bool) -> Event | None:
    """Say that it is done, or not done after all. Returns None when it is so. Raises Refused when it is gone."""
    case = case.locked()
    found = case.checklist.filter(pk=item).first()
    if found is None:
        raise Refused(GONE)
    if (found.done_at is not None) is done:
        return None
    may_list(case).check()
    found.done_at, found.done_by = (now(), by) if done else (None, None)
    found.save()
    return _record(case, by, "done" if done else "undone", [found.text])


@transaction.atomic
def remove(case: Case, *, by: User | None, item: int) -> Event | None:
    """Take it off the checklist. Returns None when it is gone."""
    case = case.locked()
    found = case.checklist.filter(pk=item).first()
    if found is None:
        return None
    may_list(case).check()
    found.delete()
    return _record(case, by, "removed", [found.text])


def check(items: Iterable[str]) -> None:
    """Raise Refused for a line that is too long."""
    if long := next((item for item in items if len(item) > LONGEST), None):
        raise Refused(f"“{long[:40]}…” is too long for a checklist: {len(long):,} characters, {LONGEST} fit.")


def _record(case: Case, by: User | None, deed: str, items: list[str]) -> Event:
    return record(case, Kind.CHECKLIST, by=by, details={"deed": deed, "items": items})
