import uuid

from django.db import models

from .people import User


class Face(models.Model):
    """The picture of a person, small and made anew from what they gave. It is shown under its random key."""

    person = models.OneToOneField(User, models.CASCADE, primary_key=True)
    key = models.UUIDField(unique=True, default=uuid.uuid4)
    image = models.BinaryField(help_text="WebP.")

    def __str__(self) -> str:
        return f"Face of {self.person_id}"
