"""What is written in a composer, as it will read."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from cases.access import AgentRequest, agents_only, get_case_or_404
from cases.actions.drafts import TEXTS
from cases.models import Draft
from cases.text.markdown import note_to_html, to_html
from cases.views.attachments import with_files
from cases.views.desk.case.composer_forms import FORMS, sent_with
from cases.views.desk.case.responses import composing


@agents_only
@require_POST
def preview(request: AgentRequest, number: int, name: str) -> HttpResponse:
    case = get_case_or_404(request.user, number)
    form = with_files(FORMS[name](request.POST), request)
    field = form[TEXTS[Draft.Kind(name)][0]]
    html = (note_to_html if name == "note" else to_html)(field.data or "") if not field.errors else ""
    previewed = {"composer": name, "mistakes": field.errors, "html": html}
    if request.htmx:
        shown = {"previewed": previewed, "composer": name}
        return render(request, "desk/case/composer_preview.html#preview", shown)
    _, again = sent_with(request, case, name, form)
    return composing(request, case, name, form, status=200, previewed=previewed, **again)
