"""Mail that would have been sent, and an answer to it as if by mail. Only while `make run` has no mail server."""

import email
import email.policy
from collections.abc import Callable
from email.message import EmailMessage
from email.utils import make_msgid
from functools import wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.csp import CSP
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_GET, require_POST

from cases.access import ViewerRequest
from cases.actions.incoming import receive
from cases.forms.base import LONGEST_MESSAGE
from cases.models import Outcome

SHOWN = 50
FRAMING: dict[str, Any] = settings.SECURE_CSP | {"frame-src": [CSP.SELF]}
# What a program of mail allows: no script, and nothing from elsewhere but our logo.
FRAMED = {
    "default-src": [CSP.NONE],
    "style-src": [CSP.UNSAFE_INLINE],
    "img-src": [CSP.SELF],
    "frame-ancestors": [CSP.SELF],
}


def _while_it_is_kept(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def wrapper(request: ViewerRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.SHOW_KEPT_MAIL:
            raise Http404
        return view(request, *args, **kwargs)

    return wrapper


def _letter(path: Path) -> EmailMessage:
    return email.message_from_bytes(path.read_bytes(), policy=email.policy.default)


def _kept(name: str) -> EmailMessage:
    path = Path(settings.KEPT_MAIL) / f"{name}.log"
    if not path.exists():
        raise Http404
    return _letter(path)


def _words(letter: EmailMessage, kind: str = "plain") -> str:
    body = letter.get_body((kind,))
    return str(body.get_content()) if body else ""


@login_not_required
@require_GET
@_while_it_is_kept
@csp_override(FRAMING)
def kept_mail(request: ViewerRequest) -> HttpResponse:
    files = sorted(
        Path(settings.KEPT_MAIL).glob("*.log"), key=lambda path: path.stat().st_mtime, reverse=True
    )
    letters = [(path.stem, _letter(path)) for path in files[:SHOWN]]
    shown = [
        {
            "name": name,
            "to": letter["To"],
            "subject": letter["Subject"],
            "date": letter["Date"].datetime,
            "body": _words(letter),
            "has_html": letter.get_body(("html",)) is not None,
            "answerable": "Reply-To" in letter,
        }
        for name, letter in letters
    ]
    return render(request, "site/kept_mail.html", {"letters": shown, "all": len(files)})


@login_not_required
@require_GET
@_while_it_is_kept
@xframe_options_sameorigin
@csp_override(FRAMED)
def kept_html(request: ViewerRequest, name: str) -> HttpResponse:
    """The HTML of a mail, for a frame. Its links open pages beside it, as those of a program of mail do."""
    return HttpResponse(_words(_kept(name), "html").replace("<head>", '<head><base target="_blank">', 1))


@login_not_required
@require_POST
@_while_it_is_kept
def answer(request: ViewerRequest, name: str) -> HttpResponse:
    """Take in what the receiver of this mail answers, as their program would send it."""
    letter, words = _kept(name), request.POST.get("words", "").strip()
    if not words or len(words) > LONGEST_MESSAGE:
        messages.error(request, "Write your answer first." if not words else "This answer is too long.")
        return redirect("kept_mail")
    quoted = "\n".join(f"> {line}" for line in _words(letter).splitlines())
    said = EmailMessage()
    said["From"], said["To"] = letter["To"], letter["Reply-To"] or letter["From"]
    said["Subject"] = f"Re: {letter['Subject']}"
    said["Message-ID"] = make_msgid(domain="kept.example")
    said["In-Reply-To"] = said["References"] = letter["Message-ID"]
    said.set_content(f"{words}\n\nOn {letter['Date']}, {letter['From']} wrote:\n{quoted}\n")
    received = receive(said.as_bytes(), trusted="")
    messages.success(request, f"{Outcome(received.outcome).label}. {received.reason}".strip())
    return redirect("kept_mail")
