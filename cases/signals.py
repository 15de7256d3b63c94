"""What happens when somebody signs in."""

from typing import Any

from cases.access import UPLOADS, ViewerRequest
from cases.actions import attachments
from cases.models import User


def claim_uploads(request: ViewerRequest, user: User, **_: Any) -> None:
    """Who signs in while writing keeps the files they chose before."""
    attachments.claim(request.session.pop(UPLOADS, ""), by=user)
