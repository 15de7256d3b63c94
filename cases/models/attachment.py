import uuid
from datetime import timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from .case import Case
from .event import Event
from .people import User, Viewer

MOST_IN_A_MESSAGE = 20
LONGEST_NAME = 120
PENDING = timedelta(days=1)  # how long a file waits for its message


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """What this viewer may fetch: the files of the events they see, and their own that wait to be sent.

        EXISTS asks for the one event of a file. PostgreSQL would answer an IN beside an OR by reading all events.
        """
        waits = Q(event=None) & owned_by(viewer)
        return self.filter(waits | Q(Exists(Event.objects.visible_to(viewer).filter(pk=OuterRef("event")))))

    def given_by(self, viewer: Viewer) -> Self:
        """What this viewer uploaded, sent or not."""
        return self.filter(owned_by(viewer))

    def pending(self) -> Self:
        return self.filter(event=None)


def is_key(text: Any) -> bool:
    """Whether this could be the key of a file."""
    try:
        return bool(uuid.UUID(str(text)))
    except ValueError:
        return False


def owned_by(viewer: Viewer) -> Q:
    return Q(uploader=viewer) if isinstance(viewer, User) else Q(session=viewer.uploads) & ~Q(session="")


class Attachment(models.Model):
    """A file of a message. Until the message is sent it is pending, and nobody's but its uploader's.

    It is kept as it came, under its random key; only the name that people see is theirs.
    """

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="attachments", db_index=False
    )
    event = models.ForeignKey(Event, models.PROTECT, null=True, blank=True, related_name="files")
    uploader = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    session = models.CharField(max_length=32, blank=True, help_text="Of the visitor who uploaded it.")
    name = models.CharField(max_length=LONGEST_NAME)
    content_type = models.CharField(max_length=120, help_text="As the content tells, not the name.")
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    thumbnail_size = models.PositiveIntegerField(
        default=0, help_text="Of an image that could be read to its end; only these are shown."
    )
    created_at = models.DateTimeField(default=timezone.now)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(case=None, event=None) | Q(case__isnull=False, event__isnull=False),
                name="attachment_has_case_and_event_or_neither",
            )
        ]
        indexes = [
            models.Index(fields=["case"], condition=Q(case__isnull=False), name="attachments_of_case"),
            models.Index(fields=["created_at"], condition=Q(event=None), name="attachments_pending"),
            models.Index(fields=["uploader"], condition=Q(event=None), name="attachments_pending_of"),
            models.Index(
                fields=["session"], condition=Q(event=None) & ~Q(session=""), name="attachments_of_session"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def stored(self) -> str:
        """Where the store keeps it."""
        return f"{self.key.hex[:2]}/{self.key.hex}"

    @property
    def has_thumbnail(self) -> bool:
        return self.thumbnail_size > 0

    @property
    def thumbnail(self) -> str:
        return f"{self.stored}.webp"

    @property
    def event_data(self) -> dict[str, Any]:
        """What its event says of it for ever, and all that a timeline shows."""
        shown = {"width": self.width, "height": self.height} if self.has_thumbnail else {}
        return {
            "key": str(self.key),
            "name": self.name,
            "type": self.content_type,
            "size": self.size,
            "sha256": self.sha256,
        } | shown
