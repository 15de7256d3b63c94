"""Handing a message to the push service of a device, and what its answer means."""

from email.utils import parseaddr
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from .push_message import authorization, encrypted

# The push services of Chrome and most others, Firefox, Safari and Edge. Of one's own, a setting names the whole origin.
KNOWN = ("fcm.googleapis.com", "push.services.mozilla.com", "push.apple.com", "notify.windows.com")
PATIENCE = 10  # seconds
KEPT_FOR = 6 * 3600  # seconds for which the service keeps it for a device that is away
GONE = (403, 404, 410)  # it is unsubscribed, or was by another key of ours
LATER = (408, 425, 429)  # it is busy


class Gone(Exception):
    """The device is to be told nothing any more."""


class NotTaken(Exception):
    """The service never takes this message, however often it comes."""


class NotNow(Exception):
    """It is to be tried again."""


class _NoRedirects(HTTPRedirectHandler):
    """It goes to the service that was checked, and nowhere else."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def is_service(endpoint: str) -> bool:
    """Whether this address is at a push service that we know: nobody makes us ask any other, our network's least."""
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if not (endpoint.isascii() and endpoint.isprintable()) or " " in endpoint:
        return False
    if f"{parts.scheme}://{parts.netloc}" in settings.PUSH_SERVICES:
        return True
    known = (*KNOWN, *settings.PUSH_SERVICES)
    is_known = any(host == service or host.endswith(f".{service}") for service in known)
    return parts.scheme == "https" and port in (None, 443) and "@" not in parts.netloc and is_known


def send(words: bytes, endpoint: str, *, p256dh: bytes, auth: bytes, key: ec.EllipticCurvePrivateKey) -> None:
    """Raises Gone, NotTaken or NotNow."""
    if not is_service(endpoint):
        raise Gone("it is at no push service that we know")
    parts = urlsplit(endpoint)
    headers = {
        "Authorization": authorization(
            key,
            service=f"{parts.scheme}://{parts.netloc}",
            contact=f"mailto:{parseaddr(settings.MAIL_FROM)[1]}",
        ),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(KEPT_FOR),
        "Urgency": "high",
    }
    request = Request(endpoint, encrypted(words, p256dh=p256dh, auth=auth), headers)  # noqa: S310 - checked above
    try:
        with build_opener(_NoRedirects, ProxyHandler()).open(request, timeout=PATIENCE):
            pass
    except HTTPError as error:
        raise _meant_by(error.code)(f"the push service answered {error.code}") from error
    except (OSError, HTTPException) as error:
        raise NotNow(f"the push service cannot be reached: {error}") from error


def _meant_by(code: int) -> type[Exception]:
    if code in GONE:
        return Gone
    return NotTaken if 400 <= code < 500 and code not in LATER else NotNow
