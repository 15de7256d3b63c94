"""Whether mail goes out, tried for real."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cases.access import AgentRequest
from cases.actions import mail_test
from cases.models import Delivery
from cases.text.numbers import whole_number
from cases.wording.mail_test import advice

from .index import administrators_only


@administrators_only
@require_http_methods(["GET", "POST"])
def mail(request: AgentRequest) -> HttpResponse:
    """How mail is set. POST sends one to whoever asks; `test` is the job that does, whose outcome the page waits for."""
    server = settings.MAIL_SERVER
    if request.method == "POST":
        return redirect(f"{reverse('setup_mail')}?test={mail_test.ask(request.user)}")
    test = whole_number(request.GET.get("test", ""))
    sent = mail_test.outcome(test, request.user) if test else None
    context = {
        "server": server.hostname and f"{server.hostname}:{server.port}" if server.port else server.hostname,
        "sender": settings.MAIL_FROM,
        "kept": settings.SHOW_KEPT_MAIL,
        "folder": settings.KEPT_MAIL,
        "test": test,
        "sent": sent,
        "went": sent and sent.state in (Delivery.State.SENT, Delivery.State.DELIVERED),
        "advice": advice(sent) if sent else "",
        "runs_jobs": settings.RUN_JOBS,
    }
    return render(request, "setup/mail.html", context)
