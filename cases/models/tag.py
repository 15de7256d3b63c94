from django.db import models


class Tag(models.Model):
    """A word that some case has, or had. A trigger on cases knows each new one (`0051_tags`)."""

    name = models.CharField(max_length=40, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
