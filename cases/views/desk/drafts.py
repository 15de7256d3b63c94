"""Drafts: what keeps one, and the list of them."""

from uuid import UUID

from django.db.models import Value
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, Left, NullIf
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from cases.access import AgentRequest, agents_only, get_case_or_404
from cases.actions import drafts
from cases.models import Draft
from cases.views.desk.case.composer_drafts import DraftStatus, fields_of, other_of, put_in, seen_of
from cases.views.desk.case.composer_forms import FORMS
from cases.views.desk.case.responses import composing

MOST = 100
EXCERPT = 200  # characters


@agents_only
@require_POST
def draft(request: AgentRequest, number: int, kind: str) -> HttpResponse:
    """Keep what a composer holds; or throw it away, or exchange it for the text that stands beside it."""
    case = get_case_or_404(request.user, number)
    typed, other = fields_of(kind, request.POST), other_of(kind, request.POST)
    exchanged = "discard" in request.POST or ("other_text" in request.POST and other is not None)
    wanted = typed if not exchanged else other if "other_text" in request.POST and other else {}
    try:
        kept = drafts.keep(
            case, by=request.user, kind=kind, fields=wanted, seen=seen_of(request), token=_token(request)
        )
    except drafts.DraftConflict as conflict:
        if request.htmx and not exchanged:
            return _line(request, kind, DraftStatus.beside(conflict), status=409)
        form = FORMS[kind]()
        put_in(form, typed)
        return composing(request, case, kind, form, conflict, status=409)
    if exchanged:
        words = "Draft discarded." if "discard" in request.POST else ""
        beside = DraftStatus.of(kept, words)._replace(
            other=typed if drafts.is_written(case, kind, typed) else None
        )
        return composing(request, case, kind, kept=beside, status=200)
    if request.htmx:
        return _line(request, kind, DraftStatus.of(kept, "Draft saved" if kept else ""))
    return redirect(f"{reverse('desk_case', args=[number])}#composer")


def _line(request: AgentRequest, kind: str, kept: DraftStatus, status: int = 200) -> HttpResponse:
    context = {"composer": kind, "line": kept, "url": request.path, "alone": True}
    return render(request, "desk/case/composer_drafts.html#draft", context, status=status)


def _token(request: AgentRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("token", ""))
    except ValueError:
        return None


@agents_only
@require_GET
def draft_list(request: AgentRequest) -> HttpResponse:
    """What this agent has begun to write, newest first."""
    words = Coalesce(
        *(NullIf(KT(f"fields__{name}"), Value("")) for name in ("body", "resolution", "root_cause"))
    )
    found = Draft.objects.filter(agent=request.user).select_related("case").defer("fields")
    if request.user.limit:
        found = found.filter(request.user.limit.within("case__"))
    found = found.annotate(words=Left(words, EXCERPT)).order_by("-at")[: MOST + 1]
    return render(request, "desk/drafts.html", {"drafts": found})
