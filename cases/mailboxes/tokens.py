"""Access tokens, renewed by the refresh token of a mailbox where the last one ends soon."""

import json
import threading
import time
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

from cases.actions import mailboxes
from cases.models import Mailbox

from .failures import Refusal

PATIENCE = 20  # seconds
EARLY = 120  # seconds before its end at which a token counts as old
LONGEST = 100_000


@dataclass
class Token:
    of: tuple[Any, ...]
    text: str
    ends: float


_known: dict[int, Token] = {}
_turn = threading.Lock()


class _NoRedirects(HTTPRedirectHandler):
    """The secrets go to the address that was given, and nowhere else."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def access_token(mailbox: Mailbox) -> str:
    """A token that is good for a while. Raises Refusal when the provider gives none."""
    known = _known.get(mailbox.pk)
    if known and known.of == mailbox.way and known.ends > time.monotonic() + EARLY:
        return known.text
    answer = _asked(mailbox)
    if not isinstance(answer.get("access_token"), str):
        raise Refusal(f"{mailbox.renews_at} gave no token.")
    if isinstance(renewed := answer.get("refresh_token"), str):  # it may end the old one
        mailboxes.keep_token(mailbox, renewed)
    lasts = answer.get("expires_in")
    ends = time.monotonic() + (float(lasts) if isinstance(lasts, (int, float)) else 300)
    _known[mailbox.pk] = Token(mailbox.way, answer["access_token"], ends)
    return answer["access_token"]


def forget(mailbox: Mailbox) -> None:
    """The server did not take it, whatever the provider said of its end."""
    _known.pop(mailbox.pk, None)


def _asked(mailbox: Mailbox) -> dict[str, Any]:
    secrets = mailbox.secrets() or {}
    fields = {
        "grant_type": "refresh_token",
        "client_id": mailbox.client_id,
        "client_secret": secrets.get("client_secret", ""),
        "refresh_token": secrets.get("refresh_token", ""),
    }
    body = urlencode({name: value for name, value in fields.items() if value}).encode()
    request = Request(mailbox.renews_at, body, {"Accept": "application/json"})  # noqa: S310 - https, by its form
    try:
        with build_opener(_NoRedirects).open(request, timeout=PATIENCE) as response:
            answer = json.loads(response.read(LONGEST))
    except HTTPError as error:
        raise Refusal(_why_not(mailbox, error)) from None
    except (OSError, HTTPException, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise Refusal(f"{mailbox.renews_at} could not be asked for a token: {reason}") from None
    return answer if isinstance(answer, dict) else {}


def _why_not(mailbox: Mailbox, error: HTTPError) -> str:
    """RFC 6749: `invalid_grant` is a refresh token that ended or was revoked, `invalid_client` a wrong client."""
    try:
        answer = json.loads(error.read(LONGEST))
        code = str(answer.get("error", ""))[:100] if isinstance(answer, dict) else ""
    except (OSError, ValueError):
        code = ""
    if code == "invalid_grant":
        return "The refresh token has ended or was revoked. Let the account’s owner agree again, and enter the new one."
    if code == "invalid_client":
        return "The provider does not know this client ID with this client secret."
    return f"{mailbox.renews_at} gave no token: {code or f'status {error.code}'}."
