from django.db import models

from .people import WORKS_ON_CASES, User
from .sender import MailSender


class Team(MailSender):
    """Agents who share a queue."""

    name = models.CharField(max_length=80, unique=True)
    members = models.ManyToManyField(User, blank=True, related_name="teams", limit_choices_to=WORKS_ON_CASES)
    lead = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to=WORKS_ON_CASES,
        help_text="Told of broken promises and unanswered escalations.",
    )
    fallback = models.BooleanField(
        "takes what is nobody's",
        default=False,
        db_default=False,
        help_text="New cases of systems without a team go to this one.",
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["fallback"],
                condition=models.Q(fallback=True),
                name="one_fallback_team",
                violation_error_message="Another team takes what is nobody's. Untick it there first.",
            )
        ]

    def __str__(self) -> str:
        return self.name
