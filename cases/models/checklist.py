"""What is to be done in a case, a line each. For the desk alone."""

from django.db import models

from .case import Case
from .people import User


class ChecklistItem(models.Model):
    case = models.ForeignKey(Case, models.PROTECT, related_name="checklist", db_index=False)
    text = models.CharField(max_length=200)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)

    class Meta:
        indexes = [models.Index(fields=["case", "id"], name="checklist_of_case")]

    def __str__(self) -> str:
        return f"{self.text} in #{self.case_id}"
