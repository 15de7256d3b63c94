"""The public pages of incidents. They are the same for everybody, so neither session nor cookie is looked at."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.http import require_safe

from cases.status_page import pages


def _served(request: HttpRequest, page: pages.Page | None) -> HttpResponseBase:
    """The page for all caches on the way, or that the one that is held there is still right."""
    if page is None:
        raise Http404
    response = HttpResponse(page.body, content_type=page.content_type, headers={"ETag": page.etag})
    patch_cache_control(response, public=True, max_age=pages.MAX_AGE, stale_if_error=3600)
    return get_conditional_response(request, etag=page.etag, response=response) or response


@login_not_required
@require_safe
def incident_list(request: HttpRequest) -> HttpResponseBase:
    return _served(request, pages.list_page())


@login_not_required
@require_safe
def incident_detail(request: HttpRequest, number: int) -> HttpResponseBase:
    known = number in pages.numbers()
    return _served(request, pages.incident_page(number) if known else None)


@login_not_required
@require_safe
def feed(request: HttpRequest) -> HttpResponseBase:
    return _served(request, pages.feed_page())
