"""What an agent's deed in a case is answered with: the new part of the page, or a form with what is wrong."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from cases.access import AgentRequest, get_case_or_404
from cases.actions import drafts, read_receipts
from cases.models import Case
from cases.views.desk.case.composer_drafts import DraftStatus, as_typed, seen_of
from cases.views.desk.case.composer_forms import composers
from cases.views.desk.case.sidebar import sidebar
from cases.views.timeline import perform, redirect_to_merge_target, tick, timeline


def answer(
    request: AgentRequest,
    case: Case,
    name: str = "",
    form: Any = None,
    done: bool = True,
    saved: str = "",
    **shown: Any,
) -> HttpResponse:
    if done and request.user.limit and not request.user.sees(Case.objects.get(pk=case.pk)):
        return _left(request, case)
    case = get_case_or_404(request.user, case.number)
    if done and form and case.merged_into_id:
        return redirect_to_merge_target(request, case, "desk_case")
    if done and not request.htmx:
        return redirect(f"{reverse('desk_case', args=[case.number])}#event-{case.last_sequence}")
    if done:
        read_receipts.opened(case, by=request.user)
        answered = {"answered": "fresh" if form else "changed", "saved": saved}
        return tick(
            request,
            case,
            "desk/case/tick.html",
            composers(request.user, case) | sidebar(request, case) | answered,
        )
    return composing(request, case, name, form, **shown)


def _left(request: AgentRequest, case: Case) -> HttpResponse:
    """To the queue, from a case that was given to a team whose cases the agent does not see."""
    messages.success(request, f"Case {case.number} has moved, and you no longer have access to it.")
    address = reverse("queue")
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


def composing(
    request: AgentRequest,
    case: Case,
    name: str,
    form: Any = None,
    question: drafts.NeedsConfirmation | None = None,
    kept: DraftStatus | None = None,
    status: int = 422,
    **shown: Any,
) -> HttpResponse:
    """The composers, one with what was typed: by themselves, or in their page."""
    context = composers(request.user, case) | {"case": case, "composing": name, "refused": True} | shown
    if form:
        context |= {name: as_typed(form), "unkept": name}
    if isinstance(question, drafts.DraftConflict):
        kept = DraftStatus.beside(question)
    context |= {
        "question": question,
        "kept": {**context["kept"], name: kept or DraftStatus(seen_of(request))},
    }
    if request.htmx:
        context |= {"oob": True, "answered": "fresh"}
        return render(request, "desk/case/composer.html", context, status=status)
    context = timeline(request, case) | sidebar(request, case) | context
    return render(request, "desk/case/page.html", context, status=status)


def answer_in_details(
    request: AgentRequest,
    case: Case,
    name: str = "",
    form: Any = None,
    done: bool = True,
    part: str = "desk/case/sidebar.html",
) -> HttpResponse:
    """Like `answer`, for a form in the details, or in another `part` of the page: a mistake is shown there, with what
    was typed."""
    if done:
        return answer(request, case, saved=name)
    case = get_case_or_404(request.user, case.number)
    context = timeline(request, case) | composers(request.user, case) | sidebar(request, case)
    context |= {name: as_typed(form)}
    if request.htmx:
        context |= {"oob": True, "answered": "changed"}
        return render(request, part, context, status=422)
    return render(request, "desk/case/page.html", context, status=422)


def do_in_details(request: AgentRequest, number: int, name: str, form: Any, action: Any) -> HttpResponse:
    case = get_case_or_404(request.user, number)
    return answer_in_details(request, case, name, form, perform(form, action, case, by=request.user))
