"""The jobs, for administrators. The site of the administration lets nobody else in."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from cases.actions import jobs as actions
from cases.models import Refused
from cases.queries import jobs as queries
from cases.text.numbers import whole_number
from cases.wording import jobs as wording


@require_GET
def jobs(request: HttpRequest) -> HttpResponse:
    before = whole_number(request.GET.get("before", ""))
    lists = {"failed": queries.failed(before)}
    if not before:
        lists |= {"running": queries.running(), "waiting": queries.waiting()}
    context: dict[str, Any] = {name: [_line(job) for job in found.found] for name, found in lists.items()}
    older = lists["failed"].has_more and lists["failed"].found[-1].job.pk
    more = {"title": "Jobs", "before": before, "older": older, "shown": queries.SHOWN}
    more["waits_more"] = not before and lists["waiting"].has_more
    return render(request, "admin/jobs.html", admin.site.each_context(request) | context | more)


@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    return _do(request, pk, actions.try_again, "The job is tried again within seconds.")


@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    return _do(request, pk, actions.give_up, "The job is given up.")


def _do(request: HttpRequest, pk: int, action: Callable[..., None], done: str) -> HttpResponse:
    try:
        action(pk, by=request.user)
        messages.success(request, done)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("admin:jobs")


def _line(found: queries.Job) -> dict[str, Any]:
    job = found.job
    return {
        "pk": job.pk,
        "does": wording.does(job),
        "about": wording.about(job),
        "why": wording.why(found.failure),
        "tries": job.attempts,
        "at": found.at or (found.failure and found.failure.at),
        "due": job.scheduled_at,
    }
