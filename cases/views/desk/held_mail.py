"""Mail that was held back or could not be read, and the senders that are blocked."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from cases.access import AgentRequest, Right, View, for_those_who_may
from cases.actions import held_mail
from cases.files.store import StoreUnavailable
from cases.forms import SenderForm
from cases.models import BlockedSender, Outcome, ReceivedMail, Refused
from cases.text.numbers import whole_number
from cases.views.attachments import AWAY

SHOWN = 50


def handles_mail(view: View) -> View:
    """For whoever may, unless they are limited: what belongs to no case may be of any system."""

    @for_those_who_may(Right.HANDLE_HELD_MAIL, "This page is for agents.")
    def wrapper(request: AgentRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.limit:
            raise PermissionDenied("Held mail can be about any system, and your access is limited.")
        return view(request, *args, **kwargs)

    return wrapper


@handles_mail
@require_GET
def held(request: AgentRequest) -> HttpResponse:
    return _page(request, SenderForm())


@handles_mail
@require_POST
def rescue(request: AgentRequest, key: UUID) -> HttpResponse:
    mail = get_object_or_404(ReceivedMail, key=key)
    try:
        done = held_mail.rescue(mail, by=request.user)
    except StoreUnavailable:
        return render(request, "errors/error.html", AWAY, status=503)
    if done and done.mail.case:
        messages.success(request, f"Rescued. {Outcome(done.outcome).label}.")
        return redirect("desk_case", done.mail.case.number)
    if done:
        messages.error(request, f"It couldn’t be rescued. {done.reason}")
    return redirect("mail_held")


@handles_mail
@require_POST
def deletion(request: AgentRequest, key: UUID) -> HttpResponse:
    held_mail.delete(get_object_or_404(ReceivedMail, key=key), by=request.user)
    messages.success(request, "Deleted.")
    return redirect("mail_held")


@handles_mail
@require_POST
def senders(request: AgentRequest) -> HttpResponse:
    """Block the address that is posted, or with `blocked=no` unblock it."""
    form = SenderForm(request.POST)
    if form.is_valid():
        address = form.cleaned_data["address"]
        try:
            if request.POST.get("blocked") == "no":
                held_mail.unblock(address, by=request.user)
                messages.success(request, f"{address} is unblocked.")
            else:
                held_mail.block(address, by=request.user)
                messages.success(request, f"{address} is blocked.")
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("mail_held")
    return _page(request, form, status=422)


def _page(request: AgentRequest, form: SenderForm, status: int = 200) -> HttpResponse:
    mails = ReceivedMail.objects.visible_to(request.user).to_look_at()
    before = whole_number(request.GET.get("before", ""))
    if before is not None:
        mails = mails.filter(pk__lt=before)
    shown = list(mails.order_by("-pk")[: SHOWN + 1])
    context = {
        "mails": shown[:SHOWN],
        "earlier": shown[SHOWN - 1].pk if len(shown) > SHOWN else None,
        "blocked": BlockedSender.objects.select_related("by"),
        "form": form,
    }
    return render(request, "desk/held_mail.html", context, status=status)
