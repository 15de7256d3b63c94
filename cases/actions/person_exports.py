"""All that is held about a person is taken out as one zip: asked for, made by a job, thrown away after a while."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from cases.files.names import clean_name
from cases.files.store import StoreUnavailable, store
from cases.models import AuditKind, Face, PersonExport, User
from cases.models.person_export import KEPT

from . import audit, held

README = """This is all that is held here about {name}, as of {at:%-d %B %Y, %H:%M} UTC.

account.json   the account, its addresses, and how to reach them as we noted it
picture.webp   their picture, if they gave one
cases.json     the cases of this person with what was said there in public, and what they said in others
ratings.json   how they rated our help
copies.json    the cases of which they are in copy
log.json       sign-ins and changes of the account
files/         the files that they sent, and those of the messages that they can read

Internal notes are not in it: they are the words of others about our work. What was given as a secret is not in it
either: it is sealed, and deleted some days after the case is closed.
"""


@transaction.atomic
def ask(person: User, *, by: User) -> PersonExport:
    """Have it made. The audit log knows who asked."""
    export = PersonExport.objects.create(about=person, by=by)
    audit.record(AuditKind.PERSON_TAKEN_OUT, by=by, about=person)
    app.configure_task("cases.tasks.export_person").defer(export=export.pk)
    return export


def make(export: PersonExport) -> None:
    """Write the zip and keep it. May be begun again after a crash."""
    if export.done_at or export.goes_at < timezone.now():
        return
    with TemporaryFile() as out:
        _write(export.about, out)
        size = out.tell()
        store().put(export.stored, out)
    kept = PersonExport.objects.filter(pk=export.pk)
    if kept.filter(asked_at=export.asked_at).update(size=size, done_at=timezone.now()):
        return
    if again := kept.first():  # something was removed meanwhile
        make(again)
    else:
        store().remove(export.stored)


def _write(person: User, out: IO[bytes]) -> None:
    with ZipFile(out, "w", ZIP_DEFLATED) as bundle:
        bundle.writestr("README.txt", README.format(name=person, at=timezone.now()))
        bundle.writestr("account.json", _json(held.account_of(person)))
        for face in Face.objects.filter(person=person):
            bundle.writestr("picture.webp", bytes(face.image))
        bundle.writestr("ratings.json", _json(held.ratings_of(person)))
        bundle.writestr("copies.json", _json(held.copies_of(person)))
        bundle.writestr("log.json", _json(held.sign_ins_of(person)))
        with bundle.open("cases.json", "w", force_zip64=True) as file:
            for part in _json_list(held.cases_of(person)):
                file.write(part)
        for one in held.files_of(person).iterator():
            with bundle.open(f"files/{one.pk}-{clean_name(one.name)}", "w", force_zip64=True) as file:
                try:
                    for chunk in store().read_range(one.stored, 0, one.size):
                        file.write(chunk)
                except StoreUnavailable:
                    file.write(b"This file could not be read.")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _json_list(values: Iterable[Any]) -> Iterator[bytes]:
    """A list in JSON, an item at a time: a person may have thousands of cases."""
    between = "["
    for value in values:
        yield f"{between}\n{_json(value)}".encode()
        between = ","
    yield b"\n]\n" if between == "," else b"[]\n"


def sweep(at: datetime) -> None:
    """Throw away what could be fetched long enough."""
    for export in PersonExport.objects.filter(asked_at__lt=at - KEPT):
        drop(export)


def drop(export: PersonExport) -> None:
    """Throw one away with its bytes. Raises StoreUnavailable."""
    store().remove(export.stored)
    export.delete()
