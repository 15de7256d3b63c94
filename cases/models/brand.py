"""How the portal presents itself: one row, which an administrator fills. Without it, everything is as usual."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

USUAL_NAME = "Caseline"
MOST_LINKS = 5


class BrandPicture(models.Model):
    """A logo as PNG. It stays when another follows, since mail that was sent shows it."""

    key = models.CharField(max_length=32, primary_key=True, help_text="The beginning of the SHA-256 of it.")
    content = models.BinaryField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return f"{self.width} × {self.height} pixels, {self.key[:6]}"

    @property
    def address(self) -> str:
        return reverse("brand_picture", args=[self.key])

    @property
    def is_wordmark(self) -> bool:
        """Whether it is so wide that it will have the name in it."""
        return self.width >= 2.5 * self.height

    def icon(self, size: int) -> str:
        """The address of it in the middle of a square of so many pixels."""
        return reverse("brand_icon", args=[self.key, size])


class Brand(models.Model):
    """Read it by `cases.queries.brand.brand`, change it by `cases.actions.brand.change`."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    name = models.CharField(max_length=60, default=USUAL_NAME)
    colour = models.CharField(max_length=7, blank=True, help_text="As #4f46c8. Empty: as usual.")
    logo = models.ForeignKey(BrandPicture, models.PROTECT, null=True, blank=True, related_name="+")
    dark_logo = models.ForeignKey(BrandPicture, models.PROTECT, null=True, blank=True, related_name="+")
    home_text = models.TextField(blank=True)
    links = models.JSONField(
        default=list, blank=True, help_text="Of the footer: pairs of a label and an address."
    )
    contact = models.CharField(max_length=120, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "brand"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="brand_is_one")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_named(self) -> bool:
        return self.name != USUAL_NAME

    @property
    def hex(self) -> str:
        """The colour as addresses have it."""
        return self.colour.removeprefix("#")

    @property
    def contact_address(self) -> str:
        """The address of mail, where the contact is nothing else."""
        return self.contact if "@" in self.contact and " " not in self.contact else ""

    @property
    def touch_icon(self) -> str:
        return self.logo.icon(180) if self.logo else ""

    @property
    def icon(self) -> str:
        """The address of what stands beside the title in a browser."""
        if self.logo:
            return self.logo.icon(64)
        return reverse("brand_mark", args=[self.hex]) if self.colour else ""
