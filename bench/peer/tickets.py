"""The same kind of cases as Caseline's own, told as tickets."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

from django.utils import timezone

from cases.demo.volume import (
    SYSTEMS,
    TEAMS,
    Cast,
    Person,
    Story,
    opening_times,
    person_name,
    still_active,
    whole_story,
)
from cases.models import Kind, Role

AGENTS = 50
TITLES = {Kind.REPLY: "Comment", Kind.NOTE: "Comment"}


def tickets(count: int) -> Iterator[dict[str, Any]]:
    """As `manage.py fill` does it: as many active ones, spread over the same time."""
    rng, until = Random(1), timezone.now()
    times, active = opening_times(count, until), still_active(count, rng)
    cast = Cast(
        customers=[Person(key, person_name(rng.randrange(1200))) for key in range(max(20, count // 5))],
        agents=[Person(key, person_name(key * 41)) for key in range(AGENTS)],
        systems=range(len(SYSTEMS)),
        teams=[(key, name) for key, name in enumerate(TEAMS)],
    )
    for place in range(count):
        rng = Random(f"1/{place}")
        yield ticket(whole_story(Story(rng, cast, place + 1, times[place], until), active=place in active))


def ticket(story: Story) -> dict[str, Any]:
    """Its first message is the description, every later event a follow-up."""
    case, (opened, described, *later) = story.case, story.events
    events = [dict(zip(Story.EVENT_COLUMNS, event, strict=True)) for event in (opened, described, *later)]
    return {
        "title": case["summary"],
        "description": events[1]["body"],
        "resolution": case["resolution"],
        "email": f"customer{case['customer_id']}@example.org",
        "queue": case["system_id"],
        "agent": case["assignee_id"],
        "status": str(case["status"]),
        "priority": case["priority"] or 3,
        "at": events[0]["at"].isoformat(),
        "changed": max(case["changed_at"], events[0]["at"] + timedelta(seconds=1)).isoformat(),
        "follow_ups": [_follow_up(event) for event in events[2:]],
    }


def _follow_up(event: dict[str, Any]) -> tuple[Any, ...]:
    kind = Kind(event["kind"])
    by = event["author_id"] if event["role"] == Role.AGENT else None
    status = {Kind.RESOLVED: "resolved", Kind.CLOSED: "closed", Kind.CONFIRMED: "closed"}.get(kind)
    title = TITLES.get(kind, f"{kind.value.capitalize()} changed")
    return event["at"].isoformat(), title, event["body"], event["public"], by, status
