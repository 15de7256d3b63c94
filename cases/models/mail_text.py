"""What our mail to customers says, in an administrator's words."""

from django.core.exceptions import ValidationError
from django.db import models

LONGEST = 500


class Passage(models.TextChoices):
    """A passage that may be written otherwise. What else a mail says hangs on what happened."""

    OPENED = "opened", "The beginning, when a report arrived"
    FIXED = "fixed", "The question whether it is fixed"
    RATING = "rating", "The question how the help was"
    END = "end", "The end of each email to customers"


def readable(text: str) -> None:
    """Refuse what would hide, or end the mail before its footer."""
    lines = text.expandtabs().splitlines()
    if not all(line.isprintable() for line in lines):
        raise ValidationError("This holds characters that cannot be seen. Type it anew.")
    if any(line.strip() == "--" for line in lines):
        raise ValidationError("A line of two dashes begins the footer of an email. Leave it out.")


class MailText(models.Model):
    """A passage as an administrator wrote it. One without a row says what it usually says: `cases.mail.passages`."""

    passage = models.CharField(max_length=6, choices=Passage, primary_key=True)
    text = models.TextField(max_length=LONGEST, validators=[readable])

    class Meta:
        verbose_name = "mail text"
        verbose_name_plural = "mail texts"

    def __str__(self) -> str:
        return self.get_passage_display()
