"""What agents promise customers: made in a reply or by hand, kept by the next word, taken back, ended by the case."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from cases.models import Answer, Case, Event, Kind, Promise, Refused, User
from cases.models.promise import PromiseTerms
from cases.queries.deadlines import open_promises, soonest
from cases.queries.promises import MOST

from .deadlines import end_promise
from .events import check_is_to_come, now, record, while_open

SHORTEST, LONGEST = timedelta(minutes=1), timedelta(days=31)


def may_promise(case: Case) -> Answer:
    """Whether something may be promised in the case: while it is open."""
    return while_open(case, ", so nothing can be promised in it.")


@transaction.atomic
def promise(case: Case, *, by: User | None, due_at: datetime, every: timedelta | None = None) -> Event | None:
    """Promise the customer the next word by then, instead of what was promised by hand before.

    Returns None when just that is promised.
    Raises Refused unless the case is open and the time lies within a year.
    """
    case = case.locked()
    running = open_promises(case)
    if any((one.due_at, one.every) == (due_at, every) for one in running):
        return None
    may_promise(case).check()
    word = PromiseTerms(due_at, every=every)
    left = [one for one in running if one.phrase]
    check([word], left)
    for one in running:
        if one not in left:
            _end_unkept(one)
    event = record(case, Kind.PROMISED, by=by, promised_at=soonest([*left, word]))
    write(event, [word])
    return event


@transaction.atomic
def take_back(case: Case, *, by: User | None, promise: int) -> Event | None:
    """Promise it no more. Returns None when it is over. One that was broken before stays so."""
    case = case.locked()
    running = open_promises(case)
    found = next((one for one in running if one.pk == promise), None)
    if found is None:
        return None
    _end_unkept(found)
    left = [one for one in running if one is not found]
    return record(case, Kind.TAKEN_BACK, by=by, details=_named(found), promised_at=soonest(left))


@transaction.atomic
def take_all_back(case: Case, *, by: User | None) -> Event | None:
    """Promise nothing more. Returns None when nothing is promised."""
    case, event = case.locked(), None
    for one in open_promises(case):
        event = take_back(case, by=by, promise=one.pk)
    return event


@transaction.atomic
def accept(case: Case, *, by: User | None, promise: int, due_at: datetime | None = None) -> Event | None:
    """Say that what was read in a reply is a promise, by then. Returns None when that was decided before."""
    case = case.locked()
    found = case.promises.filter(pk=promise, outcome=Promise.Outcome.PROPOSED).first()
    if found is None:
        return None
    may_promise(case).check()
    running = open_promises(case)
    word = PromiseTerms(due_at or found.due_at or now(), found.phrase, found.every, found.vague)
    check([word], running)
    event = record(case, Kind.PROMISED, by=by, promised_at=soonest([*running, word]))
    found.outcome, found.made_at = Promise.Outcome.RUNNING, event.at
    if found.made_in.case_id != case.pk:
        found.made_in = event  # it was read in a case that goes on in this one, and promised here
    found.set_due(word.due_at, event.at)
    found.save()
    return event


@transaction.atomic
def dismiss(case: Case, *, promise: int) -> None:
    """What was read in a reply is no promise."""
    case = case.locked()
    case.promises.filter(pk=promise, outcome=Promise.Outcome.PROPOSED).delete()


def kept_by(running: Sequence[Promise], at: datetime, keeps: Collection[int] | None = None) -> list[Promise]:
    """What a word to the customer keeps: those named, or the next one due and all that are overdue."""
    if keeps is not None:
        return [one for one in running if one.pk in keeps]
    return [one for number, one in enumerate(running) if number == 0 or (one.due_at and one.due_at <= at)]


def keep(kept: Iterable[Promise], words: Iterable[PromiseTerms], at: datetime) -> list[Promise]:
    """End them as kept. Returns what follows the repeated ones, unless a new interval takes their place."""
    anew = any(word.every for word in words)
    following = []
    for one in kept:
        end_promise(one, at, fulfilled=True)
        if one.every and not anew:
            following.append(
                Promise(
                    case_id=one.case_id,
                    made_in_id=one.made_in_id,
                    agent_id=one.agent_id,
                    team_id=one.team_id,
                    system_id=one.system_id,
                    phrase=one.phrase,
                    every=one.every,
                    made_at=at,
                    due_at=at + one.every,
                )
            )
    return following


def said_again(word: PromiseTerms, following: Iterable[Promise]) -> bool:
    """Whether it says what a repeated promise says anyway: "next update in 30 minutes", every 30 minutes."""
    return not word.every and any(
        one.due_at and abs(one.due_at - word.due_at) <= SHORTEST for one in following
    )


def write(event: Event, words: Iterable[PromiseTerms], *, proposed: bool = False) -> None:
    """Store what the event promises."""
    case = event.case
    for word in words:
        row = Promise(
            case=case,
            made_in=event,
            agent=event.author,
            team_id=case.team_id,
            system_id=case.system_id,
            phrase=word.phrase[:200],
            every=word.every,
            vague=word.vague,
            made_at=event.at,
            outcome=Promise.Outcome.PROPOSED if proposed else Promise.Outcome.RUNNING,
        )
        start(row, word.due_at, proposed=proposed)


def start(row: Promise, due_at: datetime | None, *, proposed: bool = False) -> None:
    if proposed:
        row.due_at = due_at
    else:
        row.set_due(due_at, row.made_at)
    row.save()


def check(words: Sequence[PromiseTerms], running: Sequence[Promise] = ()) -> None:
    """Raise Refused for what nobody can keep, or that contradicts itself."""
    for word in words:
        check_is_to_come(word.due_at)
        if word.every and not SHORTEST <= word.every <= LONGEST:
            raise Refused("Choose an interval between a minute and a month.")
    if len({word.every for word in words if word.every}) > 1:
        raise Refused("You promised two different intervals. Keep one.")
    if words and len(words) + len(running) > MOST:
        raise Refused(f"A case can have up to {MOST} open promises. Keep or withdraw one first.")


def written(words: Iterable[PromiseTerms]) -> list[list[Any]]:
    """What an update of an incident promises, as its event keeps it."""
    return [
        [word.due_at.isoformat(), word.phrase, word.every and word.every.total_seconds(), word.vague]
        for word in words
    ]


def _end_unkept(promise: Promise) -> None:
    promise.end(now())
    promise.outcome = Promise.Outcome.BROKEN if promise.broken_at else Promise.Outcome.TAKEN_BACK
    promise.save()


def _named(promise: Promise) -> dict[str, str]:
    """Its words, or when it was due."""
    if promise.phrase:
        return {"phrase": promise.phrase}
    return {"due_at": promise.due_at.isoformat()} if promise.due_at else {}
