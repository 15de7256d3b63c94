"""Where a provider of mail reports what became of ours."""

import logging

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from cases.actions.delivery_reports import heed
from cases.mail import provider

log = logging.getLogger(__name__)


@csrf_exempt
@login_not_required
@require_POST
def mail_reports(request: HttpRequest) -> HttpResponse:
    if not provider.is_configured():
        raise Http404
    try:
        reports = provider.reports_in(request)
    except provider.NoReport as error:
        log.warning("What came to %s is no report of the provider of mail: %s", request.path, error)
        return HttpResponse("This is no report of our provider.\n", status=400, content_type="text/plain")
    for told in reports:
        heed(told.fate, [told.message_id], told.words)
    return HttpResponse("Thank you.\n", content_type="text/plain")
