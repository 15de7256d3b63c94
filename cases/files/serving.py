"""Responses with files: whole or a part, streamed, under headers that let no browser take them for a page."""

import re
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header

from .store import store

RANGE = re.compile(r"bytes=(?:(\d{1,18})-(\d{0,18})|-(\d{1,18}))\Z", re.ASCII)
PROTECTION = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, max-age=0, must-revalidate",
    "Accept-Ranges": "bytes",
}


def send(
    request: HttpRequest, stored: str, *, name: str, content_type: str, size: int, etag: str, inline: bool
) -> HttpResponseBase:
    """Return the file, or the part of it that was requested. Raises StoreUnavailable."""
    headers = PROTECTION | {
        "Content-Disposition": content_disposition_header(not inline, name) or "",
        "ETag": f'"{etag}"',
    }
    if known := get_conditional_response(request, etag=headers["ETag"]):  # 304, or 412
        for header, value in headers.items():
            known[header] = value
        return known
    requested = _requested(request, size, headers["ETag"])
    if requested is None:
        return HttpResponse(status=416, headers=headers | {"Content-Range": f"bytes */{size}"})
    start, end = requested
    part = (start, end) != (0, size)
    headers["Content-Length"] = str(end - start)
    if part:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    pieces: Iterator[bytes] = iter(()) if request.method == "HEAD" else store().read_range(stored, start, end)
    return StreamingHttpResponse(
        pieces, status=206 if part else 200, content_type=content_type, headers=headers
    )


def _requested(request: HttpRequest, size: int, etag: str) -> tuple[int, int] | None:
    """Return the bytes that are requested, from start to end; None when they lie outside the file.

    A range that we do not understand is the whole file, as HTTP has it.
    """
    asked = RANGE.match(request.headers.get("Range", ""))
    if not asked or request.headers.get("If-Range", etag) != etag:
        return 0, size
    first, last, ending = asked.groups()
    if ending is not None:
        return (max(size - int(ending), 0), size) if int(ending) and size else None
    start, end = int(first), min(int(last) + 1 if last else size, size)
    if last and int(last) < int(first):
        return 0, size
    return (start, end) if start < size else None
