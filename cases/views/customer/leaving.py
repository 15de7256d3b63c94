"""One click in a mail, and whoever reads along in a case does so no more. No session is asked for."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from cases.access import ViewerRequest, of_ones_own
from cases.actions import copies
from cases.mail.copies import leaving


@csrf_exempt  # programs of mail post without a page of ours
@of_ones_own
@login_not_required
@require_http_methods(["GET", "POST"])
def page(request: ViewerRequest, token: str) -> HttpResponse:
    """Programs that look where links lead change nothing: only a POST takes them out."""
    one = leaving(token)
    if one is None:
        return render(request, "customer/leaving.html", {}, status=410)
    if request.method == "POST":
        copies.leave(one)
        one.refresh_from_db()
    return render(request, "customer/leaving.html", {"one": one})
