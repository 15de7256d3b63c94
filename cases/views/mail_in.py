"""Where a provider hands on the mail that it received for us."""

import logging
from base64 import b64encode

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from cases.actions.incoming import AWAY, receive
from cases.mail.webhooks import NoMail, originals_in

log = logging.getLogger(__name__)

MOST = 64 * 1024 * 1024  # bytes: a mail of 40 MB in base64


@csrf_exempt
@login_not_required
@require_http_methods(["POST", "HEAD"])  # some ask by HEAD whether the address is there
def mail_in(request: HttpRequest, provider: str) -> HttpResponse:
    """Take in what is sent. Whatever is not answered by 200 comes again, so each mail is kept before that."""
    secret = settings.MAIL_INBOUND.get(provider)
    if not secret:
        raise Http404
    expected = f"Basic {b64encode(secret.encode()).decode()}"
    if not constant_time_compare(request.headers.get("Authorization", ""), expected):
        return _said("This address is for our provider of mail alone.", 401)
    if request.method == "HEAD":
        return _said("", 200)
    body = request.read(MOST + 1)
    if len(body) > MOST:
        return _said("This is too large.", 413)
    try:
        originals = originals_in(provider, request.headers.get("Content-Type", ""), body)
    except NoMail as error:
        log.warning("%s sent no email: %s", provider, error)
        return _said(str(error), 400)
    try:
        for raw in originals:
            receive(raw, trusted=settings.MAIL_TRUSTED)
    except AWAY:
        return _said("It could not be kept now. Send it again.", 503)
    return _said("Thank you.", 200)


def _said(words: str, status: int) -> HttpResponse:
    headers = {503: {"Retry-After": "60"}, 401: {"WWW-Authenticate": "Basic"}}.get(status, {})
    return HttpResponse(
        f"{words}\n", content_type="text/plain; charset=utf-8", status=status, headers=headers
    )
