"""What an agent's texts promise, and when it is due."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.core.management import BaseCommand, CommandError, CommandParser

from cases.text.promises.find import Promised, find


class Asked(NamedTuple):
    text: str
    now: datetime
    zone: ZoneInfo


class Command(BaseCommand):
    help = (
        'Read lines of JSON {"text", "now", "tz"}; print for each one line of JSON, the list of its promises'
        ' {"phrase", "due", "every_minutes", "vague"}. Business hours are Monday to Friday, 9 to 17 in tz.'
    )
    requires_system_checks: list[str] = []  # it needs no database

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "files", metavar="FILE", nargs="*", default=["-"], help="- or none: standard input"
        )

    def handle(self, *args: Any, files: list[str], **options: Any) -> None:
        wrong = 0
        for name, at, line in _lines(files):
            try:
                promises = find(*_asked(line))
            except ValueError as error:
                wrong += 1
                promises = []
                self.stderr.write(f"{'' if name == '-' else f'{name}, '}line {at}: {error}")
            self.stdout.write(json.dumps([_told(promise) for promise in promises], ensure_ascii=False))
        if wrong:
            raise SystemExit(1)


def _lines(files: list[str]) -> Iterator[tuple[str, int, bytes]]:
    for name in files:
        try:
            with open(0 if name == "-" else Path(name), "rb", closefd=name != "-") as lines:
                for at, line in enumerate(lines, 1):
                    yield name, at, line
        except OSError as error:
            raise CommandError(f"Cannot read {name}: {error.strerror or error}") from None


def _asked(line: bytes) -> Asked:
    try:
        asked = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("This is not JSON.") from None
    if not isinstance(asked, dict):
        raise ValueError('This is not an object with "text", "now" and "tz".')
    for name in (*Asked._fields[:2], "tz"):
        if not isinstance(asked.get(name), str):
            raise ValueError(f'"{name}" is missing or not a text.')
    try:
        zone = ZoneInfo(asked["tz"])
    except (ValueError, OSError, KeyError):
        raise ValueError(f'"{asked["tz"]}" is not a known time zone.') from None
    try:
        now = datetime.fromisoformat(asked["now"])
    except ValueError:
        raise ValueError(f'"{asked["now"]}" is not a time in ISO 8601.') from None
    return Asked(asked["text"], now if now.tzinfo else now.replace(tzinfo=zone), zone)


def _told(promise: Promised) -> dict[str, Any]:
    return {
        "phrase": promise.phrase,
        "due": promise.due and promise.due.isoformat(),
        "every_minutes": promise.every and round(promise.every.total_seconds() / 60),
        "vague": promise.vague,
    }
