from django.db import models
from django.db.models import Q

from .case import Case
from .deadline import Deadline, Due
from .system import System


class Clock(Deadline):
    """One service level of one case, as far as it has come. Kept by `cases.actions.deadlines`."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="clocks", db_index=False)
    measure = models.SmallIntegerField(choices=Due)
    started_at = models.DateTimeField()
    system = models.ForeignKey(System, models.PROTECT, related_name="+", db_index=False)

    class Meta(Deadline.Meta):
        constraints = [
            models.UniqueConstraint(fields=["case", "measure", "started_at"], name="clock_starts_once")
        ]
        indexes = [
            *Deadline.Meta.indexes,
            models.Index(
                fields=["ended_at"],
                include=["measure", "broken_at", "system"],
                condition=Q(ended_at__isnull=False),
                name="clocks_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_measure_display()} of #{self.case_id}"
