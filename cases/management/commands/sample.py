from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import IntegrityError

from cases.demo.sample import load
from cases.models import Case


class Command(BaseCommand):
    help = "Put sample people, systems and cases into an empty database."

    def handle(self, *args: Any, verbosity: int, **options: Any) -> None:
        if Case.objects.exists():
            raise CommandError("There are cases already; sample data goes into an empty database.")
        try:
            cases, people = load()
        except IntegrityError:
            raise CommandError(
                "Some of the sample's people, teams or systems exist already; "
                "sample data goes into an empty database."
            ) from None
        if verbosity:
            self.stdout.write(f"{cases} cases and {people} people.")
