"""Whether the counts of the views are what a count of all cases says."""

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from cases.actions import saved_views
from cases.queries import view_counts


class Command(BaseCommand):
    help = "Compare the count of each view with its cases. With --rebuild, mend them first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rebuild", action="store_true", help="mend what is wrong")

    def handle(self, *args: Any, rebuild: bool, **options: Any) -> None:
        if rebuild:
            saved_views.rebuild()
        wrong = view_counts.mismatches()
        for view, (said, true) in wrong.items():
            self.stderr.write(f"{view}: {said:,} counted, {true:,} true")
        if wrong:
            raise CommandError("Some counts are wrong. Mend them with: manage.py verify_counts --rebuild")
        self.stdout.write("Every count is right.")
