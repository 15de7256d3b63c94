"""`python -m bench`: fill, serve, measure, print a table, keep it as JSON."""

import argparse
import atexit
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import figures
from .server import ROOT, serving

if TYPE_CHECKING:
    from .scene import Page

CLIENTS = (1, 8)
MARK = "made-by-bench"


def main() -> None:
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    isolate(folder(options.home))
    import django

    django.setup()
    sizes = sorted(options.cases)
    _keep({cases: _measured(cases, options.requests, options.seconds) for cases in sizes}, options.results)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="How fast is it?")
    parser.add_argument(
        "--cases", type=int, nargs="+", default=[10_000], help="sizes of the database (10000)"
    )
    parser.add_argument("--home", type=Path, help="keep the database in this folder, and use it again")
    parser.add_argument("--requests", type=int, default=300, help="for each visitor and page (300)")
    parser.add_argument("--seconds", type=float, default=8, help="at most, for each measurement (8)")
    parser.add_argument(
        "--results", type=Path, default=ROOT / "bench" / "results", help="folder for the JSON"
    )
    parser.add_argument("--quick", action="store_true", help="300 cases and five requests: does it run?")
    options = parser.parse_args()
    if options.quick:
        options.cases, options.requests, options.seconds = [300], 5, 1
    if min(*options.cases, options.requests, options.seconds) <= 0:
        parser.error("--cases, --requests and --seconds are numbers above 0.")
    return options


def folder(wanted: Path | None) -> Path:
    """A folder for the database, that nothing but benchmarks has used. Without `wanted` it goes at exit."""
    if wanted is None:
        home = Path(tempfile.mkdtemp(prefix="caseline-bench-"))
        # Registered before the embedded server's own farewell, and so done after it.
        atexit.register(shutil.rmtree, home, ignore_errors=True)
    else:
        home = wanted.resolve()
        if home.exists() and any(home.iterdir()) and not (home / MARK).exists():
            sys.exit(f"{home} holds something that no benchmark made. Name another folder.")
    home.mkdir(parents=True, exist_ok=True)
    (home / MARK).touch()
    return home


def isolate(home: Path) -> None:
    """Let no setting of this shell lead to somebody's database or mail server."""
    for name in [*os.environ]:
        if name == "DATABASE_URL" or (name.startswith("CASELINE_") and name != "CASELINE_THREADS"):
            del os.environ[name]
    os.environ |= {"CASELINE_HOME": str(home), "DJANGO_SETTINGS_MODULE": "portal.settings"}


def _measured(cases: int, requests: int, seconds: float) -> list[figures.Row]:
    from . import scene

    held = scene.fill(cases)
    rows = []
    with serving() as port:
        print(f"\n{held:,} cases, {os.cpu_count()} cores\n{figures.header()}")
        for page in scene.pages(max(CLIENTS)):
            queries = scene.queries(page)
            for clients in CLIENTS:
                found = _asked(port, page, clients, requests, seconds)
                rows.append(figures.summary(page.name, clients, **found, queries=queries))
                print(figures.line(rows[-1]), flush=True)
    return rows


def _asked(port: int, page: "Page", clients: int, requests: int, seconds: float) -> dict[str, Any]:
    """What `bench.client` finds. One visitor asks `requests` times at most, several share twice as many."""
    times = max(requests * min(clients, 2) // clients, 1)
    asked = {
        "port": port,
        "requests": [asdict(request) | {"method": request.method} for request in page.requests[:clients]],
        "status": page.status,
        "warm": max(times // 10, 3),
        "times": times,
        "seconds": seconds,
    }
    run = subprocess.run(
        [sys.executable, "-m", "bench.client"],
        cwd=ROOT,
        input=json.dumps(asked),
        capture_output=True,
        text=True,
    )
    if run.returncode:
        sys.exit(f"The benchmark ends: {page.name}: {run.stderr.strip()}")
    return json.loads(run.stdout)


def _keep(results: dict[int, list[figures.Row]], folder: Path) -> None:
    now = datetime.now(UTC)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{now:%Y-%m-%dT%H-%M-%S}.json"
    about = {
        "at": now.isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
    }
    rows = {cases: [asdict(row) for row in found] for cases, found in results.items()}
    file.write_text(json.dumps(about | {"cases": rows}, indent=1))
    print(f"\nKept in {file}")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
