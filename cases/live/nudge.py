"""Telling open pages that there is something new, and nothing of what it is."""

from collections.abc import Iterable
from itertools import batched

from django.db import connection

from cases.models import Case

CHANNEL = "caseline_live"
MOST_TOPICS = 200  # in one NOTIFY, which holds 8,000 bytes


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


NOTICES = "notices-"


def notices_topic(pk: int) -> str:
    """An agent has a new notice, or has read some."""
    return f"{NOTICES}{pk}"


def incident_topic(number: int) -> str:
    """Something in an incident has changed, for the desk."""
    return f"incident-{number}"


ENDS = "ends-"


def ends_topic(pk: int) -> str:
    """What somebody may hear has changed: their streams end, and their pages come again."""
    return f"{ENDS}{pk}"


RADAR = "radar"  # what the radar suggests has changed

PEOPLE = "people-"
BUT = "/"  # before the one viewer who is not to be told


def people_topic(number: int) -> str:
    """Who reads a case on the desk, or writes in it, has changed."""
    return f"{PEOPLE}{number}"


def people_but(number: int, agent: int) -> str:
    """The same for a nudge: the agent who came, went or wrote knows it."""
    return f"{people_topic(number)}{BUT}{agent}"


def said_of(topic: str) -> str:
    """How a stream puts it: notices and people are no change of what the page shows."""
    if topic == RADAR:
        return RADAR
    if topic.startswith(NOTICES):
        return "notices"
    return "people" if topic.startswith(PEOPLE) else "changed"


def nudge(*topics: str) -> None:
    """NOTIFY when the running transaction commits; equal ones within it are sent once."""
    with connection.cursor() as cursor:
        for batch in batched(topics, MOST_TOPICS):
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, " ".join(batch)])


def nudge_about(case: Case, *, public: bool, notified: Iterable[int] = (), by_customer: bool = False) -> None:
    """Nudge whoever looks at this case, at a list of cases, or after a customer's word at its incident, and the
    agents who were `notified` of the event."""
    topics = [QUEUE, desk_topic(case.pk), *map(notices_topic, notified)]
    if case.incident_id and by_customer:
        topics.append(incident_topic(case.incident_id))
    if public:
        topics.append(case_topic(case.pk))
        if case.customer_id:
            topics.append(person_topic(case.customer_id))
        if case.organisation_id:
            topics.append(organisation_topic(case.organisation_id))
    nudge(*topics)
