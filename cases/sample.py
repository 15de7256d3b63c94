"""Sample data to try the product with: what `sample.yaml` tells, played through the actions."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from cases.actions import conversation, resolution, triage
from cases.actions.recording import history
from cases.models import Case, Macro, Organisation, Priority, Severity, Status, System, Team, User

PASSWORD = "caseline-demo"  # noqa: S105 - it is meant to be known
SIGN_INS = ["ada@example.com", "admin@example.com", "cleo@example.com", "rhys@example.org"]

CONTENT = Path(__file__).with_suffix(".yaml")
MINUTES = {"d": 24 * 60, "h": 60, "m": 1}

# What people do in the stories.
DEEDS: dict[str, Callable[[Case, User, Any], object]] = {
    "says": lambda case, by, text: conversation.reply(case, by=by, body=text),
    "notes": lambda case, by, text: conversation.add_note(case, by=by, body=text),
    "takes": lambda case, by, _: triage.assign(case, by=by, assignee=by),
    "assigns to": lambda case, by, name: triage.assign(case, by=by, assignee=User.objects.get(name=name)),
    "hands to team": lambda case, by, name: triage.assign_team(case, by=by, team=Team.objects.get(name=name)),
    "sets status": lambda case, by, value: triage.set_status(case, by=by, status=Status(value)),
    "sets severity": lambda case, by, name: triage.set_severity(case, by=by, severity=Severity[name.upper()]),
    "sets priority": lambda case, by, name: triage.set_priority(case, by=by, priority=Priority[name]),
    "sets area": lambda case, by, value: triage.set_area(case, by=by, area=value),
    "resolves": lambda case, by, outcome: resolution.resolve(case, by=by, **outcome),
    "confirms": lambda case, by, _: resolution.confirm(case, by=by),
    "says not yet": lambda case, by, text: resolution.decline(case, by=by, body=text),
    "closes": lambda case, by, _: resolution.close(case, by=by),
    "reopens": lambda case, by, text: resolution.reopen(case, by=by, body=text),
}


class Scene(NamedTuple):
    at: datetime
    who: str
    does: str
    what: Any


@transaction.atomic
def load(now: datetime | None = None) -> tuple[int, int]:
    """Put the sample data into an empty database and return how many cases and people it has."""
    now = now or timezone.now()
    content = yaml.safe_load(CONTENT.read_text(encoding="utf-8"))
    people = _people(content, joined_at=now - timedelta(days=60))
    for name, description in content["systems"].items():
        System.objects.create(name=name, description=description)
    for name, members in content["teams"].items():
        Team.objects.create(name=name).members.set(people[member] for member in members)
    for name, macro in content["macros"].items():
        Macro.objects.create(
            name=name, **macro | {"team": Team.objects.filter(name=macro.get("team")).first()}
        )
    for case in content["cases"]:
        case["story"] = [_scene(line, now) for line in case["story"]]
    for case in sorted(content["cases"], key=lambda case: case["story"][0].at):
        _play(people, **case)
    return len(content["cases"]), len(people)


def _people(content: dict[str, Any], joined_at: datetime) -> dict[str, User]:
    """Everybody by the name that the stories call them, with addresses that need no confirmation."""
    password = make_password(PASSWORD)
    people = {}

    def add(handle: str, name: str, email: str, role: str = User.Role.CUSTOMER, **fields: Any) -> None:
        user = User.objects.create(name=name, email=email, role=role, password=password, **fields)
        user.keep_address(verified=True)
        people[handle] = user

    for handle, person in content["staff"].items():
        add(handle, *person)
    for name, company in content["organisations"].items():
        organisation = Organisation.objects.create(name=name, shares_cases=company.get("shares_cases", False))
        for handle, person in company["people"].items():
            add(handle, *person, organisation=organisation)
    User.objects.filter(pk__in=[user.pk for user in people.values()]).update(joined_at=joined_at)
    return people


def _scene(line: dict[str, Any], now: datetime) -> Scene:
    """The scene that a line such as `1h20m cleo says: Hello` tells."""
    [(head, what)] = line.items()
    ago, who, does = head.split(maxsplit=2)
    minutes = sum(int(count) * MINUTES[unit] for count, unit in re.findall(r"(\d+)([dhm])", ago))
    return Scene(now - timedelta(minutes=minutes), who, does, what)


def _play(people: dict[str, User], system: str, summary: str, severity: str, story: list[Scene]) -> None:
    report, *rest = story
    customer = people[report.who]
    with history(report.at):
        case = conversation.open_case(
            system=System.objects.get(name=system),
            summary=summary,
            description=report.what,
            severity=Severity[severity.upper()],
            customer=customer,
            by=customer,
        )
    for scene in rest:
        with history(scene.at):
            DEEDS[scene.does](case, people[scene.who], scene.what)
