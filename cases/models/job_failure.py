from django.db import models
from procrastinate.contrib.django.models import ProcrastinateJob


class JobFailure(models.Model):
    """Why a job failed last: the kind of error, and none of its words, which may name people.

    It goes with the job, by a foreign key that the migration makes: procrastinate deletes jobs by itself.
    """

    job = models.OneToOneField(ProcrastinateJob, models.DO_NOTHING, primary_key=True, db_constraint=False)
    error = models.CharField(max_length=80)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.error} in job {self.job_id}"
