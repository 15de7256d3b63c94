"""Mailboxes that are read by IMAP."""

import json
from ipaddress import ip_address
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from .sealing import seal, unseal
from .system import System
from .team import Team

TOKEN_URLS = {
    "microsoft": "https://login.microsoftonline.com/common/oauth2/v2.0/token",
    "google": "https://oauth2.googleapis.com/token",
}
SECRETS = ("password", "client_secret", "refresh_token")


class Mailbox(models.Model):
    """One folder of one account, from which mail comes in by itself."""

    class Security(models.TextChoices):
        TLS = "tls", "TLS (port 993)"
        STARTTLS = "starttls", "STARTTLS (port 143)"
        NONE = "none", "None: only for a server on this machine"

    class SignIn(models.TextChoices):
        PASSWORD = "password", "Password"
        MICROSOFT = "microsoft", "OAuth2 at Microsoft"
        GOOGLE = "google", "OAuth2 at Google"
        OTHER = "other", "OAuth2 elsewhere"

    host = models.CharField("server", max_length=253)
    port = models.PositiveIntegerField(
        default=993, validators=[MinValueValidator(1), MaxValueValidator(65535)]
    )
    security = models.CharField("encryption", max_length=8, choices=Security, default=Security.TLS)
    user = models.CharField("user name", max_length=254)
    sign_in = models.CharField("sign-in", max_length=9, choices=SignIn, default=SignIn.PASSWORD)
    client_id = models.CharField("client ID", max_length=300, blank=True, help_text="For OAuth2.")
    token_url = models.CharField(
        "token address",
        max_length=500,
        blank=True,
        help_text="For OAuth2: where tokens are renewed. Microsoft and Google have one that is known.",
    )
    sealed = models.BinaryField(default=bytes, editable=False)
    folder = models.CharField(max_length=200, default="INBOX")
    done_folder = models.CharField(
        "folder for what was read",
        max_length=200,
        blank=True,
        help_text="Mail that was taken in is moved there. Without one it stays, marked as read.",
    )
    takes_old = models.BooleanField(
        "take in old mail",
        default=False,
        help_text="What lies in the folder already, too. Else only what comes from now on.",
    )
    system = models.ForeignKey(
        System,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Of which its cases are. Without one, as of all mail.",
    )
    team = models.ForeignKey(
        Team,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="In whose queue its cases begin.",
    )
    trusted = models.CharField(
        "trusted server",
        max_length=253,
        blank=True,
        help_text="Whose Authentication-Results prove senders, such as mx.google.com."
        " Without one, CASELINE_MAIL_TRUSTED.",
    )
    active = models.BooleanField(default=True, help_text="Only active mailboxes are read.")

    # How far it is read, and how that went.
    uid_validity = models.BigIntegerField(null=True, editable=False)
    uid = models.BigIntegerField(default=0, editable=False)
    saved_at = models.DateTimeField(auto_now=True)
    seen_at = models.DateTimeField("last read", null=True, editable=False)
    failing_since = models.DateTimeField(null=True, editable=False)
    error = models.TextField(blank=True, editable=False)
    tested_at = models.DateTimeField(null=True, editable=False)
    tested = models.TextField("last test", blank=True, editable=False)

    class Meta:
        verbose_name_plural = "mailboxes"
        ordering = ["user", "host", "folder"]
        constraints = [
            models.UniqueConstraint(
                fields=["host", "user", "folder"],
                name="mailbox_once",
                violation_error_message="This folder of this mailbox is read already.",
            )
        ]
        indexes = [
            models.Index(
                fields=["failing_since"], condition=Q(failing_since__isnull=False), name="mailbox_failing"
            )
        ]

    def __str__(self) -> str:
        name = self.user if "@" in self.user else f"{self.user} on {self.host}"
        return name if self.folder.upper() == "INBOX" else f"{name}, {self.folder}"

    @property
    def way(self) -> tuple[Any, ...]:
        """All that says how it is read. A reader that began with another one begins anew."""
        named = (
            *("host", "port", "security", "user", "sign_in", "client_id", "token_url"),
            *("folder", "done_folder", "takes_old", "system_id", "team_id", "trusted"),
        )
        return (*(getattr(self, name) for name in named), bytes(self.sealed))

    @property
    def renews_at(self) -> str:
        """Where its tokens are renewed, if it signs in by tokens."""
        return self.token_url or TOKEN_URLS.get(self.sign_in, "")

    def secrets(self) -> dict[str, str] | None:
        """What it signs in with, or None when the portal's secret key is another one meanwhile."""
        text = unseal(bytes(self.sealed)) if self.sealed else "{}"
        return None if text is None else json.loads(text)

    def keep(self, **given: str) -> None:
        """Seal these secrets, beside those that it has. An empty one changes nothing."""
        kept = (self.secrets() or {}) | {name: value for name, value in given.items() if value}
        self.sealed = seal(json.dumps(kept))

    def clean(self) -> None:
        if self.security == self.Security.NONE and not _is_this_machine(self.host):
            raise ValidationError(
                {"security": "Without encryption everyone on the way reads the password. Choose TLS."}
            )
        if self.sign_in != self.SignIn.PASSWORD and not self.client_id:
            raise ValidationError({"client_id": "OAuth2 needs one."})
        if self.sign_in == self.SignIn.OTHER and not self.token_url:
            raise ValidationError({"token_url": "OAuth2 elsewhere needs one."})
        if self.token_url and not _is_safe(self.token_url):
            raise ValidationError({"token_url": "An address that begins with https://."})


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_safe(address: str) -> bool:
    scheme, _, rest = address.partition("://")
    host = rest.partition("/")[0].rpartition(":")[0] or rest.partition("/")[0]
    return scheme == "https" or (scheme == "http" and _is_this_machine(host))
