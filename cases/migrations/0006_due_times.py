from django.db import migrations


class Migration(migrations.Migration):
    """A counter of the times at which due times moved without an event, by which open queues notice it.

    Cases that sleep are woken by the job that keeps time, so that those which were to wake one each go.
    """

    dependencies = [("cases", "0005_escalated_views"), ("procrastinate", "0001_initial")]

    operations = [
        migrations.RunSQL(
            ["CREATE SEQUENCE cases_due_times", "SELECT nextval('cases_due_times')"],  # the first one moves nothing
            "DROP SEQUENCE cases_due_times",
        ),
        migrations.RunSQL(
            "DELETE FROM procrastinate_jobs WHERE status = 'todo'"
            " AND task_name IN ('cases.tasks.wake_case', 'cases.tasks.wake_overslept')",
            migrations.RunSQL.noop,
        ),
    ]
