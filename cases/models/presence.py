from datetime import timedelta

from django.db import models

from .case import Case
from .people import User

EXPIRY = timedelta(seconds=75)  # after which a reader of whom nothing was heard is gone


class Presence(models.Model):
    """That an agent has a case open before their eyes, as one of the web processes sees it.

    Unlogged and without foreign keys: it is worth a minute, and writing it must hold up nobody.
    """

    pk = models.CompositePrimaryKey("case", "agent", "process")
    case = models.ForeignKey(Case, models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False)
    agent = models.ForeignKey(User, models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False)
    process = models.UUIDField()
    seen_at = models.DateTimeField(help_text="When the process last said so.")

    def __str__(self) -> str:
        return f"{self.agent_id} reads #{self.case_id}"
