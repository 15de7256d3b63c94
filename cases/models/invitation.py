from datetime import datetime, timedelta
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone

from .addresses import AddressField, is_one_spelling
from .limit import Limit
from .people import Organisation, User
from .team import Team

HOLDS = timedelta(days=7)  # from when it was last mailed


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> "InvitationQuerySet":
        """Neither accepted nor withdrawn. Those that were mailed too long ago are among them, to be mailed again."""
        return self.filter(accepted_at=None, withdrawn_at=None)


class Invitation(models.Model):
    """What waits for whoever reads the mail of an address: a role, with what goes with it. Written only by
    `cases.actions.invitations`."""

    key = models.UUIDField(default=uuid4, unique=True, help_text="The emailed link is signed from it.")
    email = AddressField(
        "address", max_length=254, help_text="We’ll email them a link. It works once, for a week."
    )
    role = models.CharField(max_length=13, choices=User.Role, default=User.Role.CUSTOMER)
    organisation = models.ForeignKey(
        Organisation,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="invitations",
        help_text="Of a customer or an organisation's manager.",
    )
    teams = models.ManyToManyField(Team, blank=True, related_name="+", help_text="Of someone at the desk.")
    # Without its limit it would offer more, so it goes with it.
    limit = models.ForeignKey(
        Limit,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        help_text="Which cases they see on the desk. Empty: all.",
    )
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(default=timezone.now)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=is_one_spelling("email"), name="invited_email_has_one_spelling"),
            models.UniqueConstraint(
                fields=["email", "organisation"],
                condition=Q(accepted_at=None, withdrawn_at=None),
                nulls_distinct=False,
                name="one_open_invitation",
                violation_error_message="This address is invited already.",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(withdrawn_at=None), name="accepted_is_not_withdrawn"
            ),
        ]
        indexes = [models.Index(fields=["email"], name="invitations_by_email")]

    def __str__(self) -> str:
        return self.email

    @property
    def expires_at(self) -> datetime:
        return self.sent_at + HOLDS

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= timezone.now()
