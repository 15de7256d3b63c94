"""Asking a team, engineers for instance, while the case keeps its owner."""

from copy import copy
from datetime import datetime
from uuid import UUID

from django.db import transaction

from cases.clock.calendar import BadCalendar
from cases.models import YES, Answer, Case, Escalation, Event, Kind, Refused, Team, User
from cases.models.people import agents
from cases.queries.deadlines import open_escalation
from cases.queries.service_levels import levels_of

from . import snooze
from .conversation import add_note
from .events import now, record, while_open
from .open_requests import remind_anew
from .tokens import already_recorded, token_for, token_to


def may_escalate(case: Case) -> Answer:
    """Whether a team may be asked: while the case is open."""
    return while_open(case, ". Reopen it before you escalate it.")


@transaction.atomic
def escalate(case: Case, *, by: User, team: Team, note: str, token: UUID | None = None) -> Event | None:
    """Ask a team, with a note that only agents see, instead of the one that was asked before.

    A team that has the case already gets the note. Returns None when the form was received before.
    Raises Refused for a case that is over and for a team of nobody.
    """
    case, token = case.locked_target(), token_for(token_to(token, team), note)
    if already_recorded(token):
        return None
    may_escalate(case).check()
    with_them = copy(case)
    with_them.escalated_to = team
    if not agents(with_them).filter(teams=team).exists():
        raise Refused(f"Nobody is in the team {team}, so nobody would answer. Choose another.")
    asked = add_note(case, by=by, body=note, token=token)
    if asked is None or case.escalated_to_id == team.pk:
        return asked
    case = asked.case
    _end(case)
    row = Escalation(case=case, team=team, by=by, asked_in=asked, asked_at=asked.at)
    row.set_due(_due(case, asked.at), asked.at)
    row.save()
    return record(case, Kind.ESCALATED, by=by, details={"team": team.name}, escalated_to_id=team.pk)


def may_answer(case: Case) -> Answer:
    """Whether somebody may answer for the team: while one is asked."""
    if case.escalated_to_id:
        return YES
    return Answer(
        refusal=f"No team is asked in case {case.number} any more. Copy this into an internal note instead."
    )


@transaction.atomic
def answer(case: Case, *, by: User, note: str, token: UUID | None = None) -> Event | None:
    """Answer for the team: the case turns to its owner, and wakes.

    Returns None when the form was received before. Raises Refused unless a team is asked.
    """
    case, token = case.locked_target(), token_for(token, note)
    if already_recorded(token):
        return None
    may_answer(case).check()
    team = case.escalated_to
    add_note(case, by=by, body=note, token=token)
    snooze.wake(case, by=by)
    event = record(case.locked(), Kind.ANSWERED, by=by, details={"team": str(team)}, escalated_to_id=None)
    _end(case, answered=True)  # only now, so that whoever asked could be told
    remind_anew(case, event.at)
    return event


@transaction.atomic
def withdraw(case: Case, *, by: User | None) -> Event | None:
    """Ask the team no more. Returns None when none is asked."""
    case = case.locked()
    asked = open_escalation(case)
    if asked is None:
        return None
    _end(case)
    event = record(case, Kind.ESCALATED, by=by, details={"team": asked.team.name}, escalated_to_id=None)
    remind_anew(case, event.at)
    return event


def _end(case: Case, *, answered: bool = False) -> None:
    if row := open_escalation(case):
        row.answered = answered
        row.end(now())
        row.save()


def _due(case: Case, at: datetime) -> datetime:
    levels = levels_of(case)
    span = levels.escalation(case.severity)
    try:
        return levels.calendar.after(at, span)
    except BadCalendar:  # nobody's question may fail because of it
        return at + span
