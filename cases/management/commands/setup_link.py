"""Print the link that makes the first administrator, for whoever serves Caseline without `manage.py run`."""

from typing import Any

from django.core.management import BaseCommand, CommandError

from cases.actions import first_administrator


class Command(BaseCommand):
    help = "Print a link that makes whoever opens it the first administrator. It works once, for a day."

    def handle(self, *args: Any, **options: Any) -> None:
        if not first_administrator.is_missing():
            raise CommandError(
                "There is someone at the desk already. They invite others; who has lost every way in gets a new password "
                "with manage.py changepassword."
            )
        self.stdout.write(first_administrator.link())
