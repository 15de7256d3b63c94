"""What is held about a person, for whoever answers for privacy: taken out as a zip, or erased."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.access import AgentRequest, Right, for_those_who_may
from cases.actions import audit, held, person_exports
from cases.actions import erasure as erasures
from cases.files import serving
from cases.files.store import StoreUnavailable
from cases.forms.privacy import ErasureForm
from cases.models import AuditKind, Case, Event, PersonExport, Refused, User
from cases.queries.person import addresses_of
from cases.views.attachments import AWAY

for_privacy = for_those_who_may(Right.ANSWER_FOR_PRIVACY, "Only administrators can export a person’s data.")


def _page(request: AgentRequest, person: User, form: ErasureForm, status: int = 200) -> HttpResponse:
    context = {
        "person": person,
        "addresses": addresses_of(person),
        "cases": Case.objects.filter(customer=person).count(),
        "events": Event.objects.filter(author=person).count(),
        "files": held.files_of(person).filter(uploader=person).count(),
        "exports": PersonExport.objects.filter(about=person).order_by("-pk"),
        "may_erase": erasures.may_erase(person, by=request.user),
        "form": form,
    }
    return render(request, "desk/person.html", context, status=status)


@for_privacy
@require_GET
def person(request: AgentRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(User, pk=pk)
    return _page(request, found, ErasureForm(found))


@for_privacy
@require_POST
def erasure(request: AgentRequest, pk: int) -> HttpResponse:
    """Begin to erase them, once their address was typed."""
    found = get_object_or_404(User, pk=pk)
    form = ErasureForm(found, request.POST)
    if form.is_valid():
        try:
            return redirect("bulk", erasures.erase(found, by=request.user).pk)
        except Refused as refused:
            form.add_error(None, str(refused))
    return _page(request, found, form, status=422)


@for_privacy
@require_POST
def exports(request: AgentRequest, pk: int) -> HttpResponse:
    person_exports.ask(get_object_or_404(User, pk=pk), by=request.user)
    return redirect("person", pk)


@for_privacy
@require_http_methods(["GET", "HEAD"])
def export(request: AgentRequest, pk: int, key: UUID) -> Any:
    """The zip, once it is made."""
    found = get_object_or_404(PersonExport, about=pk, key=key, done_at__isnull=False)
    if request.method == "GET":
        what = "all that is held about a person"
        audit.record(AuditKind.EXPORTED, by=request.user, about=found.about, what=what)
    try:
        return serving.send(
            request,
            found.stored,
            name=f"person-{pk}.zip",
            content_type="application/zip",
            size=found.size,
            etag=found.key.hex,
            inline=False,
        )
    except StoreUnavailable:
        return render(request, "errors/error.html", AWAY, status=503)
