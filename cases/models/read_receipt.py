from django.db import models

from .case import Case


class ReadReceipt(models.Model):
    """How far a customer has read in a case that is attached to an incident: what is delivered is not yet seen."""

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="sight")
    sequence = models.PositiveIntegerField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"#{self.case_id} read to {self.sequence}"
