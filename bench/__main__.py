"""`python -m bench`: fill, serve, measure, print tables, keep them as JSON."""

import argparse
import atexit
import json
import os
import platform
import shutil
import signal
import sys
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from . import bars, figures
from .asking import Effort, measured
from .bars import Results
from .client import AnswerError
from .server import ROOT, serving
from .sockets import allow

CLIENTS = (1, 8)
EVENTS = 1000  # of the long case
MARK = "made-by-bench"


def main() -> None:
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    isolate(folder(options.home))
    import django

    django.setup()
    effort = Effort(options.requests, options.seconds)
    results = Results({cases: _measured(cases, effort, options) for cases in sorted({*options.cases})})
    _crowded(results, options)
    if options.peer:
        _beside_peer(results, options, effort)
    found = bars.bars(results)
    print()
    if len(results.sizes) > 1:
        print(*bars.growth_lines(results), "", sep="\n")
    print(*bars.bar_lines(found), sep="\n")
    _keep(results, found, options.results)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="How fast is it?")
    parser.add_argument(
        "--cases",
        type=int,
        nargs="+",
        default=[10_000, 100_000, 1_000_000],
        help="sizes of the database (10000 100000 1000000)",
    )
    parser.add_argument("--streams", type=int, default=2000, help="open at once, for the fan-out (2000)")
    parser.add_argument("--desks", type=int, default=500, help="open beside the pages (500)")
    parser.add_argument(
        "--peer", type=int, metavar="TICKETS", help="install django-helpdesk and measure it beside us"
    )
    parser.add_argument("--home", type=Path, help="keep the database in this folder, and use it again")
    parser.add_argument("--requests", type=int, default=300, help="for each visitor and page (300)")
    parser.add_argument("--seconds", type=float, default=8, help="at most, for each measurement (8)")
    parser.add_argument(
        "--results", type=Path, default=ROOT / "bench" / "results", help="folder for the JSON"
    )
    parser.add_argument(
        "--quick", action="store_true", help="300 cases, two visitors, five requests: does it run?"
    )
    parser.set_defaults(clients=CLIENTS, events=EVENTS)
    options = parser.parse_args()
    if options.quick:
        options.cases, options.requests, options.seconds = [300], 5, 1
        options.streams, options.desks, options.clients, options.events = 20, 4, (2,), 60
    if min(*options.cases, options.requests, options.seconds, options.streams, options.desks) <= 0:
        parser.error("Every number is above 0.")
    if options.peer:
        options.cases.append(options.peer)
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
    os.environ |= {"CASELINE_HOME": str(home), "DJANGO_SETTINGS_MODULE": "bench.settings"}


def _measured(cases: int, effort: Effort, options: argparse.Namespace) -> list[figures.Row]:
    from . import scene

    held = scene.fill(cases)
    if held > cases * 1.1 + 500:  # some more are left by measuring
        sys.exit(f"The database holds {held:,} cases already. Name sizes from there on, or another folder.")
    rows = []
    with serving() as server:
        print(f"\n{held:,} cases, {os.cpu_count()} cores\n{figures.header()}")
        for page in scene.pages(max(options.clients), options.events):
            queries = scene.queries(page)
            for clients in options.clients:
                rows.append(measured(server.port, page, clients, effort, queries))
                print(figures.line(rows[-1]), flush=True)
        if row := scene.counters_row(effort.requests):
            rows.append(row)
            print(figures.line(row), flush=True)
    return rows


def _crowded(results: Results, options: argparse.Namespace) -> None:
    """Fan-out and open desks, at the largest size. What fails here is told and counts as not measured."""
    from . import desks, fanout, scene

    long = not options.quick
    try:
        allow(max(options.streams, 2 * options.desks))
        with serving() as server:
            print()
            results.fan_out = fanout.fan_out(
                server, options.streams, nudges=20 if long else 2, settle=3 if long else 0.3
            )
            print(*fanout.lines(results.fan_out), "", sep="\n", flush=True)
            effort = Effort(200, 2) if long else Effort(3, 0.3)
            results.desks = desks.desks(
                server, options.desks, scene.pages(1, options.events), effort, pause=3 if long else 0.3
            )
            print(*desks.lines(results.desks), sep="\n", flush=True)
    except (SystemExit, AnswerError) as problem:
        _told(problem)


def _beside_peer(results: Results, options: argparse.Namespace, effort: Effort) -> None:
    from .peer import measure

    try:
        results.peer = measure.compared(options.peer, results.pages[options.peer], effort, options.clients)
        print("", *measure.lines(results.peer), sep="\n", flush=True)
    except (SystemExit, Exception) as problem:  # what was measured before is kept
        _told(problem)


def _told(problem: BaseException) -> None:
    if problem.args == (143,):  # asked to stop
        raise problem
    print(problem, flush=True)


def _keep(results: Results, found: list[bars.Bar], folder: Path) -> None:
    now = datetime.now(UTC)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{now:%Y-%m-%dT%H-%M-%S}.json"
    kept = {
        "at": now.isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "cases": {cases: [asdict(row) for row in rows] for cases, rows in results.pages.items()},
        "growth": {
            row.page: results.growth(row.page)
            for row in results.pages[results.sizes[-1]]
            if row.clients == 1 and results.growth(row.page)
        },
        "fan_out": results.fan_out,
        "desks": results.desks,
        "peer": results.peer,
        "bars": [asdict(bar) | {"verdict": bar.verdict} for bar in found],
    }
    file.write_text(json.dumps(kept, indent=1))
    print(f"\nKept in {file}")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
