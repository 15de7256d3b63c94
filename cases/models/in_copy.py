"""Who reads along in a case by mail, besides its customer."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from .addresses import AddressField, is_one_spelling
from .case import Case
from .people import User


class InCopyQuerySet(models.QuerySet["InCopy"]):
    def now(self) -> Self:
        """Those who have not been taken out."""
        return self.filter(removed_at=None)


class InCopy(models.Model):
    """An address in copy of a case: what its customer reads is mailed there. Its owner needs no account."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="in_copy", db_index=False)
    address = AddressField(max_length=254)
    name = models.CharField(
        max_length=200, blank=True, help_text="As the mail says that they were in copy of."
    )
    added_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    added_at = models.DateTimeField(default=timezone.now, db_default=Now())
    came_with = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )  # the merged case of which they were in copy
    removed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = InCopyQuerySet.as_manager()

    class Meta:
        verbose_name = "person in copy"
        verbose_name_plural = "people in copy"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "address"], name="in_copy_once"),
            models.CheckConstraint(condition=is_one_spelling("address"), name="in_copy_has_one_spelling"),
        ]
        indexes = [
            models.Index(fields=["address"], condition=Q(removed_at=None), name="in_copy_by_address"),
            models.Index(fields=["added_by", "added_at"], name="put_in_copy_by"),
        ]

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address
