"""A mail as it was received: what it says besides its new words, and the original."""

from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from cases.access import AgentRequest, desk_only
from cases.files import serving
from cases.files.names import clean_name
from cases.files.store import StoreUnavailable
from cases.models import ReceivedMail
from cases.views.attachments import AWAY


@desk_only
@require_safe
def mail(request: AgentRequest, key: UUID) -> HttpResponse:
    found = get_object_or_404(ReceivedMail.objects.visible_to(request.user).select_related("case"), key=key)
    return render(request, "desk/mail.html", {"mail": found})


@desk_only  # type: ignore[arg-type]
@require_safe
def original(request: AgentRequest, key: UUID) -> HttpResponseBase:
    """The message, to be saved: no browser shows it as a page."""
    found = get_object_or_404(ReceivedMail.objects.visible_to(request.user), key=key, size__gt=0)
    try:
        return serving.send(
            request,
            found.stored,
            name=clean_name(f"{found.subject or 'mail'}.eml"),
            content_type="application/octet-stream",
            size=found.size,
            etag=found.digest,
            inline=False,
        )
    except StoreUnavailable:
        return render(request, "errors/error.html", AWAY, status=503)
