"""The agents' side: what a customer gave as a secret, shown on a click and deleted on another."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from cases.access import AgentRequest, Right, for_those_who_may, get_case_or_404
from cases.actions import secrets
from cases.models import SecretAnswer

may_see = for_those_who_may(
    Right.SEE_SECRETS, "What customers give as a secret is for whoever works on cases."
)


def _answer(request: AgentRequest, number: int, pk: int) -> SecretAnswer:
    case = get_case_or_404(request.user, number)
    answers = SecretAnswer.objects.select_related("request__case")
    return get_object_or_404(answers, request=pk, request__case=case)


@may_see
@require_POST
@never_cache
def secret(request: AgentRequest, number: int, pk: int) -> HttpResponse:
    """What was given. It is the answer to a form, so that no link, preview or Back button shows it again."""
    answer = _answer(request, number, pk)
    context = {"case": answer.request.case, "answer": answer, "text": secrets.show(answer, by=request.user)}
    return render(request, "desk/case/secret.html", context)


@may_see
@require_POST
def deletion(request: AgentRequest, number: int, pk: int) -> HttpResponse:
    secrets.delete(_answer(request, number, pk), by=request.user)
    return redirect("desk_case", number)
