"""Install, fill and serve django-helpdesk, ask it for its pages, and hold them against our own."""

import json
import os
import re
import subprocess
import sys
import venv
from contextlib import suppress
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from bench import figures
from bench.asking import Effort, measured, request_of
from bench.server import running
from cases.demo.volume import SYSTEMS

from .pages import BESIDE, pages
from .tickets import AGENTS, tickets

PROJECT = Path(__file__).parent / "project"
DATABASE = "helpdesk"
PEER = "django-helpdesk==2.6.1"
DJANGO = "django==6.0.*"  # the newest that it names
ALIKE = ["psycopg[binary]", "uvicorn", "a2wsgi", "httptools"]  # of the versions that Caseline runs with


def installed(folder: Path) -> Path:
    """The Python of an environment that holds the peer, made when it is not there."""
    python = folder / "venv" / "bin" / "python"
    ready = folder / "venv" / "ready"
    if not ready.exists():
        print(f"Installing {PEER} …", flush=True)
        venv.create(folder / "venv", clear=True, with_pip=True)
        alike = [f"{name}=={version(re.sub(r'\[.*', '', name))}" for name in ALIKE]
        pip = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", PEER, DJANGO, *alike]
        run = subprocess.run(pip, capture_output=True, text=True)
        if run.returncode:
            sys.exit(f"{PEER} could not be installed: {run.stderr.strip()}")
        ready.touch()
    return python


def compared(count: int, ours: list[figures.Row], effort: Effort, clients: tuple[int, ...]) -> dict[str, Any]:
    """The peer's rows with `count` tickets, and how many times our own time each takes."""
    python = installed(Path(os.environ["CASELINE_HOME"]) / "peer")
    environment = _environment()
    known = _filled(python, environment, count, cases=max(clients) + 1)
    asked = pages(known, max(clients))
    queries = _queries(python, environment, asked)
    print(
        f"\n{PEER}: {known['tickets']:,} tickets, {known['follow_ups']:,} follow-ups\n{figures.header()}",
        flush=True,
    )
    rows = []
    with running([str(python), "run.py", "serve"], PROJECT, environment) as server:
        for page, number in zip(asked, queries, strict=True):
            for visitors in clients:
                rows.append(measured(server.port, page, visitors, effort, number))
                print(figures.line(rows[-1]), flush=True)
    return {
        "peer": PEER,
        "tickets": known["tickets"],
        "follow_ups": known["follow_ups"],
        "rows": [asdict(row) for row in rows],
        "ratios": ratios(rows, ours),
    }


def ratios(theirs: list[figures.Row], ours: list[figures.Row]) -> list[dict[str, Any]]:
    """Their time by ours, of pages that serve the same end, for one visitor."""
    own = {row.page: row for row in ours if row.clients == 1}
    found = []
    for row in theirs:
        other = own.get(BESIDE.get(row.page, ""))
        if row.clients == 1 and other:
            p50, p95 = round(row.p50 / other.p50, 2), round(row.p95 / other.p95, 2)
            found.append({"theirs": row.page, "ours": other.page, "p50": p50, "p95": p95})
    return found


def lines(found: dict[str, Any]) -> list[str]:
    told = [f"{'their page':<30} {'our page':<30} {'p50: their time / ours':>24} {'p95':>8}"]
    told += [
        f"{ratio['theirs']:<30} {ratio['ours']:<30} {ratio['p50']:>24.2f} {ratio['p95']:>8.2f}"
        for ratio in found["ratios"]
    ]
    return told


def _environment() -> dict[str, str]:
    """A database of its own in the PostgreSQL that is measured."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if not cursor.fetchone():
            cursor.execute(f"CREATE DATABASE {DATABASE}")
    parameters = connection.get_connection_params()
    return {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "settings",
        "PYTHONWARNINGS": "ignore",
        "PEER_DATABASE": DATABASE,
        "PEER_HOST": parameters["host"],
        "PEER_PORT": str(parameters["port"]),
        "PEER_USER": parameters["user"],
        "PEER_THREADS": str(settings.PAGE_THREADS),
    }


def _filled(python: Path, environment: dict[str, str], count: int, cases: int) -> dict[str, Any]:
    task = {"agents": AGENTS, "queues": list(SYSTEMS), "tickets": count, "cases": cases}
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [python, "run.py", "prepare"], cwd=PROJECT, env=environment, stdin=pipe, stdout=pipe, text=True
    ) as process:
        with suppress(BrokenPipeError):  # it has said why
            print(json.dumps(task), file=process.stdin, flush=True)
            if process.stdout.readline().strip() == "fill":
                print(f"Telling {count:,} tickets …", flush=True)
                for ticket in tickets(count):
                    print(json.dumps(ticket), file=process.stdin)
            process.stdin.close()
        said = process.stdout.read()
    if process.returncode or not said:
        sys.exit(f"{PEER} could not be filled.")
    return json.loads(said.splitlines()[-1])


def _queries(python: Path, environment: dict[str, str], asked: list[Any]) -> list[int]:
    told = [
        {"name": page.name, "status": page.status, "requests": [request_of(page.requests[0])]}
        for page in asked
    ]
    run = subprocess.run(
        [python, "run.py", "queries"],
        cwd=PROJECT,
        env=environment,
        input=json.dumps(told),
        capture_output=True,
        text=True,
    )
    if run.returncode:
        sys.exit(f"{PEER}: {run.stderr.strip()[-2000:]}")
    return json.loads(run.stdout)
