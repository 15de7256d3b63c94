from typing import Self

from django.db import models

from .people import User, Viewer
from .rights import Right
from .sender import MailSender
from .team import Team


class SystemQuerySet(models.QuerySet["System"]):
    def offered_to(self, viewer: Viewer) -> Self:
        """What this viewer may report a problem of: customers are told of the public ones alone."""
        offered = self.filter(retired=False)
        if isinstance(viewer, User) and viewer.limit and viewer.limit.systems:
            offered = offered.filter(pk__in=viewer.limit.systems)
        return offered if viewer.may(Right.READ_DESK) else offered.filter(public=True)


class System(MailSender):
    """A product that cases are about."""

    name = models.CharField(max_length=120, unique=True)
    description = models.TextField(blank=True)
    retired = models.BooleanField(default=False, help_text="Retired systems are not offered for new reports.")
    public = models.BooleanField(
        "shown to customers",
        default=False,
        help_text="On the home page, the status page and in the report form. Agents use every system.",
    )
    policy = models.ForeignKey(
        "cases.Policy",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="systems",
        verbose_name="service levels",
        help_text="For cases of this system whose organisation has none.",
    )
    team = models.ForeignKey(
        Team,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="systems",
        help_text="New cases go to it, and it is told of them. Empty: to the team that takes what is nobody's.",
    )

    objects = SystemQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def public_name(self) -> str:
        """What everybody may read of its name."""
        return self.name if self.public else ""
