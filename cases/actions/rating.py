"""What the customer thinks of how their case was handled."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from cases.models import YES, Answer, Case, Event, Kind, Rating, Refused, Status, User, Viewer

from .events import now, record


def may_rate(case: Case, by: Viewer) -> Answer:
    """Whether they may say how it was handled: its customer, once it is closed, unless it goes on in another case."""
    its_customer = _is_its_customer(case, by)
    if its_customer and case.status != Status.CLOSED:
        return Answer(refusal=f"Case {case.number} isn’t closed yet. You can rate it then.")
    return its_customer


def _is_its_customer(case: Case, by: Viewer) -> Answer:
    if by.pk != case.customer_id:
        return Answer(refusal=f"Only the customer of case {case.number} can rate it.")
    if case.spam:
        return Answer(refusal=f"Case {case.number} cannot be rated.")
    if case.merged_into_id:
        end = case.merged_target().number
        return Answer(refusal=f"Case {case.number} goes on in case {end}. Rate that one when it is closed.")
    return YES


@transaction.atomic
def rate(
    case: Case, *, by: Viewer, good: bool, word: str = "", details: Mapping[str, Any] | None = None
) -> Event | None:
    """Say that the help was good or bad, once; a word may be added to it, once.

    It counts for whoever has the case at that moment. Returns None when it was said before. Raises Refused when
    something else was said before, and unless `by` is the case's customer and the case is closed. A visitor is the
    customer of a case that has none.
    """
    case = case.locked()
    _is_its_customer(case, by).check()
    given = Rating.objects.filter(case=case).first()
    if given is None:
        return _first(case, by, good, word, details)
    if given.by_id != by.pk:
        raise Refused(f"Case {case.number} was rated by someone else, and a rating is given once.")
    if given.good != good or (given.word and word not in ("", given.word)):
        raise Refused(
            f"You rated case {case.number} as {'good' if given.good else 'bad'} before, and a rating is given once."
        )
    if not word or given.word:
        return None
    given.word = word
    given.save(update_fields=["word"])
    return _record(case, given, by)


def _first(case: Case, by: Viewer, good: bool, word: str, details: Mapping[str, Any] | None) -> Event:
    may_rate(case, by).check()
    given = Rating.objects.create(
        case=case,
        good=good,
        word=word,
        by=by if isinstance(by, User) else None,
        at=now(),
        agent_id=case.assignee_id,
        team_id=case.team_id,
        system_id=case.system_id,
    )
    return _record(case, given, by, details)


def _record(case: Case, given: Rating, by: Viewer, details: Mapping[str, Any] | None = None) -> Event:
    return record(case, Kind.RATED, by=by, body=given.word, details={**(details or {}), "good": given.good})
