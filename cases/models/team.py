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

    deals = models.BooleanField(
        "deals its cases in turn",
        default=False,
        db_default=False,
        help_text="Unassigned cases that need us go to the member next in turn who is here and has room for another.",
    )
    capacity = models.PositiveSmallIntegerField(
        "cases at once",
        null=True,
        blank=True,
        help_text="How many open cases that need us a member has before none is dealt to them, unless they have a"
        " number of their own. Empty: no limit.",
    )
    records_time = models.BooleanField(
        "records time spent",
        default=False,
        db_default=False,
        help_text="Agents may say how long they worked on its cases. Customers never see it.",
    )
    dealt_to = models.ForeignKey(User, models.SET_NULL, null=True, editable=False, related_name="+")
    dealt_at = models.DateTimeField(null=True, editable=False)
    stuck_since = models.DateTimeField(null=True, editable=False)  # nobody had room for what waited then

    class Meta:
        ordering = ["name"]
        indexes = [models.Index(fields=["dealt_at"], condition=models.Q(deals=True), name="teams_that_deal")]
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
