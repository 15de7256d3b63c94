"""Telling open pages that there is something new, and nothing of what it is."""

from django.db import connection

from cases.models import Case

CHANNEL = "caseline_live"


def case_topic(number: int) -> str:
    """What a case's customers see of it has changed."""
    return f"case-{number}"


def desk_topic(number: int) -> str:
    """Anything in a case has changed, notes included."""
    return f"desk-{number}"


QUEUE = "queue"  # some case on the desk has changed


def person_topic(pk: int) -> str:
    """The list of somebody's own cases has changed."""
    return f"person-{pk}"


def organisation_topic(pk: int) -> str:
    return f"organisation-{pk}"


def nudge(*topics: str) -> None:
    """NOTIFY when the running transaction commits; equal ones within it are sent once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, " ".join(topics)])


def nudge_about(case: Case, *, public: bool) -> None:
    topics = [QUEUE, desk_topic(case.pk)]
    if public:
        topics.append(case_topic(case.pk))
        if case.customer_id:
            topics.append(person_topic(case.customer_id))
        if case.organisation_id:
            topics.append(organisation_topic(case.organisation_id))
    nudge(*topics)
