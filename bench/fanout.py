"""Fan-out: what an open stream costs, and how long a commit takes to reach all of them."""

import statistics
import time
from random import Random
from typing import Any

import psutil
from django.db import transaction

from cases.live.nudge import nudge_about
from cases.live.stream import MOST_OF
from cases.models import Case, User

from .cast import person, short_case, signed_in
from .figures import percentile
from .helper import helper
from .listeners import LATEST
from .server import Server

PAUSE = 0.5  # seconds between nudges, more than the stream's own rest


def fan_out(server: Server, streams: int, nudges: int, settle: float) -> dict[str, Any]:
    """Open so many streams on one case, let the fresh server settle, and nudge them all a few times."""
    agent, customer = person("agent", User.Role.AGENT), person("customer", User.Role.CUSTOMER)
    readers = [
        person(f"agent.{number}", User.Role.AGENT) for number in range(-(-streams // MOST_OF["user"]) + 1)
    ]
    case = short_case(agent, customer, Random(streams))
    path = f"/live/?on={case.number}&on=notices&on=people"
    memory = psutil.Process(server.pid).memory_info
    task = {"port": server.port, "path": path, "headers": [*map(signed_in, readers)], "streams": streams}
    with helper("bench.listeners", task) as listeners:
        listeners.heard()
        time.sleep(settle)
        before = memory().rss
        listeners.tell("go")
        seconds = listeners.heard()["seconds"]
        time.sleep(settle)
        grown = memory().rss - before
        rounds = []
        for _ in range(nudges):
            listeners.tell(str(_nudged(case)))
            rounds.append(listeners.heard())
            time.sleep(PAUSE)
    times = [time for heard in rounds for time in heard["times"]]
    unheard = streams * nudges - len(times)
    times += [LATEST * 1000.0] * unheard
    return {
        "streams": streams,
        "nudges": nudges,
        "open_seconds": round(seconds, 2),
        "kib": round(grown / 1024 / streams, 1),
        "p50": round(percentile(times, 0.5), 1),
        "p99": round(percentile(times, 0.99), 1),
        "max": round(max(times), 1),
        "all_heard": [round(max(heard["times"], default=LATEST * 1000), 1) for heard in rounds],
        "unheard": unheard,
        "lost": rounds[-1]["lost"],
    }


def lines(found: dict[str, Any]) -> list[str]:
    return [
        f"{found['streams']:,} streams: opened in {found['open_seconds']} s, {found['kib']} KiB each",
        f"commit to nudge, ms: p50 {found['p50']}, p99 {found['p99']}, max {found['max']}, "
        f"all have heard after {statistics.median(found['all_heard']):.1f} (median of {found['nudges']})",
        f"nudges not heard: {found['unheard']}, streams lost: {found['lost']}",
    ]


def _nudged(case: Case) -> float:
    """Commit a nudge about the case; gives the moment before the commit."""
    with transaction.atomic():
        nudge_about(case, public=True)
        return time.monotonic()
