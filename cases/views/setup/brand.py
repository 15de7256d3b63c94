"""Name, logo, colour and texts of the portal."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cases.access import AgentRequest
from cases.actions import brand as brands
from cases.files import receiving
from cases.forms.brand import BrandForm
from cases.models import Brand, BrandPicture, Refused
from cases.queries.brand import FRESH, read
from cases.status_page.pages import MAX_AGE

from .index import administrators_only

LOGOS = ("logo", "dark_logo")
# Of which each process needs FRESH; public pages are made every two, and kept by a browser for MAX_AGE.
SAVED = f"Saved. Pages and new mail show it within {FRESH + 2 + MAX_AGE} seconds."


@administrators_only
@require_http_methods(["GET", "POST"])
def page(request: AgentRequest) -> HttpResponse:
    """The form; with “preview”, also the page as it would look; with “save”, it is so."""
    now = read()
    if request.method == "GET":
        return render(request, "setup/brand.html", {"form": BrandForm(brand=now), "draft": now})
    form = BrandForm(_typed(request), request.FILES, brand=now)
    kept = _logos(request, form)
    for sentence in receiving.left_out(request):
        form.add_error(None, sentence)
    if not form.is_valid():
        return _again(request, form, kept, 422)
    values = form.values(kept)
    if "save" not in request.POST:
        draft = Brand(pk=1, version=now.version, **values)
        return _again(request, form, kept, 200, draft=draft, brand=draft, preview=True)
    try:
        brands.change(by=request.user, seen=form.cleaned_data["seen"], **values)
    except Refused as refused:
        form.add_error(None, str(refused))
        return _again(request, form, kept, 409, seen=now.version)
    messages.success(request, SAVED)
    return redirect("setup_brand" if now.version else "setup")


def _typed(request: AgentRequest) -> Any:
    """What came, with the readable colour where they took it."""
    typed = request.POST.copy()
    if instead := typed.get("instead"):
        typed["colour"] = instead
    return typed


def _logos(request: AgentRequest, form: BrandForm) -> dict[str, BrandPicture | None]:
    """What each logo is to be: what came just now, or what came before and was looked at, or none."""
    form.is_valid()
    kept: dict[str, BrandPicture | None] = {}
    for name in LOGOS:
        new, key = form.cleaned_data.get(name), form.data.get(f"{name}_key", "")[:32].replace("\0", "")
        if new:
            kept[name] = brands.keep_picture(new)
        elif f"no_{name}" in form.data or not key:
            kept[name] = None
        else:
            kept[name] = BrandPicture.objects.defer("content").filter(key=key).first()
    return kept


def _again(
    request: AgentRequest,
    form: BrandForm,
    kept: dict[str, BrandPicture | None],
    status: int,
    seen: int | None = None,
    **more: Any,
) -> HttpResponse:
    """The form with what was typed and chosen."""
    typed: Any = form.data
    for name, picture in kept.items():
        typed[f"{name}_key"] = picture.pk if picture else ""
        typed.pop(f"no_{name}", None)
    if seen is not None:
        typed["seen"] = seen
    return render(
        request,
        "setup/brand.html",
        {"form": form, "draft": Brand(**kept), "themes": ("light", "dark")} | more,
        status=status,
    )
