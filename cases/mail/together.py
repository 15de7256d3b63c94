"""What happens in a case within a minute is one mail. The mail of an event waits for what follows it."""

from django.conf import settings
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.jobs import Job, JobDeferrer

from cases.models import Event, Kind
from cases.models.kinds import Role

WAIT = 3 if settings.SHOW_KEPT_MAIL else 50  # seconds: with those until a worker looks, within the minute


def waits(event: Event) -> bool:
    """Whoever has just reported something is to see at once that it arrived, and no answer is that quick."""
    return event.kind != Kind.OPENED or event.role != Role.CUSTOMER


def in_turn(task: str, event: Event, whom: int | str | None) -> JobDeferrer:
    """The job of a mail, which waits until those before it in this case have gone to this person: by their account, as
    "copy" with a number, or the visitor who reported it."""
    return app.configure_task(
        f"cases.tasks.{task}",
        lock=turn_of(event, whom),
        schedule_in={"seconds": WAIT if waits(event) else 0},
    )


def turn_of(event: Event, whom: int | str | None) -> str:
    """The lock of the jobs that mail somebody about a case."""
    return f"mail of case {event.case_id} to {whom or 'its visitor'}"


def take_what_waits(job: Job) -> list[int]:
    """The events whose jobs wait behind this one, which takes them over.

    Jobs with one lock run one after the other, so nobody else takes them. What is taken is an argument of the job from
    then on: whoever tries it again says the same, under the same Message-ID.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH taken AS (
                DELETE FROM procrastinate_jobs
                WHERE lock = %(lock)s AND task_name = %(task)s AND status = 'todo' AND id > %(job)s
                RETURNING args -> 'event' AS event
            )
            UPDATE procrastinate_jobs SET args = args || jsonb_build_object(
                'beside', (SELECT coalesce(jsonb_agg(event ORDER BY event), '[]') FROM taken)
            )
            WHERE id = %(job)s
            RETURNING ARRAY(SELECT jsonb_array_elements_text(args -> 'beside')::bigint)
            """,
            {"lock": job.lock, "task": job.task_name, "job": job.id},
        )
        [taken] = cursor.fetchone()
        return list(taken)
