"""How somebody signs in, on one page."""

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from cases.access import AgentRequest, ViewerRequest, of_ones_own
from cases.sign_in import sessions
from cases.sign_in.proof import proof_required


@of_ones_own
@require_GET
def page(request: AgentRequest) -> HttpResponse:
    factors = Authenticator.objects.filter(user_id=request.user.pk).order_by("pk")
    of_kind = {kind: [factor for factor in factors if factor.type == kind] for kind in Authenticator.Type}
    return render(
        request,
        "account/security.html",
        {
            "devices": list(sessions.devices_of(request.user, request.session.session_key)),
            "app": next(iter(of_kind[Authenticator.Type.TOTP]), None),
            "passkeys": of_kind[Authenticator.Type.WEBAUTHN],
            "codes_left": [
                len(codes.wrap().get_unused_codes()) for codes in of_kind[Authenticator.Type.RECOVERY_CODES]
            ],
        },
    )


@of_ones_own
@require_GET
def passkeys(request: ViewerRequest) -> HttpResponse:
    """They stand on the page of all."""
    return redirect("mfa_index")


@of_ones_own
@require_POST
@proof_required
def end_device(request: AgentRequest, pk: int) -> HttpResponse:
    sessions.end(request.user, pk)
    messages.success(request, "Device signed out.")
    return redirect("mfa_index")


@of_ones_own
@require_POST
@proof_required
def end_other_devices(request: ViewerRequest) -> HttpResponse:
    sessions.end_others(request)
    messages.success(request, "All other devices are signed out.")
    return redirect("mfa_index")
