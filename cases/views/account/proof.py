"""Proving once more that it is them, where a password does not do."""

from typing import Any

from allauth.account.forms import ConfirmLoginCodeForm
from allauth.account.internal.flows.login import record_authentication
from allauth.account.views import BaseReauthenticateView
from allauth.core import ratelimit
from allauth.mfa.webauthn.views import ReauthenticateWebAuthnView
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect

from cases.access import of_ones_own
from cases.actions import audit
from cases.sign_in.proof import MailedCode


class ByCode(BaseReauthenticateView):
    """By a code that is mailed when they ask for it."""

    form_class = ConfirmLoginCodeForm
    template_name = "account/reauthenticate_by_code.html"

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("action") != "mail":
            return super().post(request, *args, **kwargs)
        email = request.user.email
        too_often = ratelimit.consume_or_429(request, action="request_login_code", key=email)
        if too_often:
            return too_often
        MailedCode.mail(request, email)
        return HttpResponseRedirect(self.passthrough_next_url(request.path))

    def get_form_kwargs(self) -> dict[str, Any]:
        self.mailed = MailedCode.of(self.request)
        return super().get_form_kwargs() | {"code": self.mailed.code if self.mailed else ""}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"mailed": self.mailed}

    def form_valid(self, form: Any) -> HttpResponse:
        if self.mailed:
            self.mailed.abort()
        record_authentication(self.request, self.request.user, "code", reauthenticated=True)
        return super().form_valid(form)

    def form_invalid(self, form: Any) -> HttpResponse:
        if self.mailed and "code" in form.data:
            audit.record_failed_sign_in(self.request.user.email, how="an emailed code")
            if not self.mailed.record_invalid_attempt():
                self.mailed = None
                messages.error(self.request, "Too many attempts with this code. Ask for a new one.")
        return super().form_invalid(form)


class ByPasskey(ReauthenticateWebAuthnView):
    def form_invalid(self, form: Any) -> HttpResponse:
        """The page again, instead of allauth's way to the sign-in page, which leads on to the start."""
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"form": kwargs.get("form") or self.get_form()}


by_code = of_ones_own(ByCode.as_view())
by_passkey = of_ones_own(ByPasskey.as_view())
