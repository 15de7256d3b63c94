"""What customers have read in cases that report an incident."""

from django.db import connection

from cases.live.nudge import CHANNEL, incident_topic
from cases.models import Case

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


def see(case: Case) -> bool:
    """The customer of this case has all of it before them. Tells the desk when that is further than before.

    One statement, and nothing at all for a case without an incident. Returns whether there was something new.
    """
    if not case.incident_id:
        return False
    with connection.cursor() as cursor:
        cursor.execute(SEEN, [case.pk, CHANNEL, incident_topic(case.incident_id)])
        return cursor.fetchone() is not None
