"""What is measured: the pages that a signed-in agent and a signed-in customer ask for."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import urljoin

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.models import Case, User
from cases.queries import queue, view_counts
from cases.queries.brand import brand

from . import figures, reading, words
from .bars import COUNTERS
from .cast import long_case, person, reply, short_case, signed_in

HOST = "127.0.0.1"
HTMX = {"HX-Request": "true"}
FAR = 50  # the page of the queue that is reached by its links


@dataclass
class Request:
    """What one visitor asks for. A `form` is posted as HTMX does it, all else is got."""

    path: str
    headers: dict[str, str]
    form: dict[str, str] | None = None

    @property
    def method(self) -> str:
        return "GET" if self.form is None else "POST"


@dataclass
class Page:
    """`requests` holds one for each visitor, so that those who write do not wait for each other's case."""

    name: str
    requests: list[Request]
    status: int = 200


def fill(cases: int) -> int:
    """Bring the database to at least `cases` cases, and say how many they are."""
    call_command("migrate", verbosity=0)
    missing = cases - Case.objects.count()
    if missing > 0:
        call_command("fill", cases=missing)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # now, or autovacuum would do it while we measure
    return Case.objects.count()


def counters_row(times: int) -> figures.Row:
    """What the queue does for its counters, timed in this process as if it were a page."""
    agent, took = person("agent", User.Role.AGENT), []
    moment = queue.moment()  # which the page needs in any case
    with CaptureQueriesContext(connection) as captured:
        view_counts.views_of(agent, moment)
    for _ in range(times):
        began = time.perf_counter()
        view_counts.views_of(agent, moment)
        took.append((time.perf_counter() - began) * 1000)
    return figures.summary(COUNTERS, 1, took, sum(took) / 1000, 0, len(captured))


def pages(visitors: int, events: int) -> list[Page]:
    """Everything that is measured, the reads first, for up to `visitors` at once. The long case has so many events."""
    agent, customer = person("agent", User.Role.AGENT), person("customer", User.Role.CUSTOMER)
    read, *written = [short_case(agent, customer, Random(place)) for place in range(2 * visitors + 1)]
    long = long_case(agent, customer, events)
    desk, own = signed_in(agent), signed_in(customer)
    system = read.system_id
    last, last_public = read.last_sequence, read.last_public_sequence
    first, second, third = words.common(3)
    everything = f"{reverse('queue')}?status=all"
    number, far = _far(desk, everything)
    idle, one_row = _queue_ticks(desk)

    def reads(name: str, headers: dict[str, str], path: str, status: int = 200) -> Page:
        return Page(name, [Request(path, headers)] * visitors, status)

    def ticks(name: str, headers: dict[str, str], path: str, status: int = 200) -> Page:
        return reads(name, headers | HTMX, path, status)

    def replies(name: str, headers: dict[str, str], path: str, cases: list[Case]) -> Page:
        return Page(
            name, [Request(path.format(case.number), headers | HTMX, reply(headers, case)) for case in cases]
        )

    return [
        reads("healthz", {}, "/healthz"),
        reads("floor", desk, reverse("floor")),
        reads("queue", desk, "/desk/"),
        reads("queue, all, page 1", desk, everything),
        reads(f"queue, all, page {number}", desk, far),
        reads(
            "queue, 3 filters and a sort",
            desk,
            f"/desk/?status=closed&severity=2&system={system}&order=newest",
        ),
        reads("queue, nothing found", desk, f"/desk/?status=closed&severity=1&system={system}&assignee=me"),
        reads("search, rare word", desk, words.searching(words.rare())),
        reads("search, common word", desk, words.searching(first)),
        reads("search, 2 words and a filter", desk, words.searching(f"{second} {third}", system=system)),
        reads("customer's cases", own, "/cases/"),
        reads("case, customer", own, f"/cases/{read.number}/"),
        reads("case, desk", desk, f"/desk/cases/{read.number}/"),
        reads(f"case, customer, {events:,} events", own, f"/cases/{long.number}/"),
        reads(f"case, desk, {events:,} events", desk, f"/desk/cases/{long.number}/"),
        ticks("tick, nothing new, customer", own, f"/cases/{read.number}/live/?after={last_public}", 204),
        ticks("tick, nothing new, desk", desk, f"/desk/cases/{read.number}/live/?after={last}", 204),
        ticks("tick, nothing new, queue", desk, idle, 204),
        ticks("tick, one event, customer", own, f"/cases/{read.number}/live/?after={last_public - 1}"),
        ticks("tick, one event, desk", desk, f"/desk/cases/{read.number}/live/?after={last - 1}"),
        ticks("tick, one event, queue", desk, one_row),
        replies("reply, customer", own, "/cases/{}/replies/", written[:visitors]),
        replies("reply, desk", desk, "/desk/cases/{}/replies/", written[visitors:]),
    ]


def queries(page: Page) -> int:
    """How many SQL queries the page takes, counted in this process on the same database."""
    request = page.requests[0]
    ask: Callable[..., Any] = Client().get if request.form is None else Client().post
    brand()  # one page every few seconds reads it for all
    with CaptureQueriesContext(connection) as captured:
        response = ask(request.path, request.form, headers={"Host": HOST} | request.headers)
    if response.status_code != page.status:
        sys.exit(f"The benchmark ends: {page.name} answered {response.status_code} instead of {page.status}.")
    return len(captured)


def got(path: str, headers: dict[str, str]) -> str:
    """The page at `path`, as HTML."""
    response = Client().get(path, headers={"Host": HOST} | headers)
    if response.status_code != 200:
        sys.exit(f"The benchmark ends: {path} answered {response.status_code}.")
    return response.content.decode()


def _far(headers: dict[str, str], address: str) -> tuple[int, str]:
    """The FARth page behind `address`, or the last: its number and its address."""
    for number in range(1, FAR):
        following = reading.next_page(got(address, headers), address)
        if following is None:
            return number, address
        address = following
    return FAR, address


def _queue_ticks(headers: dict[str, str]) -> tuple[str, str]:
    """What an open queue fetches when nothing is new, and when one of its rows has an event more."""
    html = got("/desk/", headers)
    _, path, included = reading.live_parts(html)
    known = reading.fields(html)
    values = dict(known[name] for name in included if name in known)
    shown = {name: _one_behind(value) for name, value in values.items()} | {"version": ""}
    path = urljoin("/desk/", path)
    return reading.with_fields(path, values), reading.with_fields(path, values | shown)


def _one_behind(value: str) -> str:
    """The rows of an open queue, `number.sequence` each, with the first as it was one event ago."""
    first, dot, rest = value.partition(".")
    sequence, space, others = rest.partition(" ")
    return f"{first}.{int(sequence) - 1}{space}{others}" if dot and sequence.isdecimal() else value
