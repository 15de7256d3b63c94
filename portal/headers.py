"""Headers that Django has no middleware for."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# What no page of ours uses, nor anything that gets into one. Passkeys and the clipboard are left as they are.
UNUSED = (
    *(
        "accelerometer",
        "ambient-light-sensor",
        "autoplay",
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
