"""A case as a link in our mail opens it, without signing in: to be read, and to answer what that mail asked."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from cases.access import ViewerRequest
from cases.actions import resolution
from cases.actions.rating import may_rate, rate
from cases.mail import links
from cases.models import Case, Rating, Refused
from cases.queries import incident_cases
from cases.views.timeline import timeline
from cases.wording.deliveries import unreachable

MAILED = "mailed"  # the session key of the links that were opened in this browser, by their cases
MOST_MAILED = 20
ANSWERS = ("yes", "not-yet", "good", "bad")


@login_not_required
@require_GET
def link(request: ViewerRequest) -> HttpResponse:
    """The link is kept in the session at once, so that no address of ours, which others may be told, has it."""
    link = request.GET.get("link", "")
    opened = links.opened(link)
    if opened is None:
        return _nothing(request)
    kept = [(number, one) for number, one in request.session.get(MAILED, []) if number != opened.case.number]
    request.session[MAILED] = [*kept, (opened.case.number, link)][-MOST_MAILED:]
    answer = request.GET.get("answer")
    response = redirect("opened_case", opened.case.number)
    response["Location"] += f"?answer={answer}" if answer in ANSWERS else ""
    return response


@login_not_required
@require_http_methods(["GET", "POST"])
def case(request: ViewerRequest, number: int) -> HttpResponse:
    """To look at it answers nothing: programs that check mail open every link in it."""
    if request.user.is_authenticated:
        if Case.objects.visible_to(request.user).filter(pk=number).exists():
            return redirect("case", number)
        return _nothing(request)
    opened = links.opened(dict(request.session.get(MAILED, [])).get(number, ""))
    if opened is None:
        return _nothing(request)
    if opened.is_over:
        if request.method == "POST":
            links.ask_for_fresh_link(opened.case, opened.person)
            trouble = unreachable(opened.person.email)
            messages.success(request, trouble or "We’ve emailed you a new link.")
            return redirect("opened_case", number)
        return render(request, "customer/mailed_over.html", {"opened": opened}, status=410)
    if request.method == "POST":
        _take(request, opened)
        return redirect("opened_case", number)
    return render(request, "customer/mailed.html", _shown(request, opened))


def _take(request: ViewerRequest, opened: links.Opened) -> None:
    """Do what they answer, and tell what came of it."""
    case, person, answer = opened.case, opened.person, request.POST.get("answer")
    if opened.resolved_at is None or answer not in ANSWERS:
        return
    try:
        match answer:
            case "yes":
                done = resolution.confirm(case, by=person, resolved_at=opened.resolved_at)
                said = "Thank you. The case is closed." if done else f"Case {case.number} is already closed."
            case "not-yet":
                done = resolution.decline(case, by=person, resolved_at=opened.resolved_at)
                said = (
                    "Thank you. We’ve reopened the case and will reply by email."
                    if done
                    else f"Case {case.number} is already open: we’re on it."
                )
            case _:
                done = rate(case, by=person, good=answer == "good")
                said = "Thank you for telling us." if done else "You’ve already told us. Thank you."
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, said)


def _shown(request: ViewerRequest, opened: links.Opened) -> dict[str, object]:
    case, asked = opened.case, opened.resolved_at is not None
    return timeline(request, case, viewer=opened.person) | {
        "opened": opened,
        "by_link": True,
        "questioned": incident_cases.questioned([case]),
        "answer": request.GET.get("answer"),
        "asks": asked and resolution.may_confirm(case) and case.resolved_at == opened.resolved_at,
        "rates": asked and may_rate(case, opened.person) and not Rating.objects.filter(case=case).exists(),
    }


def _nothing(request: ViewerRequest) -> HttpResponse:
    """The same for a link that nobody made, that ended, or that was mailed to somebody else."""
    return render(request, "customer/mailed_over.html", status=410)
