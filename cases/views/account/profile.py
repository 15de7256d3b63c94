"""Who somebody is to others, and how pages look to them."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.access import AgentRequest, Right, ViewerRequest, of_ones_own
from cases.actions import profiles
from cases.files.receiving import left_out
from cases.files.serving import PROTECTION
from cases.forms.absences import AbsenceForm
from cases.forms.profile import ProfileForm
from cases.models import Face, Refused

A_DAY = "private, max-age=86400"


@of_ones_own
@require_http_methods(["GET", "POST"])
def page(request: AgentRequest) -> HttpResponse:
    form = ProfileForm(person=request.user)
    if request.method == "POST":
        form = ProfileForm(request.POST, request.FILES, person=request.user)
        for sentence in left_out(request):
            form.add_error("picture", sentence)
        if form.is_valid() and _saved(request, form):
            messages.success(request, "Saved.")
            return redirect("account_profile")
    context = {"form": form, "absence": request.user.is_agent and AbsenceForm(person=request.user)}
    return render(request, "account/profile.html", context, status=422 if form.is_bound else 200)


def _saved(request: AgentRequest, form: ProfileForm) -> bool:
    chosen = dict(form.cleaned_data)
    picture = chosen.pop("picture")
    try:
        if picture:
            profiles.show_face(picture, by=request.user)
    except Refused as refused:
        form.add_error("picture", str(refused))
        return False
    profiles.change(by=request.user, **chosen)
    return True


@of_ones_own
@require_POST
def picture_removal(request: AgentRequest) -> HttpResponse:
    profiles.remove_face(by=request.user)
    messages.success(request, "Picture removed.")
    return redirect("account_profile")


@login_not_required
@require_GET
def face(request: ViewerRequest, key: UUID) -> HttpResponse:
    """The picture of an agent for whoever sees what they wrote, of anybody for the desk, and one's own."""
    found = get_object_or_404(Face.objects.select_related("person"), key=key)
    whose, viewer = found.person, request.user
    if not (whose.may(Right.WORK_ON_CASES) or viewer.may(Right.READ_DESK) or viewer == whose):
        raise Http404
    etag = f'"{key.hex}"'
    headers = PROTECTION | {"Cache-Control": A_DAY, "ETag": etag}
    response = HttpResponse(bytes(found.image), "image/webp", headers=headers)
    return get_conditional_response(request, etag=etag, response=response) or response
