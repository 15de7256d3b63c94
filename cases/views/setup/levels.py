"""Business hours, and a service level of three that are ready."""

from collections.abc import Iterator
from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from cases.access import AgentRequest
from cases.actions import installation
from cases.actions.ready_levels import READY, ReadyLevel
from cases.forms.service_levels import DAYS
from cases.forms.setup import HoursForm, LevelForm
from cases.models import Bulk
from cases.queries import setup
from cases.text.spans import open_time

from .index import administrators_only, is_done


@administrators_only
@require_http_methods(["GET", "POST"])
def hours(request: AgentRequest) -> HttpResponse:
    known = setup.business_hours()
    form = HoursForm(request.POST if request.method == "POST" else None, instance=known)
    done: list[Bulk | None] = []
    if form.is_valid() and is_done(
        form, lambda: done.append(installation.keep_hours(form.instance, form.write_hours, by=request.user))
    ):
        messages.success(request, "Your business hours are saved.")
        _tell(request, done[0])
        return redirect("setup")
    context = {"form": form, "known": known, "week": [form[name] for name in DAYS]}
    return render(request, "setup/hours.html", context, status=422 if form.is_bound else 200)


@administrators_only
@require_http_methods(["GET", "POST"])
def level(request: AgentRequest) -> HttpResponse:
    form = LevelForm(request.POST if request.method == "POST" else None)
    done: list[Bulk | None] = []
    if form.is_valid():
        chosen = next(level for level in READY if level.key == form.cleaned_data["level"])
        if is_done(
            form,
            lambda: done.append(installation.choose_level(chosen, setup.business_hours(), by=request.user)),
        ):
            messages.success(
                request, f"“{chosen.name}” holds for every case that has no other service level."
            )
            _tell(request, done[0])
            return redirect("setup")
    context = {
        "form": form,
        "ready": [(level, list(_shown(level))) for level in READY],
        "policy": setup.usual_policy(),
        "hours": setup.business_hours(),
    }
    return render(request, "setup/level.html", context, status=422 if form.is_bound else 200)


def _shown(level: ReadyLevel) -> Iterator[tuple[str, list[str]]]:
    """Each severity with how soon, in words."""
    for severity, *minutes in level.rows:
        yield severity.label, [open_time(timedelta(minutes=number)) if number else "–" for number in minutes]


def _tell(request: AgentRequest, bulk: Bulk | None) -> None:
    if bulk:
        page = reverse("bulk", args=[bulk.pk])
        words = 'The open cases are being brought up to date. <a href="{}">Progress</a>'
        messages.info(request, format_html(words, page))
