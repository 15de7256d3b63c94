"""Recent proof of who somebody is, which a session alone is not: for changes of how they sign in."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.code_verification import AbstractCodeVerificationProcess
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from cases.access import ViewerRequest
from cases.models import User

View = Callable[..., HttpResponse]
STATE = "proof_by_code"  # the session key of the code that was mailed


def is_recent(request: HttpRequest) -> bool:
    """Whether they signed in, or proved that it is them, a short while ago."""
    if not isinstance(request.user, User):
        return False
    records = get_authentication_records(request, request.user)
    return bool(records) and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT


def proof_required(view: View) -> View:
    """Views that go on once the viewer has proved that it is them. A form is sent on by itself then."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_recent(request):
            raise ReauthenticationRequired
        return view(request, *args, **kwargs)

    return wrapper


def proof_first(view: View) -> View:
    """The same for a form that holds a password, which is not kept meanwhile: it is asked for once more."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and not is_recent(request):
            return redirect(request.path)
        return proof_required(view)(request, *args, **kwargs)

    return wrapper


class MailedCode(AbstractCodeVerificationProcess):
    """The code that was mailed to whoever is signed in, and the tries that are left."""

    def __init__(self, request: ViewerRequest, state: dict[str, Any]) -> None:
        self.request = request
        super().__init__(
            max_attempts=app_settings.LOGIN_BY_CODE_MAX_ATTEMPTS,
            timeout=app_settings.LOGIN_BY_CODE_TIMEOUT,
            state=state,
            user=request.user,
        )

    @classmethod
    def of(cls, request: ViewerRequest) -> "MailedCode | None":
        """The one that they may still type in."""
        state = request.session.get(STATE)
        if not state or state["user_id"] != str(request.user.pk):
            return None
        return cls(request, state).abort_if_invalid()

    @classmethod
    def mail(cls, request: ViewerRequest, email: str) -> None:
        code = cls(request, cls.initial_state(request.user, email))
        code.send()
        code.persist()

    def send(self) -> None:
        self.state["code"] = get_adapter().generate_login_code()
        get_adapter().send_mail("account/email/proof_code", self.state["email"], {"code": self.code})

    def persist(self) -> None:
        self.request.session[STATE] = self.state

    def abort(self) -> None:
        self.request.session.pop(STATE, None)
