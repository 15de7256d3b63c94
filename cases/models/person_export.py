import uuid
from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone

from .people import User

KEPT = timedelta(days=2)  # how long it can be fetched


class PersonExport(models.Model):
    """All that is held about a person as one zip, which a job makes and the store of attachments keeps for a while."""

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    about = models.ForeignKey(User, models.CASCADE, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)
    size = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"Export {self.pk} about {self.about_id}"

    @property
    def stored(self) -> str:
        """Where the store keeps it."""
        return f"exports/{self.key.hex}.zip"

    @property
    def goes_at(self) -> datetime:
        return self.asked_at + KEPT
