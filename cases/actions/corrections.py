"""Putting right what a case says it is about: its system, its summary, its organisation."""

from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app

from cases.live.nudge import nudge, organisation_topic
from cases.models import (
    YES,
    Answer,
    Case,
    Event,
    Kind,
    Organisation,
    Rating,
    Refused,
    Status,
    System,
    Team,
    User,
)
from cases.queries.teams import team_of

from .events import happens_now, record
from .triage import check_is_seen

# What of a case's identity was decided here once there is such an event, whatever a newer document says.
DECIDED: dict[str, tuple[str, ...]] = {
    Kind.MOVED: ("customer", "customer_name", "organisation", "unproven", "claimed_email"),
    Kind.ORGANISATION: ("organisation",),
    Kind.SYSTEM: ("system", "system_as_reported"),
    Kind.SUMMARY: ("summary",),
}


def decided_here(case: Case) -> set[str]:
    """The fields of its identity that no newer document changes."""
    kinds = case.events.filter(kind__in=DECIDED).values_list("kind", flat=True)
    return {field for kind in kinds for field in DECIDED[kind]}


def may_correct(case: Case) -> Answer:
    """Whether it may be put right what the case is about: until it is closed."""
    if case.merged_into_id:
        return Answer(f"Case {case.number} goes on in case {case.merged_into_id}. Correct that one.")
    if case.status == Status.CLOSED:
        return Answer(f"Case {case.number} is closed. Reopen it to correct it.")
    return YES


@transaction.atomic
def set_system(case: Case, *, by: User, system: System) -> Event | None:
    """Say of which system it is: its hours and service levels hold then, and figures count it there.

    The team that the case came to by its system changes with it. Returns None when it is so already. Raises Refused
    where its assignee would see it no more.
    """
    case = case.locked()
    if case.system_id == system.pk:
        return None
    may_correct(case).check()
    if system.retired:
        raise Refused(f"{system} is retired. Choose another system.")
    changes: dict[str, Any] = {"system_id": system.pk, "system_as_reported": ""}
    details = {"before": case.system.name, "after": system.name, "shown": system.public_name}
    if team := team_with(case, system):
        changes["team_id"], details["team"] = team.pk, team.name
    check_is_seen(case, changes)
    for rows in (case.clocks, case.promises, case.time_spent, Rating.objects.filter(case=case)):
        rows.update(system=system)
    event = record(case, Kind.SYSTEM, by=by, details=details, **changes)
    if happens_now():
        # Among the reports of the other system.
        app.configure_task("cases.tasks.judge_case").defer(case=case.pk)
    return event


def team_with(case: Case, system: System) -> Team | None:
    """The team that gets the case with this system, or None where it stays with its own: with one that somebody chose."""
    team, came_to = team_of(system), team_of(case.system)
    follows = case.team_id in (None, came_to and came_to.pk)
    return team if team and team.pk != case.team_id and follows else None


@transaction.atomic
def set_summary(case: Case, *, by: User, summary: str, seen: str) -> Event | None:
    """Say in other words what it is about. Mail keeps its subject, by which programs know the conversation.

    Returns None when it reads so already. Raises Refused when it no longer reads as `seen`.
    """
    case = case.locked()
    if case.summary == summary:
        return None
    may_correct(case).check()
    if case.summary.split() != seen.split():  # a page may show line breaks otherwise
        raise Refused(f"Someone else changed the summary while you were editing. It’s now “{case.summary}”.")
    return record(case, Kind.SUMMARY, by=by, summary=summary)


def may_change_organisation(case: Case) -> Answer:
    """Whether it may be another organisation's: a visitor, whose address nobody has confirmed, speaks for none."""
    if case.unproven:
        return Answer("Nobody has confirmed the address of this case, so it is no organisation's yet.")
    return may_correct(case)


@transaction.atomic
def set_organisation(case: Case, *, by: User, organisation: Organisation | None) -> Event | None:
    """Make it a case of this organisation, or of none: whose colleagues read it, and whose service levels hold.

    Its customer stays. Returns None when it is so already.
    """
    case = case.locked()
    if case.organisation_id == (organisation and organisation.pk):
        return None
    may_change_organisation(case).check()
    names = {"before": case.organisation.name if case.organisation else ""}
    names["after"] = organisation.name if organisation else ""
    if case.organisation_id:
        nudge(organisation_topic(case.organisation_id))  # whose pages find it gone
    new = organisation and organisation.pk
    return record(case, Kind.ORGANISATION, by=by, details=names, organisation_id=new)
