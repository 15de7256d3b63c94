"""The agents' side: what a team is asked in a case, and its answer."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from cases.access import AgentRequest, agents_only, get_case_or_404
from cases.actions import escalations
from cases.forms import AnswerForm, EscalationForm
from cases.views.timeline import perform

from .responses import answer_in_details


@agents_only
@require_POST
def escalation(request: AgentRequest, number: int) -> HttpResponse:
    case = get_case_or_404(request.user, number)
    form = EscalationForm(request.POST)
    done = perform(form, escalations.escalate, case, by=request.user)
    return answer_in_details(request, case, "escalating", form, done)


@agents_only
@require_POST
def answer(request: AgentRequest, number: int) -> HttpResponse:
    case = get_case_or_404(request.user, number)
    form = AnswerForm(request.POST)
    done = perform(form, escalations.answer, case, by=request.user)
    return answer_in_details(request, case, "answering", form, done, part="desk/case/escalation.html")


@agents_only
@require_POST
def withdrawal(request: AgentRequest, number: int) -> HttpResponse:
    case = get_case_or_404(request.user, number)
    escalations.withdraw(case, by=request.user)
    return answer_in_details(request, case)
