"""As whom we mail."""

from django.core.exceptions import ValidationError
from django.db import models

from .addresses import AddressField

LONGEST_SIGNATURE = 500
MOST_LINES = 8  # of a signature


def one_line_name(name: str) -> None:
    """Refuse what would end a header, hide, or look like another address beside the name."""
    if not name.isprintable() or any(mark in name for mark in '<>@"'):
        raise ValidationError('A name is one line without < > @ or ".')


def short_text(text: str) -> None:
    """Refuse what is no signature."""
    if not all(line.isprintable() for line in text.expandtabs().splitlines()):
        raise ValidationError("A signature is plain text.")
    if len(text.splitlines()) > MOST_LINES:
        raise ValidationError(f"A signature has {MOST_LINES} lines at most.")


def signature_field(help_text: str) -> "models.TextField[str, str]":
    return models.TextField(
        "signature in mail",
        max_length=LONGEST_SIGNATURE,
        blank=True,
        default="",
        db_default="",
        validators=[short_text],
        help_text=help_text,
    )


class MailSender(models.Model):
    """What stands in mail about its cases as their sender. The team of a case comes before its system."""

    mail_name = models.CharField(
        "name in mail",
        max_length=80,
        blank=True,
        default="",
        db_default="",
        validators=[one_line_name],
        help_text="Who mail about its cases is from. Empty: as everywhere.",
    )
    mail_address = AddressField(
        "address in mail",
        max_length=254,
        blank=True,
        default="",
        db_default="",
        help_text="Where such mail is from. Your mail server must be allowed to send for it. Empty: as everywhere.",
    )
    signature = signature_field("At the end of mail to customers.")

    class Meta:
        abstract = True

    @property
    def mails_as(self) -> bool:
        """Whether it has anything of its own."""
        return bool(self.mail_name or self.mail_address or self.signature)
