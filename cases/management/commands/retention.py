"""Takes persons out of cases that have been over for CASELINE_RETENTION_DAYS, or says of which."""

from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cases.actions import retention

SHOWN = 20
ALL = float("inf")


class Command(BaseCommand):
    help = "Take the persons out of cases that have been over for CASELINE_RETENTION_DAYS."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="say which cases it would be, and change nothing"
        )
        parser.add_argument("--days", type=float, help="with --dry-run: as if this were the setting")

    def handle(self, *args: Any, **options: Any) -> None:
        days = settings.RETENTION_DAYS if options["days"] is None else options["days"]
        if options["days"] is not None and not options["dry_run"]:
            raise CommandError(
                "--days goes with --dry-run alone: set CASELINE_RETENTION_DAYS to change cases."
            )
        if not days:
            raise CommandError(
                "Retention is off. Set CASELINE_RETENTION_DAYS, or try it with --dry-run --days 730."
            )
        now = timezone.now()
        if not options["dry_run"]:
            self.stdout.write(f"{retention.run(now, ALL):,} cases have lost the persons in them.")
            return
        found = retention.due(now, days)
        self.stdout.write(f"{found.count():,} cases would lose the persons in them; nothing was changed.")
        for case in found[:SHOWN]:
            self.stdout.write(f"  #{case.number}, resolved on {case.resolved_at:%Y-%m-%d}: {case.summary}")
        if found.count() > SHOWN:
            self.stdout.write(f"  and {found.count() - SHOWN:,} more")
