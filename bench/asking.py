"""Having `bench.client` ask for a page: the visitors are a process of their own."""

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import figures
from .server import ROOT

if TYPE_CHECKING:
    from .scene import Page


@dataclass
class Effort:
    """How often a page is asked for: by one visitor `requests` times at most, by several twice as often."""

    requests: int
    seconds: float  # at most, for each measurement


def measured(port: int, page: "Page", clients: int, effort: Effort, queries: int = 0) -> figures.Row:
    """A page as `clients` visitors at once find it."""
    times = max(effort.requests * min(clients, 2) // clients, 1)
    asked = {
        "port": port,
        "requests": [request_of(request) for request in page.requests[:clients]],
        "status": page.status,
        "warm": max(times // 10, 3),
        "times": times,
        "seconds": effort.seconds,
    }
    found = answer_of("bench.client", asked, page.name)
    return figures.summary(page.name, clients, **found, queries=queries)


def request_of(request: Any) -> dict[str, Any]:
    return {
        "method": request.method,
        "path": request.path,
        "headers": request.headers,
        "form": request.form,
    }


def answer_of(module: str, asked: dict[str, Any], what: str) -> dict[str, Any]:
    """What the module answers when it is run; ends the benchmark with what it complains of."""
    run = subprocess.run(
        [sys.executable, "-m", module], cwd=ROOT, input=json.dumps(asked), capture_output=True, text=True
    )
    if run.returncode:
        sys.exit(f"The benchmark ends: {what}: {run.stderr.strip()}")
    return json.loads(run.stdout)
