"""Case documents in: `.txt`, `.md`, `.json`, `.yaml`, files and folders."""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand
from django.urls import reverse
from django.utils.text import Truncator

from cases.actions import audit
from cases.actions.audit import LONGEST
from cases.actions.importing import already_told, import_document
from cases.live.nudge import QUEUE, nudge
from cases.models import AuditKind, Refused
from cases.text.lists import listed
from cases.transcripts.document import MAX_BYTES
from cases.transcripts.reader import read

ENDINGS = {".txt", ".md", ".markdown", ".json", ".yaml", ".yml"}


class Command(BaseCommand):
    help = "Import case documents. Idempotent by Case ID; original times; no email. Exit status 1 when a file failed."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files, or folders of them")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be read, and store nothing"
        )

    def handle(self, *args: Any, paths: list[Path], dry_run: bool, **options: Any) -> None:
        tally: Counter[str] = Counter()
        self.systems: list[str] = []
        if not dry_run:
            named = listed(map(str, paths))
            audit.record(
                AuditKind.IMPORTED, by=None, what=f"documents from {Truncator(named).chars(LONGEST)}"
            )
        for path in _files(paths):
            for done in self._file(path, dry_run):
                tally[done] += 1
        if not dry_run:
            nudge(QUEUE)
        counts = (
            ", ".join(f"{count} {done}" for done, count in sorted(tally.items())) or "no case documents found"
        )
        self.stdout.write(f"{counts}.")
        if self.systems:
            page = (
                f"{settings.URL}{reverse('admin:cases_system_changelist')}?public__exact=0&retired__exact=0"
            )
            self.stdout.write(
                f"New systems, which customers are not shown yet: {', '.join(self.systems)}. "
                f"An administrator shows them at {page}"
            )
        if tally["failed"] or not tally:
            sys.exit(1)

    def _file(self, path: Path, dry_run: bool) -> Iterator[str]:
        try:
            size = path.stat().st_size
            if size > MAX_BYTES:
                raise Refused(f"The file has {size / 2**20:.0f} MB; up to {MAX_BYTES // 2**20} MB are read.")
            data = path.read_bytes()
        except (OSError, Refused) as error:
            self.stderr.write(f"{path}: {getattr(error, 'strerror', None) or error}")
            yield "failed"
            return
        for reading in read(data, path.name):
            for problem in reading.problems:
                self.stderr.write(f"{path}:{problem.line or 1}: {problem.sentence}")
            document = reading.document
            if document is None:
                yield "failed"
            elif dry_run:
                self.stdout.write(f"{path}: case {document.case_id}, {len(document.messages)} messages")
                yield "read"
            else:
                try:
                    outcome = import_document(document)
                except Refused as refused:
                    self.stderr.write(f"{path}: {refused}")
                    yield "failed"
                    continue
                self.stdout.write(
                    f"{path}: case {document.case_id} {outcome.done} as {outcome.case.number}, "
                    f"{outcome.messages} new messages"
                )
                if outcome.told:
                    self.stderr.write(f"{path}: {already_told(outcome.told)}")
                self.systems += [outcome.system.name] if outcome.system else []
                yield outcome.done


def _files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(
                file for file in path.rglob("*") if file.suffix.lower() in ENDINGS and file.is_file()
            )
        else:
            yield path
