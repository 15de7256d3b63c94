from django.db import models
from django.db.models import Q


class CaseCount(models.Model):
    """A line of the ledger of what there is of each customer and of each organisation, by what limits agents.

    Triggers on cases, promises and ratings write it in the transaction of the change (`0041_spam_counts_nowhere`); a job makes one
    line of many. The columns are called as those of a case, so that `Limit.within` narrows it as well.
    """

    class Whose(models.TextChoices):
        CUSTOMER = "customer"
        ORGANISATION = "organisation"

    class What(models.TextChoices):
        OPEN = "open"
        PAST = "past"
        SPAM = "spam"
        KEPT = "kept"
        LATE = "late"
        BROKEN = "broken"
        GOOD = "good"
        BAD = "bad"

    whose = models.CharField(max_length=12, choices=Whose)
    owner = models.BigIntegerField()
    system = models.BigIntegerField()
    team = models.BigIntegerField(null=True)
    escalated_to = models.BigIntegerField(null=True)
    what = models.CharField(max_length=6, choices=What)
    n = models.BigIntegerField()
    folded = models.BooleanField(default=False, db_default=False)

    class Meta:
        indexes = [
            models.Index(fields=["whose", "owner"], name="counts_of_owner"),
            models.Index(fields=["id"], condition=Q(folded=False), name="counts_to_fold"),
        ]

    def __str__(self) -> str:
        return f"{self.n} {self.what} of {self.whose} {self.owner}"
