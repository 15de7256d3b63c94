from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac

from .people import User
from .refused import Refused
from .request import Request


class SecretAnswer(models.Model):
    """What a customer gave that was asked for as a secret, sealed. It is read nowhere but where an agent opens it.

    The row is deleted some time after the case is closed: see `cases.actions.secrets`.
    """

    request = models.OneToOneField(Request, models.CASCADE, primary_key=True, related_name="answer")
    sealed = models.BinaryField()
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    given_at = models.DateTimeField(default=timezone.now)
    times_shown = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"What was given for request {self.request_id}"

    def seal(self, text: str) -> None:
        self.sealed = _lock().encrypt(text.encode())

    def opened(self) -> str:
        """What was given. Raises Refused when the portal's secret key is another one meanwhile."""
        try:
            return _lock().decrypt(bytes(self.sealed)).decode()
        except InvalidToken:
            raise Refused(
                "This cannot be read any more: the portal’s secret key was changed. Ask for it again."
            ) from None


def _lock() -> MultiFernet:
    """Seals with the key of today, and opens what was sealed with those before it."""
    return MultiFernet(
        [Fernet(_key(secret)) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    )


def _key(secret: str) -> bytes:
    return urlsafe_b64encode(salted_hmac("cases.SecretAnswer", "", secret, algorithm="sha256").digest())
