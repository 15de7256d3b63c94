"""The administrators' page that reads case documents: first a preview, then the import."""

import uuid
from dataclasses import dataclass
from pathlib import Path

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cases.actions.importing import import_document
from cases.live.nudge import QUEUE, nudge
from cases.models import Case, Refused
from cases.transcripts.document import MAX_BYTES, Reading
from cases.transcripts.reader import read

KEPT = "kept_documents"  # the session key of the folder that holds what was previewed


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFiles(forms.FileField):
    widget = ManyFilesInput

    def clean(self, data: list, initial: object = None) -> list:
        return [super(ManyFiles, self).clean(file, initial) for file in data]


class DocumentsForm(forms.Form):
    documents = ManyFiles(
        label="Files", required=False, help_text="Text, Markdown, JSON or YAML, as many as you like."
    )
    text = forms.CharField(
        label="Or paste one", required=False, strip=False, widget=forms.Textarea({"rows": 12, "cols": 100})
    )

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if not cleaned.get("documents") and not cleaned.get("text", "").strip():
            raise forms.ValidationError("Choose a file or paste a document.")
        for file in cleaned.get("documents", []):
            if file.size > MAX_BYTES:
                raise forms.ValidationError(f"{file.name} is larger than {MAX_BYTES // 2**20} MB.")
        return cleaned


@dataclass
class Preview:
    """One document as it was read, and whether its case exists already."""

    name: str
    reading: Reading
    known: bool


@require_http_methods(["GET", "POST"])
def import_documents(request: HttpRequest) -> HttpResponse:
    """Preview on the first POST; import what was previewed on the second, which says `import`."""
    if request.method == "POST" and "import" in request.POST:
        return _import(request)
    form = DocumentsForm(request.POST, request.FILES) if request.method == "POST" else DocumentsForm()
    previews = []
    if form.is_bound and form.is_valid():
        previews = _previews(_keep(request, form.cleaned_data))
    context = admin.site.each_context(request) | {
        "title": "Import case documents",
        "form": form,
        "previews": previews,
    }
    context["readable"] = sum(preview.reading.document is not None for preview in previews)
    status = 422 if form.is_bound and not previews else 200
    return render(request, "admin/cases/case/import.html", context, status=status)


def _import(request: HttpRequest) -> HttpResponse:
    folder = _folder(request)
    if folder is None:
        messages.error(request, "What was to be imported is no longer here. Choose the files again.")
        return redirect("admin:cases_case_import")
    done: dict[str, int] = {}
    for preview in _previews(folder):
        if preview.reading.document is None:
            continue
        try:
            outcome = import_document(preview.reading.document)
        except Refused as refused:
            messages.error(request, f"{preview.name}: {refused}")
        else:
            done[outcome.done] = done.get(outcome.done, 0) + 1
    nudge(QUEUE)
    _forget(request)
    messages.success(
        request, "Cases: " + (", ".join(f"{n} {what}" for what, n in done.items()) or "none") + "."
    )
    return redirect("admin:cases_case_changelist")


def _keep(request: HttpRequest, cleaned: dict) -> Path:
    """Put what was sent into a folder of its own, so that the import reads just what was previewed."""
    _forget(request)
    folder = settings.HOME / "imports" / uuid.uuid4().hex
    folder.mkdir(parents=True)
    request.session[KEPT] = folder.name
    for number, file in enumerate(cleaned["documents"]):
        with (folder / f"{number:05} {Path(file.name).name[-100:]}").open("wb") as kept:
            for chunk in file.chunks():
                kept.write(chunk)
    if cleaned["text"].strip():
        (folder / "99999 pasted.txt").write_text(cleaned["text"])
    return folder


def _folder(request: HttpRequest) -> Path | None:
    folder = settings.HOME / "imports" / request.session.get(KEPT, "-")
    return folder if folder.is_dir() else None


def _forget(request: HttpRequest) -> None:
    if folder := _folder(request):
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
    request.session.pop(KEPT, None)


def _previews(folder: Path) -> list[Preview]:
    readings = [
        (file.name.split(" ", 1)[1], reading)
        for file in sorted(folder.iterdir())
        for reading in read(file.read_bytes(), file.name)
    ]
    wanted = [reading.document.case_id for _, reading in readings if reading.document]
    known = set(Case.objects.filter(reference__in=wanted).values_list("reference", flat=True))
    return [
        Preview(name, reading, bool(reading.document and reading.document.case_id in known))
        for name, reading in readings
    ]
