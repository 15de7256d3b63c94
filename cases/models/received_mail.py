"""Mail that arrived, each message once, and what became of it."""

import uuid
from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone

from .case import Case
from .event import Event
from .people import User, Viewer
from .rights import Right
from .search import PENDING, Block, words_of
from .system import System
from .team import Team

LONGEST_ID = 500  # characters of a Message-ID by which it is found again


class Outcome(models.TextChoices):
    OPENED = "opened", "Opened a case"
    CONTINUED = "continued", "Continued a case"
    NOTED = "noted", "Noted in a case"
    IGNORED = "ignored", "Made nothing"
    UNREADABLE = "unreadable", "Could not be read"


class ReceivedMailQuerySet(models.QuerySet["ReceivedMail"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """The mail of cases that this person of the desk sees. What belongs to no case may be of any system."""
        if not isinstance(viewer, User) or not viewer.may(Right.READ_DESK):
            return self.none()
        return self.filter(viewer.limit.within("case__")) if viewer.limit else self

    def to_look_at(self) -> Self:
        """What made nothing, and may have been meant for us."""
        return self.filter(Q(held=True) | Q(outcome=Outcome.UNREADABLE))


class ReceivedMail(models.Model):
    """One message. The store keeps it as it was received, under its random key.

    It is here before it is understood, so that nothing is lost; until then it has no outcome.
    """

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    digest = models.CharField(
        max_length=64,
        unique=True,
        help_text="Of its Message-ID, sender and words, by which a second copy is known.",
    )
    message_id = models.CharField(max_length=LONGEST_ID, blank=True)
    sender = models.CharField(max_length=320, blank=True, help_text="As it says. Nothing proves it.")
    people = models.JSONField(default=list, blank=True, help_text="To whom it went besides us.")
    subject = models.TextField(blank=True)
    thread = models.CharField(
        max_length=200, blank=True, help_text="The subject without “Re:”, by which answers are known."
    )
    folded = models.TextField(blank=True, help_text="What it quotes, and its signature.")
    verdict = models.CharField(
        max_length=4, blank=True, help_text="Of the server that received it: pass or fail."
    )
    junk = models.BooleanField(default=False, db_default=False, help_text="Of the same server.")
    held = models.BooleanField(
        default=False, db_default=False, help_text="It made nothing, and someone may rescue it."
    )
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    reason = models.TextField(blank=True)
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="mails")
    event = models.ForeignKey(Event, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    system = models.ForeignKey(
        System, models.SET_NULL, null=True, blank=True, related_name="+", help_text="Of a case that it opens."
    )
    team = models.ForeignKey(
        Team, models.SET_NULL, null=True, blank=True, related_name="+", help_text="In whose queue that is."
    )
    size = models.BigIntegerField()
    received_at = models.DateTimeField(default=timezone.now)

    objects = ReceivedMailQuerySet.as_manager()

    class Meta:
        verbose_name = "received mail"
        verbose_name_plural = "received mail"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["message_id"], condition=~Q(message_id=""), name="mail_by_message_id"),
            models.Index(fields=["sender", "received_at"], name="mail_by_sender"),
            models.Index(
                fields=["-id"], condition=Q(held=True) | Q(outcome="unreadable"), name="mail_to_look_at"
            ),
            models.Index(fields=["outcome", "-id"], name="mail_by_outcome"),
            models.Index(fields=["received_at"], condition=Q(case__isnull=True), name="mail_of_no_case"),
            GinIndex(
                words_of("folded"),
                Block("case"),
                condition=~Q(folded="") & Q(case__isnull=False),
                name="folded_words",
                gin_pending_list_limit=PENDING,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject or 'Mail'} from {self.sender or 'nobody'}"

    @property
    def stored(self) -> str:
        """Where the store keeps it."""
        return f"mail/{self.key.hex[:2]}/{self.key.hex}.eml"

    @property
    def has_original(self) -> bool:
        """Whether it is still there: it goes when something of it is removed for good."""
        return self.size > 0
