from django.db import models
from django.db.models import Q
from django.utils import timezone

from .business_hours import check_zone
from .people import Organisation, User

LONGEST_NOTE = 10_000


class Card(models.Model):
    """What the desk notes of a person or of an organisation. Customers never see it; written by `cases.actions.cards`.

    `version` counts what was changed, so that two agents at once do not write over each other.
    """

    person = models.OneToOneField(User, models.CASCADE, null=True, related_name="card")
    organisation = models.OneToOneField(Organisation, models.CASCADE, null=True, related_name="card")
    phone = models.CharField(max_length=60, blank=True)
    title = models.CharField("role", max_length=120, blank=True)
    language = models.CharField(max_length=60, blank=True)
    zone = models.CharField("time zone", max_length=60, blank=True, validators=[check_zone])
    note = models.TextField("notes", max_length=LONGEST_NOTE, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=True) ^ Q(organisation__isnull=True), name="card_is_of_one"
            )
        ]

    def __str__(self) -> str:
        return f"Card of {self.person or self.organisation}"


class CardChange(models.Model):
    """Who changed what on a card when: for each field `[old, new]`, in full."""

    card = models.ForeignKey(Card, models.CASCADE, related_name="changes")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)
    changes = models.JSONField(default=dict)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{', '.join(self.changes)} of {self.card_id}"

    @property
    def said(self) -> list[tuple[str, str, str]]:
        """Each field by its name in words, with what it was and what it became."""
        return [(label_of(name), *both) for name, both in self.changes.items()]


def label_of(name: str) -> str:
    """What a field of a card is called."""
    return str(Card._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
