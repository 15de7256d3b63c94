"""The mail of an invitation. Its link is signed when it is mailed, and kept nowhere."""

from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse
from procrastinate.contrib.django import app

from cases.models import Invitation
from cases.queries.brand import brand
from cases.wording.invitations import purpose

from .letter import Letter, letter
from .threads import own_id

SIGNER = signing.Signer(salt="cases.invitation")


def link_of(invitation: Invitation) -> str:
    """The address that only whoever reads the mail has. It has no path of its own, since logs have paths."""
    return f"{settings.URL}{reverse('invitation')}?link={SIGNER.sign(invitation.key.hex)}"


def key_in(link: str) -> UUID | None:
    """The key of the invitation whose link it is, unless somebody made the link up."""
    try:
        return UUID(SIGNER.unsign(link))
    except (signing.BadSignature, ValueError):
        return None


def ask_for_mail(invitation: Invitation) -> None:
    app.configure_task("cases.tasks.mail_invitation").defer(invitation=invitation.pk)


def message_of(invitation: Invitation) -> Letter | None:
    """What is mailed, unless it was withdrawn or accepted meanwhile."""
    if invitation.accepted_at or invitation.withdrawn_at:
        return None
    context = {
        "invitation": invitation,
        "purpose": purpose(invitation),
        "address": link_of(invitation),
        "site": settings.URL,
    }
    return letter(
        "mail/invitation.txt",
        context,
        subject=f"Your invitation to {invitation.organisation or brand().name}",
        to=invitation.email,
        headers={
            "Message-ID": own_id(f"invitation-{invitation.key.hex}-{int(invitation.sent_at.timestamp())}")
        },
    )
