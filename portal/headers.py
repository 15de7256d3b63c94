"""What Django has no middleware for, or one that does too much."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware

# What no page of ours uses, nor anything that gets into one. Passkeys and the clipboard are left as they are.
UNUSED = (
    *(
        "accelerometer",
        "ambient-light-sensor",
        "bluetooth",
        "browsing-topics",
        "camera",
        "display-capture",
    ),
    *("encrypted-media", "geolocation", "gyroscope", "hid", "idle-detection", "local-fonts", "magnetometer"),
    *(
        "microphone",
        "midi",
        "payment",
        "picture-in-picture",
        "screen-wake-lock",
        "serial",
        "usb",
        "xr-spatial-tracking",
    ),
)
POLICY = ", ".join(f"{feature}=()" for feature in UNUSED)


def permissions_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response["Permissions-Policy"] = POLICY
        return response

    return middleware


class PagesGZipMiddleware(GZipMiddleware):
    """Pages leave small. Files, which are fetched in ranges or are small already, leave as they are."""

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)


def head_middleware(get_response: Callable[[HttpRequest], Any]) -> Callable:
    """HEAD is answered as GET is, without the body (RFC 9110, 9.3.2), so that no view needs to know of it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method != "HEAD":
            return get_response(request)
        request.method = "GET"
        response = get_response(request)
        request.method = "HEAD"
        if response.streaming:
            response.streaming_content = ()
        return response

    return middleware
