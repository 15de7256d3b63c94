"""How far people have read: customers in cases that report an incident, and the desk in each case."""

from django.db import connection

from cases.live.nudge import CHANNEL, incident_topic
from cases.models import Case, User

SEEN = """
    WITH advanced AS (
        INSERT INTO cases_readreceipt (case_id, sequence, at)
        SELECT case_id, max(sequence), now() FROM cases_event WHERE case_id = %s AND public GROUP BY case_id
        ON CONFLICT (case_id) DO UPDATE SET sequence = excluded.sequence, at = excluded.at
        WHERE cases_readreceipt.sequence < excluded.sequence
        RETURNING case_id
    )
    SELECT pg_notify(%s, %s) FROM advanced
"""

OPENED = """
    INSERT INTO cases_seen (case_id, agent_id, sequence)
    SELECT %(case)s, %(agent)s, %(sequence)s WHERE NOT EXISTS (
        SELECT FROM cases_seen WHERE case_id = %(case)s AND agent_id = %(agent)s AND sequence >= %(sequence)s
    )
    ON CONFLICT (case_id, agent_id) DO UPDATE SET sequence = excluded.sequence
    WHERE cases_seen.sequence < excluded.sequence
"""


def see(case: Case) -> bool:
    """The customer of this case has all of it before them. Tells the desk when that is further than before.

    One statement, and nothing at all for a case without an incident. Returns whether there was something new.
    """
    if not case.incident_id:
        return False
    with connection.cursor() as cursor:
        cursor.execute(SEEN, [case.pk, CHANNEL, incident_topic(case.incident_id)])
        return cursor.fetchone() is not None


def opened(case: Case, *, by: User) -> None:
    """Somebody at the desk has all of this case before them. One statement, which mostly writes nothing."""
    values = {"case": case.pk, "agent": by.pk, "sequence": case.last_public_sequence}
    with connection.cursor() as cursor:
        cursor.execute(OPENED, values)
