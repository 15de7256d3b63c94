from django.db import models
from django.utils import timezone


class SkippedStep(models.Model):
    """A step of set-up that an administrator leaves out. The page of set-up offers it again."""

    name = models.CharField(max_length=20, unique=True)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name
