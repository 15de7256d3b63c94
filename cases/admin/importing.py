"""The administrators' page that reads case documents: first a preview, then the import."""

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from cases.actions import audit
from cases.actions.importing import already_told, import_document
from cases.files import kept_documents
from cases.files.receiving import left_out, too_many
from cases.live.nudge import QUEUE, nudge
from cases.models import AuditKind, Case, Refused
from cases.transcripts.document import Document, Problem, Reading
from cases.transcripts.reader import read
from cases.transcripts.writer import to_json

MOST_FILES = 500  # at once; each is an open file while it comes in
AT_ONCE = 2  # seconds that an import works before it says how far it is
KEPT = "kept_documents"  # the session key of the folder that holds what was previewed
IMPORTED = "imported_documents"  # that of what an import under way has done so far


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFiles(forms.FileField):
    widget = ManyFilesInput

    def clean(self, data: list, initial: object = None) -> list:
        """Each as it is: who reads an empty one names it."""
        return list(data)


class DocumentsForm(forms.Form):
    documents = ManyFiles(
        label="Files",
        required=False,
        help_text=f"Text, Markdown, JSON or YAML, up to {MOST_FILES} at once. "
        "“manage.py import_cases FOLDER” takes any number.",
    )
    text = forms.CharField(
        label="Or paste one", required=False, strip=False, widget=forms.Textarea({"rows": 12, "cols": 100})
    )

    def __init__(
        self, data: Any = None, files: Any = None, *, many: int = 0, left_out: Sequence[str] = ()
    ) -> None:
        super().__init__(data, files)
        self.many, self.left_out = many, left_out

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if self.many:
            raise forms.ValidationError(
                f"These are {MOST_FILES + self.many:,} files, and {MOST_FILES} can be read at once. Choose them in "
                "several goes, or let “manage.py import_cases FOLDER” read them all. Nothing was imported."
            )
        if not (cleaned.get("documents") or cleaned.get("text", "").strip() or self.left_out):
            raise forms.ValidationError("Choose a file or paste a document.")
        return cleaned


@dataclass
class Preview:
    """One document as it was read, and whether its case exists already."""

    name: str
    reading: Reading
    known: bool = False


@require_http_methods(["GET", "POST"])
def import_documents(request: HttpRequest) -> HttpResponse:
    """Preview on the first POST; import what was previewed on the next ones, which say `import`."""
    if request.method == "POST" and "import" in request.POST:
        return _import(request)
    form = DocumentsForm()
    if request.method == "POST":
        missing = [] if too_many(request) else left_out(request)
        form = DocumentsForm(request.POST, request.FILES, many=too_many(request), left_out=missing)
    previews = []
    if form.is_bound and form.is_valid():
        previews = _previews(form)
        _keep(request, previews)
    readable = sum(preview.reading.document is not None for preview in previews)
    context = admin.site.each_context(request) | {
        "title": "Import case documents",
        "form": form,
        "previews": previews,
        "readable": readable,
        "unreadable": len(previews) - readable,
    }
    status = 422 if form.is_bound and not previews else 200
    return render(request, "admin/cases/case/import.html", context, status=status)


import_documents.most_files = MOST_FILES  # type: ignore[attr-defined]


def _import(request: HttpRequest) -> HttpResponse:
    """Import for a moment, and then say how far it is, or what came of it all."""
    waiting = _waiting(request)
    if waiting is None:
        messages.error(request, "The upload has expired. Choose the files again.")
        return redirect("admin:cases_case_import")
    so_far = request.session.get(IMPORTED) or _begin(request, len(waiting))
    until = time.monotonic() + AT_ONCE
    for file in waiting:
        if time.monotonic() > until:
            break
        with suppress(FileNotFoundError):  # the same form, sent twice
            _import_one(file, so_far)
    request.session[IMPORTED] = so_far
    left = len(_waiting(request) or ())
    if left:
        context = admin.site.each_context(request) | {
            "title": "Import case documents",
            "left": left,
            **so_far,
        }
        context["total"] = so_far["count"] + left
        return render(request, "admin/cases/case/import.html", context)
    nudge(QUEUE)
    _forget(request)
    _tell(request, so_far)
    address = reverse("admin:cases_case_changelist")
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)  # type: ignore[attr-defined]


def _begin(request: HttpRequest, count: int) -> dict[str, Any]:
    what = "one document" if count == 1 else f"{count} documents"
    audit.record(AuditKind.IMPORTED, by=request.user, what=what)  # type: ignore[arg-type]
    return {"done": {}, "refused": [], "systems": [], "told": 0, "count": 0}


def _import_one(file: Path, so_far: dict[str, Any]) -> None:
    name = file.name.split(" ", 1)[1].removesuffix(".json")
    for reading in read(file.read_bytes(), file.name):
        if reading.document is None:
            continue
        try:
            outcome = import_document(reading.document)
        except Refused as refused:
            so_far["refused"].append(f"{name}: {refused}")
            continue
        so_far["done"][outcome.done] = so_far["done"].get(outcome.done, 0) + 1
        so_far["told"] += outcome.told
        so_far["systems"] += [outcome.system.name] if outcome.system else []
    so_far["count"] += 1
    file.unlink(missing_ok=True)


def _tell(request: HttpRequest, came: dict[str, Any]) -> None:
    for sentence in came["refused"]:
        messages.error(request, sentence)
    if came["told"]:
        messages.warning(request, already_told(came["told"]))
    if came["systems"]:
        page = reverse("admin:cases_system_changelist") + "?public__exact=0&retired__exact=0"
        named = ", ".join(came["systems"])
        sentence = 'New systems, which customers are not shown yet: {}. <a href="{}">Show them</a>'
        messages.warning(request, format_html(sentence, named, page))
    done = ", ".join(f"{n} {what}" for what, n in came["done"].items()) or "none"
    messages.success(request, f"Cases: {done}.")


def _keep(request: HttpRequest, previews: list[Preview]) -> None:
    """Keep what was read, so that the import reads just what was previewed."""
    _forget(request)
    read_ones = ((preview.name, preview.reading.document) for preview in previews)
    request.session[KEPT] = kept_documents.keep((name, to_json(one)) for name, one in read_ones if one)


def _waiting(request: HttpRequest) -> list[Path] | None:
    return kept_documents.waiting(request.session.get(KEPT, ""))


def _forget(request: HttpRequest) -> None:
    kept_documents.forget(request.session.pop(KEPT, ""))
    request.session.pop(IMPORTED, None)


def _previews(form: DocumentsForm) -> list[Preview]:
    """Every document that was sent; first those that cannot be imported."""
    found = [Preview("Left out", Reading(None, (Problem(None, sentence),))) for sentence in form.left_out]
    found += [Preview(name, reading) for name, reading in _readings(form.cleaned_data)]
    documents: list[Document] = [preview.reading.document for preview in found if preview.reading.document]
    wanted = [document.case_id for document in documents]
    known = set(Case.objects.filter(reference__in=wanted).values_list("reference", flat=True))
    for preview in found:
        preview.known = bool(preview.reading.document and preview.reading.document.case_id in known)
    return sorted(found, key=lambda preview: preview.reading.document is not None)


def _readings(cleaned: dict[str, Any]) -> Iterator[tuple[str, Reading]]:
    for file in cleaned["documents"]:
        for reading in read(file.read(), file.name):
            yield file.name, reading
    if cleaned["text"].strip():
        for reading in read(cleaned["text"].encode(), "pasted.txt"):
            yield "pasted.txt", reading
