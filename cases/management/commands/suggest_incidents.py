"""What the radar would have suggested at some moment of history."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from cases.models import System
from cases.queries.radar_reports import outages, reports, window


class Command(BaseCommand):
    help = "Print which cases of the time before a moment the radar takes for one outage. Changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--at", metavar="TIME", help="ISO 8601, UTC where it names no zone (now)")
        parser.add_argument("--window", type=int, metavar="MINUTES", help="how far to look back")
        parser.add_argument("--json", action="store_true", help="a JSON list to standard output")

    def handle(self, *args: Any, at: str | None, window: int | None, json: bool, **options: Any) -> None:
        found = _found(_moment(at), _length(window))
        if json:
            self.stdout.write(_json(found))
            return
        for outage in found:
            self.stdout.write(f"{outage['score']:.2f}  {', '.join(outage['cases'])}")
            self.stdout.write(f"      {'; '.join(outage['matched'])}")
        self.stdout.write(f"{len(found)} suggestions.")


def _moment(text: str | None) -> datetime:
    try:
        at = parse_datetime(text) if text else timezone.now()
    except ValueError:
        at = None
    if at is None:
        raise CommandError("Give the time as 2026-05-06T06:10:00Z.")
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _length(minutes: int | None) -> timedelta:
    if minutes is None:
        return window()
    if not 0 < minutes < 10**8:
        raise CommandError("The window is a number of minutes above 0.")
    return timedelta(minutes=minutes)


def _found(at: datetime, length: timedelta) -> list[dict[str, Any]]:
    found = []
    for system in System.objects.order_by("pk"):
        lately = reports(system.pk, at, length, most=None)
        references = {report.number: report.reference for report in lately}
        found += [
            {
                "cases": [references[number] for number in sorted(group.members)],
                "matched": group.matched,
                "score": round(group.score, 3),
            }
            for group in outages(lately)
        ]
    return found


def _json(found: list[dict[str, Any]]) -> str:
    return json.dumps(found, ensure_ascii=False, indent=1)
