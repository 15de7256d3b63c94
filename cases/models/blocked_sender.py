from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from .addresses import AddressField, is_one_spelling
from .people import User


class BlockedSender(models.Model):
    """An address from which no mail becomes a case: it is held, for agents to look at."""

    address = AddressField(max_length=254, unique=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now, db_default=Now())

    class Meta:
        ordering = ["address"]
        constraints = [
            models.CheckConstraint(
                condition=is_one_spelling("address"), name="blocked_sender_has_one_spelling"
            )
        ]

    def __str__(self) -> str:
        return self.address
