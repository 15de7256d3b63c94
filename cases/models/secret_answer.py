from django.db import models
from django.utils import timezone

from .people import User
from .refused import Refused
from .request import Request
from .sealing import seal, unseal


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
        self.sealed = seal(text)

    def opened(self) -> str:
        """What was given. Raises Refused when the portal's secret key is another one meanwhile."""
        opened = unseal(bytes(self.sealed))
        if opened is None:
            raise Refused(
                "This cannot be read any more: the portal’s secret key was changed. Ask for it again."
            )
        return opened
