"""The customer's side."""

from datetime import timedelta
from typing import Any, cast

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.access import ViewerRequest, get_case_or_404, guests_too, is_own, let_in
from cases.actions import accounts, claims, conversation, giving, joining, read_receipts, resolution
from cases.actions.rating import rate
from cases.forms import (
    LONGEST_MESSAGE,
    TOO_MUCH,
    CaseFilter,
    CommentForm,
    GiveForm,
    RatingForm,
    ReplyForm,
    ReportForm,
)
from cases.models import Case, Incident, Rating, Request, Status, User
from cases.models.case import ACTIVE
from cases.models.request import note_wanted
from cases.queries import excerpts, incident_cases
from cases.queries.search import find
from cases.status_page import pages
from cases.views.attachments import filled
from cases.views.desk.case.composer_drafts import as_typed
from cases.views.timeline import acted, cursor_of, goes_on, last_seen, meant, tick, timeline, told

PAGE = 25
MOST_CLAIMS = 20  # shown at once: each is decided, so that the others follow
SAME_REPORT = timedelta(minutes=15)
REPORT = "report"  # the session key of a report that waits for its visitor to sign in
JUST_NOW = timedelta(minutes=10)
NOT_RATED = "not_rated"  # the session key of the cases whose customer would rather not say
MOST_NOT_RATED = 50
# What the forms of a case are called in its page, and the template of the part in which they stand.
PLACES: dict[Any, tuple[str, str]] = {
    ReplyForm: ("form", "customer/case.html#composer"),
    CommentForm: ("comment", "customer/case.html#question"),
    RatingForm: ("rating", "customer/case.html#question"),
    GiveForm: ("giving", "customer/wanted.html"),
}
GROUPS = {"active": ACTIVE, "resolved": [Status.RESOLVED], "closed": [Status.CLOSED]}


@login_not_required
@require_http_methods(["GET", "POST"])
def case_new(request: ViewerRequest) -> HttpResponse:
    if request.method == "GET" or "look" in request.POST:
        typed: dict[str, Any] = _kept(request) | _asked_for(request)
        if request.method == "POST":
            typed = {**request.POST.dict(), "attachments": request.POST.getlist("attachments")}
        form = filled(ReportForm(viewer=request.user, typed=typed), request)
        return render(request, "customer/report.html", {"form": form, "kept": REPORT in request.session})
    if "sign-in" in request.POST or "clear" in request.POST:
        return _leave(request)
    form = filled(ReportForm(request.POST, viewer=request.user), request)
    if form.is_valid() and _within_limits(request, form):
        incident = form.cleaned_data.pop("incident")
        request.session.pop(REPORT, None)
        case = _again(request, form.cleaned_data) or _open(request, form.cleaned_data)
        joined = incident and joining.join(case, by=request.user, incident=incident)
        if request.user.is_agent:
            messages.success(request, f"Case {case.number} is open for {case.customer_name}.")
            return redirect("desk_case", case.number)
        let_in(request, case)
        messages.success(request, _thanks(case, incident or form.over, joined))
        return redirect("case", case.number)
    form.focus_first_error()
    return render(request, "customer/report.html", {"form": form}, status=422)


def _kept(request: ViewerRequest) -> dict[str, str]:
    """What a visitor had typed before they went to sign in."""
    return request.session.get(REPORT, {})


def _asked_for(request: ViewerRequest) -> dict[str, str]:
    """The system and the incident that a link to the form names."""
    return {name: request.GET[name] for name in ("system", "incident") if name in request.GET}


def _leave(request: ViewerRequest) -> HttpResponse:
    """Keep what was typed while its visitor signs in, or forget it."""
    request.session.pop(REPORT, None)
    if "clear" in request.POST:
        return redirect("case_new")
    if ratelimit.consume(request, action="report"):
        typed = {name: request.POST.get(name, "") for name in ReportForm.base_fields}
        request.session[REPORT] = {name: text[:LONGEST_MESSAGE] for name, text in typed.items() if text}
    return redirect(f"{reverse('account_login')}?next={request.path}")


def _thanks(case: Case, incident: Incident | None, joined: bool) -> str:
    way = "We mailed you the way back to it."
    if not incident:
        return f"Thank you. Your report is case {case.number}. {way}"
    if joined:
        return f"Thank you. Your report is case {case.number}, part of incident {incident.number}. {way}"
    return f"“{incident.title}” takes no more reports, so yours is case {case.number} by itself. {way}"


def _within_limits(request: ViewerRequest, form: ReportForm) -> bool:
    """Whether a visitor may report once more from this network: see ACCOUNT_RATE_LIMITS."""
    if request.user.is_authenticated or ratelimit.consume(request, action="report"):
        return True
    form.add_error(None, "Many reports came from your network within the hour. Sign in to send this one.")
    return False


def _same_report(request: ViewerRequest, report: dict[str, Any]) -> Case | None:
    """The case that the same words opened a moment ago: the Back button sends a report again, as a new form."""
    email = (
        request.user.email if isinstance(request.user, User) and "email" not in report else report["email"]
    )
    recent = Case.objects.visible_to(request.user).filter(opened_at__gte=timezone.now() - SAME_REPORT)
    alike = recent.filter(system=report["system"], summary=report["summary"])
    if isinstance(request.user, User):
        alike = alike.filter(customer__email__iexact=email)
    else:
        alike = alike.filter(claimed_email__iexact=email)
    return alike.filter(events__sequence=2, events__body=report["description"]).first()


def _again(request: ViewerRequest, report: dict[str, Any]) -> Case | None:
    """The case that was opened by the same words, and what comes with them that it has not yet."""
    case = _same_report(request, report)
    if case:
        known = set(case.attachments.values_list("sha256", flat=True))
        new = [one for one in report["attachments"] if one.sha256 not in known]
        if new:
            conversation.reply(case, by=request.user, body="", attachments=new)
    return case


def _open(request: ViewerRequest, report: dict[str, Any]) -> Case:
    """For oneself, for the customer whom an agent names, or for the address that a visitor gives."""
    viewer = request.user
    if isinstance(viewer, User) and not viewer.is_agent:
        return conversation.open_case(customer=viewer, by=viewer, **report)
    name = report.pop("name")
    email = report.pop("email")
    if isinstance(viewer, User):
        customer = accounts.customer_for(email, name)
        return conversation.open_case(customer=customer, customer_name=name, by=viewer, **report)
    return conversation.open_case(claimed_email=email, customer_name=name, by=viewer, **report)


@require_GET
def case_list(request: ViewerRequest) -> HttpResponse:
    if request.user.is_agent:
        return redirect("queue")
    form = CaseFilter(request.GET)
    form.full_clean()
    wanted = form.cleaned_data
    cases = Case.objects.visible_to(request.user)
    if wanted.get("status"):
        cases = cases.filter(status__in=GROUPS[wanted["status"]])
    if wanted.get("whose"):
        cases = cases.filter(customer=request.user)
    text = wanted.get("q") or ""
    found = find(request.user, cases, text) if text else None
    if found:
        cases = cases.filter(number__in=list(found.hits))
    start = (wanted.get("page") or 0) * PAGE
    shown = list(
        cases.select_related("system", "incident").order_by("-told_at", "-number")[start : start + PAGE + 1]
    )
    if found:
        shown = excerpts.of(request.user, [found.hits[case.number] for case in shown], text)
    incident_cases.note_questions(shown)
    note_wanted(shown)
    context = {
        "form": form,
        "complaint": TOO_MUCH if "q" in form.errors else "",
        "cases": shown[:PAGE],
        "not_all": found and found.back,
        "next_page": (wanted.get("page") or 0) + 1 if len(shown) > PAGE else None,
        "narrowed": bool(wanted.get("q") or wanted.get("status") or wanted.get("whose")),
        "shares": request.user.shares_cases,
        "claims": _claims(request)[:MOST_CLAIMS] if not form.changed_data else (),
    }
    return render(request, "customer/list.html", context)


@guests_too
@require_GET
def case_detail(request: ViewerRequest, number: int) -> HttpResponse:
    try:
        case = get_case_or_404(request.user, number)
    except Http404:
        if claimed := _claims(request).filter(number=number).first():
            return render(request, "customer/claim.html", {"case": claimed})
        raise
    if request.user.is_agent and case.customer != request.user:
        return redirect("desk_case", number)
    context = timeline(request, case) | _beside(request, case)
    if not context["archive"]:
        _seen(request, case)
    return render(request, "customer/case.html", context)


def _claims(request: ViewerRequest) -> QuerySet[Case]:
    """What was reported with the viewer's address, and waits for their word on whether it was them."""
    if not isinstance(request.user, User):
        return Case.objects.none()
    return Case.objects.claiming(request.user).select_related("system").order_by("-number")


@require_POST
def claim(request: ViewerRequest, number: int) -> HttpResponse:
    """Whether it was them who reported the case with their address: `mine` is `yes` or `no`."""
    case, user = get_object_or_404(_claims(request), number=number), cast(User, request.user)
    mine = request.POST.get("mine")
    if mine == "yes" and claims.prove(case, by=user):
        messages.success(request, f"Case {number} is yours now.")
        return redirect("case", number)
    if mine == "no" and claims.disown(case, by=user):
        messages.success(request, f"Noted. Case {number} has nothing to do with your address any more.")
        return redirect("home")
    return redirect("case", number)


def _beside(request: ViewerRequest, case: Case) -> dict[str, Any]:
    """What stands around the conversation: where to write, and the incident that the case is part of."""
    incident = case.incident
    incident_cases.note_questions([case])
    updates = pages.updates_beside(case, incident) if incident else []
    beside = {
        "form": ReplyForm(),
        "comment": CommentForm(),
        "giving": [GiveForm(asked) for asked in case.wanted],
        "incident": incident,
        "updates": updates,
    }
    return beside | _rating(request, case)


def _rating(request: ViewerRequest, case: Case) -> dict[str, Any]:
    """What the customer of a closed case is asked: how our help was, or for a word to what they said."""
    if case.status != Status.CLOSED or case.merged_into_id or not is_own(request.user, case):
        return {}
    rated = Rating.objects.filter(case=case).first()
    return {
        "rating": RatingForm(),
        "rated": rated,
        "just_rated": rated and timezone.now() - rated.at < JUST_NOW,
        "later": case.number in request.session.get(NOT_RATED, ()),
    }


def _seen(request: ViewerRequest, case: Case) -> None:
    """The customer reads: they themselves, or the guest who reported the case. A colleague's look is none of theirs."""
    if is_own(request.user, case):
        read_receipts.see(case)


@guests_too
@require_GET
def case_live(request: ViewerRequest, number: int) -> HttpResponse:
    case = get_case_or_404(request.user, number)
    after = cursor_of(request)
    _seen(request, case)
    if after is not None and (after >= case.last_sequence or after >= last_seen(request, case)):
        return HttpResponse(status=204)
    return tick(request, case, "customer/tick.html", _beside(request, case))


@guests_too
@require_GET
def case_told(request: ViewerRequest, number: int) -> HttpResponse:
    return told(request, number)


@guests_too
@require_POST
def replies(request: ViewerRequest, number: int) -> HttpResponse:
    case = get_case_or_404(request.user, number)
    form = filled(ReplyForm(request.POST), request)
    return _answer(request, case, form, acted(form, conversation.reply, case, by=request.user))


@guests_too
@require_POST
def given(request: ViewerRequest, number: int, pk: int) -> HttpResponse:
    """What the customer gives that they were asked for."""
    case = get_case_or_404(request.user, number)
    asked = get_object_or_404(case.requests, pk=pk)
    form = filled(GiveForm(asked, request.POST), request)
    done = acted(form, giving.give, case, by=request.user, request=pk)
    asked.refresh_from_db()
    if done and asked.outcome in (Request.Outcome.WITHDRAWN, Request.Outcome.UNANSWERED):
        messages.success(
            request, f"We no longer waited for {asked.what}. What you sent is with us all the same."
        )
    return _answer(request, case, form, done)


@guests_too
@require_POST
def confirmation(request: ViewerRequest, number: int) -> HttpResponse:
    """The answer to "Did this fix it?": `answer` is `yes` or `not-yet`."""
    case = get_case_or_404(request.user, number)
    form = filled(CommentForm(request.POST), request)
    if request.POST.get("answer") == "yes":
        resolution.confirm(case, by=request.user, **meant(request))
        return _answer(request, case, form, True)
    return _answer(request, case, form, acted(form, resolution.decline, case, by=request.user))


@guests_too
@require_POST
def rating(request: ViewerRequest, number: int) -> HttpResponse:
    """How our help was, or `later`: then it is asked no more."""
    case = get_case_or_404(request.user, number)
    if not is_own(request.user, case):
        raise PermissionDenied("Only the customer of a case rates how it was handled.")
    form = RatingForm(request.POST)
    if "later" in request.POST:
        request.session[NOT_RATED] = [*request.session.get(NOT_RATED, []), number][-MOST_NOT_RATED:]
        return _answer(request, case, form, True)
    return _answer(request, case, form, acted(form, rate, case, by=request.user))


@guests_too
@require_POST
def reopening(request: ViewerRequest, number: int) -> HttpResponse:
    case = get_case_or_404(request.user, number)
    form = filled(ReplyForm(request.POST), request)
    return _answer(request, case, form, acted(form, resolution.reopen, case, by=request.user))


def _as_reply(form: CommentForm) -> ReplyForm:
    """What was said to a question that is no longer asked, where it can still be said."""
    reply = ReplyForm(form.data)
    for error in form.non_field_errors():
        reply.add_error(None, error)
    return reply


def _answer(request: ViewerRequest, case: Case, form: Any, done: bool) -> HttpResponse:
    case = get_case_or_404(request.user, case.number)
    if done and case.merged_into_id:
        return goes_on(request, case, "case")
    if done and not request.htmx:
        return redirect(f"{reverse('case', args=[case.number])}#event-{last_seen(request, case)}")
    if done:
        return tick(request, case, "customer/tick.html", _beside(request, case) | {"answered": "fresh"})
    moved = isinstance(form, CommentForm) and case.status == Status.CLOSED
    form = filled(_as_reply(form), request) if moved else form
    name, template = PLACES[type(form)]
    context = _beside(request, case)
    if isinstance(form, GiveForm):
        context[name] = [as_typed(form), *(one for one in context[name] if one.asked != form.asked)]
    else:
        context[name] = as_typed(form)
    if moved and request.htmx and cursor_of(request) is not None:
        response = tick(request, case, "customer/tick.html", context | {"answered": "fresh"})
        response.status_code = 422
        return response
    context |= timeline(request, case)
    if request.htmx:
        context |= {"oob": True, "answered": "fresh"}
        return render(request, template, context, status=422)
    return render(request, "customer/case.html", context, status=422)
