"""What happens when somebody signs in."""

from typing import Any

from cases.access import GUEST_CASES, UPLOADS, ViewerRequest
from cases.actions import attachments, claims
from cases.models import User


def claim_uploads(request: ViewerRequest, user: User, **_: Any) -> None:
    """Who signs in while writing keeps the files they chose before."""
    attachments.claim(request.session.pop(UPLOADS, ""), by=user)


def claim_cases(request: ViewerRequest, user: User, **_: Any) -> None:
    """Who proves the address that they typed while reporting finds what they reported in this browser among their own."""
    claims.prove_all(request.session.get(GUEST_CASES, ()), by=user)
