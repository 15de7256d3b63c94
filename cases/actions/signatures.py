"""What agents sign their mail with."""

from django.db import transaction

from cases.models import User


@transaction.atomic
def sign_with(signature: str, *, by: User) -> None:
    """From now on this stands under what this agent writes, in mail only."""
    by.signature = "\n".join(line.rstrip() for line in signature.strip().splitlines())
    by.save(update_fields=["signature"])
