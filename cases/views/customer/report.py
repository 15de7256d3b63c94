"""The customer's side: reporting a problem."""

from typing import Any

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cases.access import MOST_GUEST_CASES, ONLY_READS, ViewerRequest, let_in, only_reads
from cases.actions import incidents, reports
from cases.forms import ReportForm
from cases.models import Case, Incident, Refused, User, Way, Why
from cases.queries.notices import hears
from cases.queries.people import people_seen_by
from cases.text.numbers import whole_number
from cases.views.attachments import with_files
from cases.wording.deliveries import unless_no_mail, unreachable

REPORT = "report"  # the session key of a report that waits for its visitor to sign in


@login_not_required
@require_http_methods(["GET", "POST"])
def case_new(request: ViewerRequest) -> HttpResponse:
    if only_reads(request.user):
        raise PermissionDenied(ONLY_READS)
    if request.method == "GET" or "look" in request.POST:
        typed: dict[str, Any] = _kept(request) | _asked_for(request)
        if request.method == "POST":
            typed = {**request.POST.dict(), "attachments": request.POST.getlist("attachments")}
        form = with_files(ReportForm(viewer=request.user, typed=typed), request)
        return render(request, "customer/report.html", {"form": form, "kept": REPORT in request.session})
    if "sign-in" in request.POST or "clear" in request.POST:
        return _leave(request)
    form = with_files(ReportForm(request.POST, viewer=request.user), request)
    if form.is_valid() and _within_limits(request, form) and (case := _reported(request, form)):
        incident = form.cleaned_data["incident"]
        request.session.pop(REPORT, None)
        joined = incident and incidents.join(case, by=request.user, incident=incident)
        if request.user.is_agent:
            messages.success(request, f"Case {case.number} is open for {case.customer_name}.")
            if case.customer and not case.customer.is_active:
                messages.warning(
                    request, f"{case.customer} is deactivated: they get no email and cannot sign in."
                )
            return redirect("desk_case", case.number)
        messages.success(request, _thanks(case, incident or form.over, joined))
        for number in let_in(request, case):
            messages.warning(
                request,
                f"This browser opens the {MOST_GUEST_CASES} cases that were reported here last, and case {number} no "
                "more. Sign in with its address to find it.",
            )
        return redirect("case", case.number)
    form.focus_first_error()
    return render(request, "customer/report.html", {"form": form}, status=422)


def _reported(request: ViewerRequest, form: ReportForm) -> Case | None:
    """The case that the form opens. A refusal becomes the form's error, so that nothing typed is lost."""
    said = {name: value for name, value in form.cleaned_data.items() if name != "incident"}
    try:
        return reports.report(by=request.user, **said)
    except Refused as refused:
        form.add_error(None, str(refused))
        return None


def _kept(request: ViewerRequest) -> dict[str, Any]:
    """What a visitor had typed before they went to sign in."""
    return request.session.get(REPORT, {})


def _asked_for(request: ViewerRequest) -> dict[str, str]:
    """The system and the incident that a link to the form names, and for agents the customer."""
    asked = {name: request.GET[name] for name in ("system", "incident") if name in request.GET}
    customer = whole_number(request.GET.get("customer", ""), digits=9)
    if customer and isinstance(request.user, User) and request.user.is_agent:
        for one in people_seen_by(request.user).filter(pk=customer, is_active=True):
            asked |= {"name": str(one), "email": one.email}
    return asked


def _leave(request: ViewerRequest) -> HttpResponse:
    """Keep what was typed while its visitor signs in, or forget it."""
    request.session.pop(REPORT, None)
    if "clear" in request.POST:
        return redirect("case_new")
    if ratelimit.consume(request, action="report"):
        form = with_files(ReportForm(request.POST, viewer=request.user), request)
        for sentence in form.left_out:
            messages.error(request, sentence)
        typed: dict[str, Any] = {name: request.POST.get(name, "") for name in ReportForm.base_fields}
        typed["attachments"] = form.keys
        request.session[REPORT] = {name: value for name, value in typed.items() if value}
    else:
        messages.error(
            request,
            "Too many reports came from your network in the last hour. What you typed is kept only in this browser: copy it before you sign in.",
        )
    return redirect(f"{reverse('account_login')}?next={request.path}")


def _thanks(case: Case, incident: Incident | None, joined: bool) -> str:
    if case.customer:
        trouble = unreachable(case.customer.email)
        if not trouble and hears(case.customer, Why.OWN, Way.MAIL):
            way = "We’ve emailed you a link."
        else:
            way = f"{trouble} You find the case among yours.".strip()
    else:  # told the same whosever the address is: not whether it is one that gets no mail from us
        way = unless_no_mail("If the address you gave can receive our email, we’ve sent a link there.")
    if not incident:
        return f"Thank you. Your report is case {case.number}. {way}"
    if joined:
        return f"Thank you. Your report is case {case.number}, part of incident {incident.number}. {way}"
    return (
        f"“{incident.title}” is no longer taking reports, so yours is a separate case: {case.number}. {way}"
    )


def _within_limits(request: ViewerRequest, form: ReportForm) -> bool:
    """Whether a visitor may report once more from this network: see ACCOUNT_RATE_LIMITS."""
    if request.user.is_authenticated or ratelimit.consume(request, action="report"):
        return True
    form.add_error(
        None, "Too many reports came from your network in the last hour. Sign in to send this one."
    )
    return False
