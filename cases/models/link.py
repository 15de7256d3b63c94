from django.db import models

from .case import Case


class Link(models.Model):
    """Two cases that have to do with each other; `first` has the lower number."""

    first = models.ForeignKey(Case, models.CASCADE, related_name="+", db_index=False)
    second = models.ForeignKey(Case, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="linked_once"),
            models.CheckConstraint(
                condition=models.Q(first__lt=models.F("second")), name="link_has_lower_number_first"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.first_id} and #{self.second_id}"
