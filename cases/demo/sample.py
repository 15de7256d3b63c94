"""Sample data to try the product with: what `sample.yaml` tells, played through the actions."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import timezone

from cases.actions import (
    conversation,
    copies,
    corrections,
    deadlines,
    escalations,
    forwards,
    incident_updates,
    incidents,
    merging,
    promises,
    radar,
    read_receipts,
    requests,
    resolution,
    snooze,
    triage,
)
from cases.actions.events import history, now
from cases.actions.rating import rate
from cases.models import (
    BusinessHours,
    Case,
    Holiday,
    Incident,
    Macro,
    OpenHours,
    Organisation,
    Policy,
    Priority,
    Request,
    Severity,
    Status,
    System,
    Target,
    Team,
    User,
)
from cases.models.choices import ACTIVE
from cases.queries.promises import promised_in
from cases.queries.radar_reports import window

PASSWORD = "caseline-demo"  # noqa: S105 - it is meant to be known
SIGN_INS = [
    "ada@example.com",
    "admin@example.com",
    "cleo@example.com",
    "rhys@example.org",
    "hana@example.org",
]

CONTENT = Path(__file__).with_suffix(".yaml")
MINUTES = {"d": 24 * 60, "h": 60, "m": 1}


def _length(text: str) -> timedelta:
    """How long `1d4h20m` is."""
    return timedelta(
        minutes=sum(int(count) * MINUTES[unit] for count, unit in re.findall(r"(\d+)([dhm])", text))
    )


def _other(summary: str) -> Case:
    return Case.objects.get(summary=summary)


def _incident(case: Case) -> Incident:
    return Incident.objects.get(cases=case)


def _request(case: Case, what: str = "") -> Request:
    waiting = case.requests.running().order_by("pk")
    return (waiting.filter(what=what) if what else waiting).get()


# What people do in the stories.
DEEDS: dict[str, Callable[[Case, User, Any], object]] = {
    "says": lambda case, by, text: conversation.reply(
        case, by=by, body=text, terms=conversation.ReplyTerms(promises=promised_in(text, case, now()))
    ),
    "notes": lambda case, by, text: conversation.add_note(case, by=by, body=text),
    "takes": lambda case, by, _: triage.assign(case, by=by, assignee=by),
    "assigns to": lambda case, by, name: triage.assign(case, by=by, assignee=User.objects.get(name=name)),
    "hands to team": lambda case, by, name: triage.assign_team(case, by=by, team=Team.objects.get(name=name)),
    "sets status": lambda case, by, value: triage.set_status(case, by=by, status=Status(value)),
    "sets severity": lambda case, by, name: triage.set_severity(case, by=by, severity=Severity[name.upper()]),
    "sets priority": lambda case, by, name: triage.set_priority(case, by=by, priority=Priority[name]),
    "sets area": lambda case, by, value: triage.set_area(case, by=by, area=value),
    "corrects the system to": lambda case, by, name: corrections.set_system(
        case, by=by, system=System.objects.get(name=name)
    ),
    "corrects the summary to": lambda case, by, text: corrections.set_summary(
        case, by=by, summary=text, seen=case.summary
    ),
    "tags": lambda case, by, tags: triage.change_tags(case, by=by, add=[tags]),
    "sets due in": lambda case, by, text: promises.promise(case, by=by, due_at=now() + _length(text)),
    "takes back": lambda case, by, _: promises.take_all_back(case, by=by),
    "snoozes for": lambda case, by, text: snooze.snooze(case, by=by, until=now() + _length(text)),
    "wakes": lambda case, by, _: snooze.wake(case, by=by),
    "links": lambda case, by, summary: merging.link(case, by=by, other=_other(summary)),
    "unlinks": lambda case, by, summary: merging.unlink(case, by=by, other=_other(summary)),
    "merges into": lambda case, by, summary: merging.merge(case, by=by, into=_other(summary)),
    "separates": lambda case, by, _: merging.unmerge(case, by=by),
    "resolves": lambda case, by, outcome: resolution.resolve(case, by=by, **outcome),
    "confirms": lambda case, by, _: resolution.confirm(case, by=by),
    "says not yet": lambda case, by, text: resolution.decline(case, by=by, body=text),
    "closes": lambda case, by, _: resolution.close(case, by=by),
    "asks for": lambda case, by, what: requests.ask(case, by=by, what=what),
    "gives": lambda case, by, text: requests.fulfil(case, by=by, body=text, request=_request(case).pk),
    "withdraws": lambda case, by, what: requests.withdraw(case, by=by, request=_request(case, what).pk),
    "escalates": lambda case, by, note: escalations.escalate(
        case, by=by, team=Team.objects.get(name="Engineering"), note=note
    ),
    "answers": lambda case, by, note: escalations.answer(case, by=by, note=note),
    "puts in copy": lambda case, by, address: copies.add(case, by=by, address=address),
    "takes out of copy": lambda case, by, address: copies.remove(
        case, by=by, copy=case.in_copy.get(address=address).pk
    ),
    "forwards to": lambda case, by, outside: forwards.forward(case, by=by, **outside),
    "rates": lambda case, by, rating: rate(case, by=by, **rating),
    "reopens": lambda case, by, text: resolution.reopen(case, by=by, body=text),
    "opens incident": lambda case, by, title: incidents.open_incident(
        system=case.system, title=title, by=by, severity=case.severity, cases=[case.pk]
    ),
    "attaches to": lambda case, by, title: incidents.attach(
        case, by=by, incident=Incident.objects.get(title=title)
    ),
    "detaches": lambda case, by, _: incidents.detach(case, by=by),
    "updates incident": lambda case, by, text: incident_updates.update(_incident(case), by=by, body=text),
    "resolves incident": lambda case, by, outcome: incident_updates.resolve(
        _incident(case), by=by, **outcome
    ),
}


class Scene(NamedTuple):
    at: datetime
    who: str
    does: str
    what: Any


def known_sign_ins() -> list[str]:
    """The addresses of those who can sign in with the password that everybody knows, be it under another address."""
    content = yaml.safe_load(CONTENT.read_text(encoding="utf-8"))
    people = [*content["staff"].values()]
    people += [
        person for company in content["organisations"].values() for person in company["people"].values()
    ]
    there = User.objects.filter(email__in=[email for _, email, *_ in people], is_active=True)
    hashes = [one for one in set(there.values_list("password", flat=True)) if check_password(PASSWORD, one)]
    return [
        *User.objects.filter(password__in=hashes, is_active=True)
        .order_by("pk")
        .values_list("email", flat=True)
    ]


@transaction.atomic
def load() -> tuple[int, int]:
    """Put the sample data into an empty database and return how many cases and people it has."""
    today = timezone.now()
    content = yaml.safe_load(CONTENT.read_text(encoding="utf-8"))
    _levels(content, today)
    people = _people(content, joined_at=today - timedelta(days=60))
    for name, description in content["systems"].items():
        System.objects.create(name=name, description=description, public=True)
    for name, members in content["teams"].items():
        team = Team.objects.create(name=name, lead=people[content["leads"][name]])
        team.members.set(people[member] for member in members)
    for name, macro in content["macros"].items():
        Macro.objects.create(
            name=name, **macro | {"team": Team.objects.filter(name=macro.get("team")).first()}
        )
    _play(content["cases"], people, today)
    Team.objects.filter(name=content["fallback"]).update(fallback=True)  # of what comes from now on
    for case in Case.objects.filter(status__in=ACTIVE):
        deadlines.recompute(case)
    for case in Case.objects.filter(opened_at__gte=today - window()).order_by("opened_at"):
        radar.judge(case)
    staff = [people[handle] for handle in content["staff"]]
    for case in Case.objects.filter(last_public_at__lt=today - timedelta(hours=3)):
        for agent in staff:
            read_receipts.opened(case, by=agent)
    return len(content["cases"]), len(people)


def _levels(content: dict[str, Any], today: datetime) -> None:
    """The business hours and the policies."""
    for name, week in content["business_hours"].items():
        hours = BusinessHours.objects.create(name=name, time_zone=week["time_zone"])
        for day in week["days"]:
            OpenHours.objects.create(
                business_hours=hours, day=day, opens=week["opens"], closes=week["closes"]
            )
        for year in (today.year, today.year + 1):
            for day in week["holidays"]:
                Holiday.objects.create(business_hours=hours, day=f"{year}-{day}")
    for name, policy in content["policies"].items():
        made = Policy.objects.create(
            name=name,
            usual=policy.get("usual", False),
            based_on=Policy.objects.filter(name=policy.get("based_on")).first(),
            business_hours=BusinessHours.objects.filter(name=policy.get("business_hours")).first(),
        )
        for severity, minutes in policy["targets"].items():
            Target.objects.create(policy=made, severity=Severity[severity.upper()], **minutes)


def _people(content: dict[str, Any], joined_at: datetime) -> dict[str, User]:
    """Everybody by the name that the stories call them, with addresses that need no confirmation."""
    password = make_password(PASSWORD)
    people = {}

    def add(handle: str, name: str, email: str, role: str = User.Role.CUSTOMER, **fields: Any) -> None:
        user = User.objects.create_user(email, verified=True, name=name, role=role, **fields)
        user.password = password
        user.save(update_fields=["password"])
        people[handle] = user

    for handle, person in content["staff"].items():
        add(handle, *person)
    for name, company in content["organisations"].items():
        organisation = Organisation.objects.create(
            name=name,
            shares_cases=company.get("shares_cases", False),
            policy=Policy.objects.filter(name=company.get("policy")).first(),
        )
        for handle, person in company["people"].items():
            add(handle, *person, organisation=organisation)
    User.objects.filter(pk__in=[user.pk for user in people.values()]).update(joined_at=joined_at)
    return people


def _scene(line: dict[str, Any], today: datetime) -> Scene:
    """The scene that a line such as `1h20m cleo says: Hello` tells."""
    [(head, what)] = line.items()
    ago, who, does = head.split(maxsplit=2)
    return Scene(today - _length(ago), who, does, what)


def _play(stories: list[dict[str, Any]], people: dict[str, User], today: datetime) -> None:
    """Play all scenes of all stories in the order in which they happened."""
    scenes = [(_scene(line, today), story) for story in stories for line in story["story"]]
    for scene, story in sorted(scenes, key=lambda pair: pair[0].at):
        with history(scene.at):
            if "case" in story:
                DEEDS[scene.does](story["case"], people[scene.who], scene.what)
            else:
                story["case"] = _open(story, customer=people[scene.who], description=scene.what)


def _open(story: dict[str, Any], customer: User, description: str) -> Case:
    return conversation.open_case(
        system=System.objects.get(name=story["system"]),
        summary=story["summary"],
        description=description,
        severity=Severity[story["severity"].upper()],
        customer=customer,
        by=customer,
    )
