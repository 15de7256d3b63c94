from django.db import models


class System(models.Model):
    """A product that cases are about."""

    name = models.CharField(max_length=120, unique=True)
    description = models.TextField(blank=True)
    retired = models.BooleanField(default=False, help_text="Retired systems are not offered for new reports.")
    policy = models.ForeignKey(
        "cases.Policy",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="systems",
        verbose_name="service levels",
        help_text="For cases of this system whose organisation has none.",
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
