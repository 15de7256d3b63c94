from django.db import models
from django.db.models import Q

from .people import User


class AccountMerge(models.Model):
    """Two accounts that turned out to be one person's. `gone` signs in no more; what was its own is `kept`'s."""

    kept = models.ForeignKey(User, models.PROTECT, related_name="merges")
    gone = models.ForeignKey(User, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    before = models.JSONField(help_text="What belonged to whom, to be given back. It names people.")
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["gone"], condition=Q(undone_at__isnull=True), name="an_account_goes_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gone} into {self.kept}"


def merged_into(person: User) -> User | None:
    """The account into which theirs was merged, be it by way of others."""
    kept = None
    while not (kept or person).is_active:
        merge = (
            AccountMerge.objects.filter(gone=kept or person, undone_at=None).select_related("kept").first()
        )
        if merge is None:
            break
        kept = merge.kept
    return kept


def accounts_of(person: User) -> list[User]:
    """Their account, and those that were merged into it, be it by way of others."""
    found = new = [person]
    while new:
        merges = AccountMerge.objects.filter(kept__in=new, undone_at=None).select_related("gone")
        new = [merge.gone for merge in merges.order_by("pk")]
        found = found + new
    return found
