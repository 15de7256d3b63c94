"""One click in a mail, and no more such mail. No session is asked for: whoever has the link got the mail."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from cases.access import ViewerRequest, of_ones_own
from cases.actions import preferences
from cases.mail.unsubscribing import read
from cases.models.notification import HAPPENINGS
from cases.queries.notices import unheard


@csrf_exempt  # programs of mail post without a page of ours
@of_ones_own
@login_not_required
@require_http_methods(["GET", "POST"])
def page(request: ViewerRequest, token: str) -> HttpResponse:
    """Programs that look where links lead change nothing: only a POST turns it off."""
    found = read(token)
    if found is None:
        return render(request, "account/unsubscribe.html", {}, status=410)
    shown: dict[str, Any] = {"way": found.way, "whats": [HAPPENINGS[why].label for why in found.whys]}
    if request.method == "POST":
        preferences.switch_off(found.way, of=found.whys, by=found.person)
        shown |= {"is_off": True, "warning": unheard(found.person)}
    return render(request, "account/unsubscribe.html", shown)
