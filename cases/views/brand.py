"""What of the brand a browser fetches: the colour, the logo, the icon. An address stands for what it is, for ever."""

from functools import lru_cache
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from cases.files.logos import ICONS, icon_of
from cases.models import BrandPicture
from cases.queries.brand import brand
from cases.text.colours import Shades, shades

SHEET = """@layer tokens {{
  :root {{
    --accent: {link};
    --accent-fill: {fill};
    --accent-hover: {hover};
    --on-accent: #ffffff;
    --focus: {link};
  }}
}}
"""
MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="{}"/>'
    '<path d="M9 16h14M9 10.5h14M9 21.5h8" stroke="#fff" stroke-width="3" stroke-linecap="round"/></svg>'
)


def context(request: HttpRequest) -> dict[str, Any]:
    """For each page."""
    return {"brand": brand()}


def _for_ever(content: str | bytes, content_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    patch_cache_control(response, public=True, max_age=365 * 24 * 3600, immutable=True)
    return response


@login_not_required
@require_safe
def colour(request: HttpRequest, colour: str) -> HttpResponse:
    """The tokens of a colour that follow from it, in both themes."""
    found: Shades = shades(f"#{colour}")
    pairs = {name: f"light-dark({light}, {dark})" for name, (light, dark) in found._asdict().items()}
    return _for_ever(SHEET.format(**pairs), "text/css; charset=utf-8")


@login_not_required
@require_safe
def mark(request: HttpRequest, colour: str) -> HttpResponse:
    """The icon of whoever has a colour and no logo."""
    return _for_ever(MARK.format(shades(f"#{colour}").fill[0]), "image/svg+xml")


@login_not_required
@require_safe
def picture(request: HttpRequest, key: str) -> HttpResponse:
    return _for_ever(bytes(get_object_or_404(BrandPicture, key=key).content), "image/png")


@login_not_required
@require_safe
def icon(request: HttpRequest, key: str, size: int) -> HttpResponse:
    if size not in ICONS:
        raise Http404
    return _for_ever(_icon(key, size), "image/png")


@lru_cache(4 * len(ICONS))  # drawing one takes longer than a page
def _icon(key: str, size: int) -> bytes:
    return icon_of(bytes(get_object_or_404(BrandPicture, key=key).content), size)
