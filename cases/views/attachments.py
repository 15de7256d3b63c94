"""Files: uploaded before their message is sent, thrown away, fetched."""

from uuid import UUID, uuid4

from allauth.core import ratelimit
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from cases.access import UPLOADS, SignInFirst, ViewerRequest
from cases.actions import attachments
from cases.files import kinds, receiving, serving
from cases.files.store import StoreUnavailable
from cases.forms.attachments import Attaching
from cases.models import Attachment, Refused

AROUND = 64 * 1024  # bytes of an upload beside its file
TOO_MANY = "Too many files came from your network in the last hour. Sign in to send this one."


def with_files[F: forms.Form](form: F, request: ViewerRequest) -> F:
    """The form with the files that came along, uploaded. What could not be taken is said beside its field."""
    if not isinstance(form, Attaching):
        return form
    form.viewer = request.user
    found, left_out = [], receiving.left_out(request)
    for file in request.FILES.getlist("files"):
        try:
            found.append(_received(request, file))
        except Refused as refused:
            left_out.append(str(refused))
    if found or left_out:
        form.add_files(found, left_out)
    for one in found:
        if one not in form.chosen_files:
            messages.info(request, f"“{one.name}” came twice. We kept one.")
            attachments.let_go(one)
    return form


def _received(request: ViewerRequest, file: UploadedFile) -> Attachment:
    if not request.user.is_authenticated:
        if not ratelimit.consume(request, action="upload"):
            raise Refused(TOO_MANY)
        request.user.uploads = request.session.agree(UPLOADS, uuid4().hex)  # type: ignore[attr-defined]
    return attachments.receive(file, by=request.user)


@csrf_exempt  # until its length is known to be bearable: the check reads all of it
@login_not_required
@require_POST
def upload(request: ViewerRequest) -> HttpResponse:
    """Keep one file for a message that is being written. Answers with its line in the form, or with a sentence."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > receiving.largest() + AROUND:
        return _sentence(receiving.too_large(request.GET.get("name", "This file")), 413)
    return _upload(request)


@csrf_protect
def _upload(request: ViewerRequest) -> HttpResponse:
    file, left_out = request.FILES.get("files"), receiving.left_out(request)
    if left_out or not file:
        return _sentence(left_out[0] if left_out else "No file came. Choose one.", 422)
    try:
        attachment = _received(request, file)
    except Refused as refused:
        return _sentence(str(refused), 422)
    return render(request, "cases/attachments.html#attached", {"file": attachment}, status=201)


def _sentence(words: str, status: int) -> HttpResponse:
    return HttpResponse(f"{words}\n", status=status, content_type="text/plain; charset=utf-8")


@login_not_required
@require_POST
def removal(request: ViewerRequest, key: UUID) -> HttpResponse:
    """Throw away a file that was not sent. One that is gone is gone."""
    for attachment in Attachment.objects.given_by(request.user).pending().filter(key=key):
        attachments.let_go(attachment)
    return HttpResponse(status=204)


@login_not_required
@require_safe
def attachment(request: ViewerRequest, key: UUID, form: str = "file") -> HttpResponseBase:
    """The file to be saved; or, of an image, the image or its small picture to be looked at."""
    found = Attachment.objects.visible_to(request.user)
    try:
        one = get_object_or_404(found if form == "file" else found.filter(thumbnail_size__gt=0), key=key)
    except Http404:
        if request.user.is_authenticated:
            raise
        return SignInFirst(request.get_full_path())
    small = form == "thumbnail"
    try:
        return serving.send(
            request,
            one.thumbnail if small else one.stored,
            name=f"{one.name}.webp" if small else one.name,
            content_type="image/webp" if small else kinds.served_as(one.content_type),
            size=one.thumbnail_size if small else one.size,
            etag=f"{one.sha256}-small" if small else one.sha256,
            inline=form != "file",
        )
    except StoreUnavailable:
        return render(request, "errors/error.html", AWAY, status=503)


AWAY = {
    "title": "We cannot reach this file",
    "sentence": "It is kept elsewhere, and that place does not answer just now. Try again in a moment.",
}
