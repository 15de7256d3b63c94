"""Case documents out: one file a case, or a JSON list to standard output."""

import argparse
import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db.models import Prefetch

from cases.actions import audit
from cases.actions.importing import document_of
from cases.models import AuditKind, Case, Event
from cases.text.numbers import whole_number
from cases.transcripts import writer
from cases.transcripts.document import Document

FORMATS: dict[str, Callable[[Document], str]] = {
    "json": writer.to_json,
    "yaml": writer.to_yaml,
    "txt": writer.to_text,
}
AT_ONCE = 500
PROGRESS = 5000


class Command(BaseCommand):
    help = "Export cases as documents into the folder DEST; `-` writes a JSON list to standard output."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("dest", metavar="DEST")
        parser.add_argument("--format", choices=FORMATS, default="json")
        parser.add_argument("--case", metavar="ID", help="only the case with this Case ID or number")

        parser.add_argument(
            "--without-notes",
            action="store_true",
            help="leave out internal notes, for documents that customers get",
        )

    def handle(self, *args: Any, dest: str, format: str, case: str | None, **options: Any) -> None:  # noqa: A002 - the option's name
        without_notes = options.get("without_notes")
        documents = _documents(case, "without internal notes" if without_notes else "")
        if without_notes:
            documents = map(_public, documents)
        if dest == "-":
            if format != "json":
                raise CommandError(
                    "Standard output takes a JSON list only; name a folder for the other formats."
                )
            with suppress(BrokenPipeError):  # whoever reads has seen enough
                self._list(documents)
            return
        folder = Path(dest)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            count = 0
            for count, document in enumerate(documents, 1):
                (folder / f"{_file_name(document.case_id)}.{format}").write_text(FORMATS[format](document))
                if count % PROGRESS == 0:
                    self.stderr.write(f"{count} cases …")
        except OSError as error:
            raise CommandError(f"Cannot write to {dest}: {error.strerror or error}") from None
        self.stdout.write(f"{count} cases written to {folder}.")

    def _list(self, documents: Iterator[Document]) -> None:
        """A JSON list, written case by case so that a million of them need no memory."""
        self.stdout.write("[", ending="")
        for count, document in enumerate(documents):
            text = json.dumps(writer.to_dict(document), ensure_ascii=False, indent=2)
            self.stdout.write((",\n" if count else "\n") + text, ending="")
        self.stdout.write("\n]")


def _documents(wanted: str | None, narrowed: str) -> Iterator[Document]:
    """The documents of all cases, or of the one that is wanted. The audit log knows of it before the first is out."""
    cases = Case.objects.order_by("number").select_related("system", "customer")
    if wanted:
        found = cases.filter(reference=wanted)
        if not found and (number := whole_number(wanted)):
            found = cases.filter(number=number)
        if not found:
            raise CommandError(f"There is no case {wanted}.")
        cases = found
    what = f"case {wanted}" if wanted else "all cases"
    audit.record(AuditKind.EXPORTED, by=None, what=what, filter=narrowed)
    events = Prefetch("events", Event.objects.order_by("case", "sequence"))
    for case in cases.prefetch_related(events).iterator(chunk_size=AT_ONCE):
        yield document_of(case)


def _public(document: Document) -> Document:
    return replace(document, messages=tuple(one for one in document.messages if not one.internal))


def _file_name(reference: str) -> str:
    """The Case ID as a file name that every system takes."""
    return re.sub(r"[^\w.-]", "_", reference).lstrip(".") or "_"
