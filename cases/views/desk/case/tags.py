from itertools import chain

from django.http import HttpResponse
from django.utils.html import format_html_join
from django.views.decorators.http import require_GET, require_POST

from cases.access import AgentRequest, agents_only, get_case_or_404
from cases.actions import triage
from cases.forms import TagsForm
from cases.models import Case
from cases.models.case import QUEUED

from .responses import do_in_details


@agents_only
@require_POST
def tags(request: AgentRequest, number: int) -> HttpResponse:
    return do_in_details(request, number, "tagging", TagsForm(request.POST), triage.change_tags)


@agents_only
@require_GET
def tags_known(request: AgentRequest, number: int) -> HttpResponse:
    """The tags that others use, for the field where one is typed."""
    known = known_tags(request, get_case_or_404(request.user, number))
    return HttpResponse(format_html_join("", '<option value="{}">', ((tag,) for tag in known)))


RECENT = 200  # of the newest open cases, whose tags are offered
MOST_OFFERED = 100


def known_tags(request: AgentRequest, case: Case) -> list[str]:
    recent = Case.objects.visible_to(request.user).filter(QUEUED).order_by("-number")
    known = set(chain.from_iterable(recent.values_list("tags", flat=True)[:RECENT]))
    return sorted(known - set(case.tags))[:MOST_OFFERED]
