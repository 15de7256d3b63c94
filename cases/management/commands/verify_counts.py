"""Whether the counts of the views, of customers and of organisations are what a count of all cases says."""

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from cases.actions import case_counts, saved_views
from cases.queries import view_counts


class Command(BaseCommand):
    help = "Compare each count of a view, a customer or an organisation with the cases. With --rebuild, mend them first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rebuild", action="store_true", help="mend what is wrong")

    def handle(self, *args: Any, rebuild: bool, **options: Any) -> None:
        if rebuild:
            saved_views.rebuild()
            case_counts.rebuild()
        wrong = view_counts.mismatches()
        for view, (said, true) in wrong.items():
            self.stderr.write(f"{view}: {said:,} counted, {true:,} true")
        owners = case_counts.mismatches()
        for whose, owner in owners:
            self.stderr.write(f"{whose} {owner}: wrong counts")
        if wrong or owners:
            raise CommandError("Some counts are wrong. Mend them with: manage.py verify_counts --rebuild")
        self.stdout.write("Every count is right.")
