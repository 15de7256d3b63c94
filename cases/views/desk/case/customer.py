"""The agents' side: whose case it is."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cases.access import AgentRequest, agents_only, get_case_or_404
from cases.actions import accounts, claims, customers
from cases.forms import CustomerForm
from cases.models import Case, Event, User
from cases.views.timeline import perform
from cases.views.typed import asked
from cases.wording.deliveries import unreachable


@agents_only
@require_http_methods(["GET", "POST"])
def customer(request: AgentRequest, number: int) -> HttpResponse:
    """What moving the case to another customer would show to whom, in words, and then doing it."""
    case = get_case_or_404(request.user, number)
    form = CustomerForm(asked(request, "to"))
    if request.method == "POST" and perform(form, _move, case, by=request.user):
        messages.success(request, f"Case {number} belongs to {form.cleaned_data['to']} now.")
        return redirect("desk_case", number)
    context: dict[str, Any] = {"case": case, "form": form, "owner": customers.whose(case)}
    if form.is_valid():
        to = User.objects.of_address(form.cleaned_data["to"])
        answer = customers.may_move(case)
        if not answer:
            form.add_error(None, answer.refusal)
        elif to and to.pk == case.customer_id:
            form.add_error("to", f"The case already belongs to {to}.")
        else:
            context |= {"to": to or User(email=form.cleaned_data["to"]), "known": to is not None}
    return render(request, "desk/case/customer.html", context, status=422 if form.errors else 200)


@agents_only
@require_POST
def confirmation(request: AgentRequest, number: int) -> HttpResponse:
    """Mail the address that a visitor typed how to confirm it."""
    case = get_case_or_404(request.user, number)
    claims.ask_owner(case, by=request.user)
    if trouble := unreachable(case.claimed_email):
        messages.success(request, f"We’ll email how to confirm the address again. {trouble}")
    else:
        messages.success(request, f"We’ll email {case.claimed_email} how to confirm the address.")
    return redirect("desk_case", number)


def _move(case: Case, *, by: User, to: str) -> Event | None:
    return customers.move(case, by=by, to=accounts.customer_for(to))
