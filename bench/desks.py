"""Open desks: how pages fare while hundreds of queues are open and a reply comes every second."""

import re
import time
from random import Random
from typing import Any
from urllib.parse import urljoin

from cases.models import Case, User

from . import reading
from .asking import Effort, measured, request_of
from .cast import person, reply, short_case, signed_in
from .figures import Row
from .helper import helper
from .scene import HTMX, Page, Request, got
from .server import Server

AGENTS = 50
WATCHED = ["floor", "queue", "search, 2 words and a filter", "case, customer", "case, desk", "reply, desk"]


def desks(server: Server, count: int, pages: list[Page], effort: Effort, pause: float) -> dict[str, Any]:
    """Measure some of the pages with nobody there, and again beside `count` open desks.

    For `pause` seconds the desks find their pace first.
    """
    watched = [page for page in pages if page.name in WATCHED]
    open_pages = [_open_page(number) for number in range(min(AGENTS, count))]
    idle = [measured(server.port, page, 1, effort) for page in watched]
    task = {
        "port": server.port,
        "desks": [open_pages[number % len(open_pages)] for number in range(count)],
        "replies": _replies(),
    }
    with helper("bench.browsers", task) as browsers:
        browsers.heard()
        browsers.tell("go")
        time.sleep(pause)
        busy = [measured(server.port, page, 1, effort) for page in watched]
        browsers.tell("stop")
        seen = browsers.heard()
    return {"desks": count, "agents": len(open_pages)} | seen | _compared(idle, busy)


def lines(found: dict[str, Any]) -> list[str]:
    told = [
        f"{found['desks']:,} open desks of {found['agents']} agents for {found['seconds']} s: "
        f"{found['replies']} replies, {found['nudges_per_second']:,} nudges and "
        f"{found['fetches_per_second']:,} fetches a second",
        f"fetch, ms: p50, p95, p99 {found['fetch_ms']}; from nudge to its answer {found['behind_ms']}; "
        f"statuses {found['statuses']}, failed {found['failed']}, streams lost {found['lost']}, "
        f"{found['own_share']:.0%} of a core taken by the desks themselves",
        f"{'page, one client':<30} {'idle p50':>9} {'busy p50':>9} {'ratio':>6} {'idle p95':>9} {'busy p95':>9}",
    ]
    for page, row in found["pages"].items():
        idle, busy = row["idle"], row["busy"]
        told.append(
            f"{page:<30} {idle['p50']:>9.1f} {busy['p50']:>9.1f} {row['ratio']:>6.2f} "
            f"{idle['p95']:>9.1f} {busy['p95']:>9.1f}"
        )
    return told


def _open_page(number: int) -> dict[str, Any]:
    """The queue as an agent's browser holds it."""
    headers = signed_in(person(f"agent.{number}", User.Role.AGENT))
    html = got("/desk/", headers)
    stream, fetch, included = reading.live_parts(html)
    known = {name: field for name, field in reading.fields(html).items() if name in included}
    return {
        "headers": headers,
        "stream": stream,
        "fetch": urljoin("/desk/", fetch),
        "names": {one: name for one, (name, _) in known.items()},
        "values": {one: value for one, (_, value) in known.items()},
    }


def _replies() -> list[dict[str, Any]]:
    """In turn an agent answers a case that all desks show, and a customer writes in one that none shows."""
    agent, customer = person("agent", User.Role.AGENT), person("customer", User.Role.CUSTOMER)
    desk, own = signed_in(agent), signed_in(customer)
    numbers = dict.fromkeys(re.findall(r"/desk/cases/(\d+)/", got("/desk/", desk)))
    requests = []
    for number in numbers:
        shown, behind = Case.objects.get(number=number), short_case(agent, customer, Random(number))
        requests.append(
            Request(f"/desk/cases/{shown.number}/replies/", desk | HTMX, reply(desk, shown)),
        )
        requests.append(Request(f"/cases/{behind.number}/replies/", own | HTMX, reply(own, behind)))
    return [request_of(request) for request in requests]


def _compared(idle: list[Row], busy: list[Row]) -> dict[str, Any]:
    pages = {
        before.page: {
            "ratio": round(after.p50 / before.p50, 2),
            "idle": {"p50": before.p50, "p95": before.p95},
            "busy": {"p50": after.p50, "p95": after.p95},
        }
        for before, after in zip(idle, busy, strict=True)
    }
    return {"worst": max(page["ratio"] for page in pages.values()), "pages": pages}
