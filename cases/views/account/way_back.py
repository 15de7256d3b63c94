"""Taking an address back that somebody else has changed."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cases.access import ViewerRequest, of_ones_own
from cases.actions import accounts
from cases.models import Refused
from cases.sign_in.way_back import read


@of_ones_own
@login_not_required
@require_http_methods(["GET", "POST"])
def page(request: ViewerRequest, token: str) -> HttpResponse:
    way = read(token)
    if not way:
        return render(request, "account/way_back.html", {"refusal": OVER}, status=410)
    refusal = ""
    if request.method == "POST":
        try:
            accounts.restore_address(way.user, way.email, changed_at=way.changed_at)
        except Refused as refused:
            refusal = str(refused)
        else:
            messages.success(
                request, f"{way.email} is the address of your account again. Sign in with an emailed code."
            )
            return redirect("account_login")
    return render(
        request, "account/way_back.html", {"way": way, "refusal": refusal}, status=409 if refusal else 200
    )


OVER = "This link has expired. Write to us from your old address."
