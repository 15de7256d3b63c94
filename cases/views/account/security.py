"""How somebody signs in, on one page."""

from allauth.mfa.models import Authenticator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from cases.access import ViewerRequest, of_ones_own


@of_ones_own
@require_GET
def page(request: ViewerRequest) -> HttpResponse:
    factors = Authenticator.objects.filter(user_id=request.user.pk).order_by("pk")
    of_kind = {kind: [factor for factor in factors if factor.type == kind] for kind in Authenticator.Type}
    return render(
        request,
        "account/security.html",
        {
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
