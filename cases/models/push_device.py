"""Devices that are told of notices while no page of ours is open on them, by Web Push."""

from django.db import models

from .people import User

LONGEST_ENDPOINT = 1000


class PushDevice(models.Model):
    """A browser that asked for it, by whom and in which session. It ends with a sign-out, not with a session's time."""

    person = models.ForeignKey(User, models.CASCADE, related_name="push_devices")
    session_key = models.CharField(max_length=40, db_index=True)
    signed_by = models.CharField(
        max_length=150, help_text="Another one by now: they were signed out everywhere."
    )
    endpoint = models.CharField(max_length=LONGEST_ENDPOINT, unique=True)
    p256dh = models.BinaryField(help_text="The device's public key, for which it is encrypted.")
    auth = models.BinaryField()
    summary = models.BooleanField(
        default=False, help_text="Whether it says who wrote, and what the case is about."
    )
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"A device of {self.person_id}"


class PushKey(models.Model):
    """The key by which push services know us, made once."""

    sealed = models.BinaryField()

    def __str__(self) -> str:
        return "The key for push services"
