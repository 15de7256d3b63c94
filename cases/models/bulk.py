"""One change to many cases."""

from django.db import models

from .case import Case
from .people import User


class Bulk(models.Model):
    """What an agent asked to have done to many cases. `change` names it, as its form holds it.

    `token` is that of the form, which counts once.
    """

    by = models.ForeignKey(User, models.CASCADE, related_name="bulks", db_index=False)
    asked_at = models.DateTimeField(auto_now_add=True)
    token = models.UUIDField(null=True)
    change = models.JSONField()
    stopped = models.BooleanField(default=False)
    stopped_because = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["by", "token"], name="bulk_once")]
        indexes = [models.Index(fields=["by", "-id"], name="bulks_of_agent")]

    def __str__(self) -> str:
        return f"Bulk {self.pk}"

    @property
    def is_listed(self) -> bool:
        """Whether it is known already which cases it is about."""
        return self.change.get("listed", True)

    @property
    def may_be_stopped(self) -> bool:
        return self.change["name"] not in ("levels", "erase", "retag")


class BulkItem(models.Model):
    """One case of a bulk change: waiting, done, or refused with a sentence."""

    bulk = models.ForeignKey(Bulk, models.CASCADE, related_name="items", db_index=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    done_at = models.DateTimeField(null=True)
    refused = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bulk", "case"], name="case_once_per_bulk")]
        indexes = [models.Index(fields=["bulk", "case"], condition=models.Q(done_at=None), name="bulk_to_do")]

    def __str__(self) -> str:
        return f"#{self.case_id} of bulk {self.bulk_id}"
