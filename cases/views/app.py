"""What makes the site an app that can be installed: its manifest, its worker, and the page it shows without a network.

All three are the same for everybody, and hold nothing of anybody's.
"""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_GET

from cases.access import ViewerRequest
from cases.queries.brand import brand

ICONS = [
    {"src": "icons/192.png", "sizes": "192x192", "type": "image/png"},
    {"src": "icons/512.png", "sizes": "512x512", "type": "image/png"},
    {"src": "icons/512_maskable.png", "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
]
SQUARES = (192, 512)  # of a logo


@login_not_required
@require_GET
def manifest(request: ViewerRequest) -> HttpResponse:
    content = {
        "id": "/",
        "name": brand().name,
        "short_name": brand().name,
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": brand().colour or "#4f46c8",
        "icons": _icons(),
    }
    return _for_all(JsonResponse(content, content_type="application/manifest+json"))


def _icons() -> list[dict[str, str]]:
    if logo := brand().logo:
        return [{"src": logo.icon(size), "sizes": f"{size}x{size}", "type": "image/png"} for size in SQUARES]
    return [icon | {"src": static(icon["src"])} for icon in ICONS]


@login_not_required
@require_GET
def worker(request: ViewerRequest) -> HttpResponse:
    """The service worker, which is for the whole site as it stands at its root."""
    return _for_all(render(request, "site/worker.js", content_type="text/javascript"))


@login_not_required
@require_GET
def offline(request: ViewerRequest) -> HttpResponse:
    return _for_all(render(request, "site/offline.html"))


def _for_all(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
    return response
