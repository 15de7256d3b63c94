"""Mail that tells agents what concerns them. What is yet to be told stands in `ToMail`; a job of each person mails it."""

from collections.abc import Iterable
from typing import NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django import app

from cases.incoming.marks import ABOVE_IS_THE_ANSWER
from cases.models import Case, Event, Kind, Preferences, ToMail, Way, Why
from cases.queries.notices import ways_of
from cases.text.times_of_day import reading
from cases.wording.notices import told

from . import threads, unsubscribing
from .letter import Letter, letter
from .outbound import deed_of
from .together import WAIT

MOMENT = 3  # seconds in which whoever looks at the case has read it


def ask_for_mail_of_notices(people: Iterable[int]) -> None:
    """Have each of them mailed what is to be mailed them, by a job of their own: within the minute, and after the one
    before. One statement, however many they are."""
    job = app.configure_task("cases.tasks.mail_notices", schedule_in={"seconds": WAIT}).job
    jobs = [job.evolve(lock=turn_of(person), task_kwargs={"person": person}) for person in people]
    if jobs:
        app.job_manager.batch_defer_jobs(jobs)


def turn_of(person: int) -> str:
    """The lock of the jobs that mail one person."""
    return f"notices to {person}"


def ask_for_push_of_notices(people: Iterable[int]) -> None:
    """Have the devices of each of them told what they are to be told, unless they read it in a moment."""
    job = app.configure_task("cases.tasks.push_notices", schedule_in={"seconds": MOMENT}).job
    jobs = [job.evolve(lock=push_turn_of(person), task_kwargs={"person": person}) for person in people]
    if jobs:
        app.job_manager.batch_defer_jobs(jobs)


def push_turn_of(person: int) -> str:
    """The lock of the jobs that tell one person's devices."""
    return f"push to {person}"


def joined_turn_of(person: int) -> str:
    """The queueing lock of the one job that mails somebody once their quiet hours end."""
    return f"{turn_of(person)}, joined"


def joined_push_turn_of(person: int) -> str:
    """The queueing lock of the one job that tells somebody's devices once their quiet hours end."""
    return f"{push_turn_of(person)}, later"


def message_of(to: Preferences, things: list[ToMail]) -> Letter | None:
    """What they read of one case, if it is still for them."""
    told = in_case(to, things)
    return told and of_case(to, told)


class Told(NamedTuple):
    """What happened in one case, as somebody is told of it."""

    case: Case
    whys: set[str]
    lines: list[dict[str, object]]
    last: Event
    address: str
    is_public: bool  # all that happened


def in_case(to: Preferences, things: list[ToMail]) -> Told | None:
    """Nothing, where they have left the desk meanwhile, or do not see the case."""
    things = sorted(things, key=lambda thing: thing.event.sequence)
    last, whys = things[-1].event, {one.why for one in things}
    if whys == {Why.OWN}:
        sees = to.person.is_active and Case.objects.visible_to(to.person).filter(pk=last.case_id).exists()
        address = f"{reverse('case', args=[last.case_id])}#event-{last.public_sequence}"
    else:
        sees = to.person.is_agent and to.person.sees(last.case)
        address = f"{reverse('desk_case', args=[last.case_id])}#event-{last.sequence}"
    if not sees:
        return None
    with timezone.override(to.time_zone), reading(to.person.clock):
        lines = [_line(one) for one in things]
    is_public = all(one.event.public for one in things)
    return Told(last.case, whys, lines, last, settings.URL + address, is_public)


def of_case(to: Preferences, told: Told) -> Letter:
    case, stop = told.case, unsubscribing.link_of(to.person, Way.MAIL, told.whys)
    answers_customer = told.is_public and told.whys <= {Why.NEW, Why.REPLIED}
    by_mail = threads.takes_answers() and told.whys != {Why.OWN}
    context = {
        "told": told,
        "mentioned": Why.MENTIONED in told.whys,
        "stop": stop,
        "answer_above": ABOVE_IS_THE_ANSWER if by_mail else "",
        "answers_customer": answers_customer,
    }
    return letter(
        "mail/notices.txt",
        context,
        subject=threads.subject_of(case, "A case"),
        to=to.person.email,
        headers=threads.headers_of(
            case, to.person, f"{told.last.sequence}", kind="case" if answers_customer else "note"
        )
        | unsubscribing.headers_of(stop),
        zone=to.time_zone,
        clock=to.person.clock,
    )


def of_cases(to: Preferences, told: list[Told]) -> Letter | None:
    whys = {why for one in told for why in one.whys}
    return _together(to, told, "notices", unsubscribing.link_of(to.person, Way.MAIL, whys))


def digest(to: Preferences, told: list[Told], *, more: int) -> Letter | None:
    """What one reads in the morning. `more` is what has no place in it."""
    whys = [why for why, ways in ways_of(to.person).items() if Way.DIGEST in ways]
    return _together(to, told, "digest", unsubscribing.link_of(to.person, Way.DIGEST, whys), more)


def _together(to: Preferences, told: list[Told], name: str, stop: str, more: int = 0) -> Letter | None:
    if not told:
        return None
    count, last = sum(len(one.lines) for one in told) + more, max(one.last.pk for one in told)
    happened = f"{count} {'things' if count > 1 else 'thing'} happened"
    message_id = threads.own_id(f"{name}-{to.person_id}-{last}")
    return letter(
        "mail/notices_of_cases.txt",
        {"told": told, "stop": stop, "more": more},
        subject=f"{happened} in {len(told)} case{'s' if len(told) > 1 else ''}",
        to=to.person.email,
        headers={"Message-ID": message_id} | unsubscribing.headers_of(stop),
        zone=to.time_zone,
        clock=to.person.clock,
    )


def _line(thing: ToMail) -> dict[str, object]:
    event = deed_of(thing.event)
    return {
        "news": told(event, thing.why) + (" in an internal note" if thing.why == Why.MENTIONED else ""),
        "words": _report(event.case)
        if thing.why == Why.NEW and event.kind == Kind.OPENED
        else thing.event.body,
        "files": thing.event.attachments,
    }


def _report(case: Case) -> str:
    """What a case was opened with."""
    first = Event.objects.filter(case=case, kind=Kind.REPLY).order_by("sequence").first()
    return first.body if first else ""
