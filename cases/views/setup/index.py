"""The page of set-up: what is to be done, and how it stands."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from cases.access import AgentRequest, Right, for_those_who_may
from cases.actions import installation
from cases.models import Refused
from cases.queries import setup

from .steps import SKIPPABLE, steps

administrators_only = for_those_who_may(Right.ADMINISTER, "Set-up is for administrators.")


@administrators_only
@require_GET
def index(request: AgentRequest) -> HttpResponse:
    found = steps(request.user)
    context = {
        "open": [step for step in found if step.is_open],
        "done": [step for step in found if step.done],
        "skipped": [step for step in found if step.skipped and not step.done],
    }
    return render(request, "setup/index.html", context)


@administrators_only
@require_POST
def skip(request: AgentRequest, name: str) -> HttpResponse:
    """Leave a step out, or take it up again (`again`)."""
    if name not in SKIPPABLE:
        raise Http404
    installation.skip(name, by=request.user, again="again" in request.POST)
    return redirect("setup")


@administrators_only
@require_GET
def case(request: AgentRequest) -> HttpResponse:
    """How to report a problem as a customer does, and where its case waits."""
    found, answered = setup.first_case(request.user)
    systems = setup.public_systems().exists()
    address = f"{settings.URL}{reverse('case_new')}"
    context = {"case": found, "answered": answered, "systems": systems, "address": address}
    return render(request, "setup/case.html", context)


def is_done(form: Any, action: Callable[[], object]) -> bool:
    """Do it. A refusal becomes the form's error, so that nothing typed is lost."""
    try:
        action()
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    return True
