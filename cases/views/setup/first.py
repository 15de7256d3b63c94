"""The page of the link that the first start prints: it makes the first administrator's account."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cases.access import ViewerRequest
from cases.actions import first_administrator
from cases.forms.setup import FirstForm
from cases.models import Refused

LINK = "first_administrator"  # the session key of the link that was opened in this browser
PAGE = "setup/first.html"


@login_not_required
@require_http_methods(["GET", "POST"])
def first(request: ViewerRequest) -> HttpResponse:
    """The link is kept in the session at once, so that no address of ours, which others may be told, has it."""
    if "link" in request.GET:
        if first_administrator.may_make(request.GET["link"]):
            request.session[LINK] = request.GET["link"]
        return redirect("setup_first")
    signed = request.session.get(LINK, "")
    answer = first_administrator.may_make(signed)
    if not answer:
        return render(request, PAGE, {"refusal": answer.refusal}, status=410)
    form = FirstForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, PAGE, {"form": form}, status=422 if form.is_bound else 200)
    try:
        user = first_administrator.make(signed, **form.cleaned_data)
    except Refused as refused:
        return render(request, PAGE, {"refusal": refused}, status=410)
    record_authentication(request, user, method="setup_link", email=user.email)
    return perform_login(request, user, email=form.cleaned_data["email"], redirect_url=reverse("setup"))
