"""What happens by itself when something is soon due, or overdue: said once, whoever looks how often."""

from datetime import datetime

from django.db import transaction

from cases.models import Case, Clock, Due, Escalation, Event, Kind, Promise

from .events import record

Owed = Promise | Clock | Escalation
WATCHED: list[type[Owed]] = [Promise, Clock, Escalation]


@transaction.atomic
def act(thing: Owed, *, at: datetime) -> Event | None:
    """Warn of what is due soon, or say that it is overdue. Returns None when there is nothing to say any more.

    The case is locked first, as by everybody who writes in it, so that a reply at the same moment is in time or not.
    """
    case = Case.objects.get(pk=thing.case_id).locked()
    ripe = type(thing).objects.filter(pk=thing.pk, case=case, next_check_at__lte=at, ended_at=None).first()
    if ripe is None or ripe.due_at is None:
        return None
    kind = Kind.WARNED if ripe.due_at > at else Kind.BROKEN
    ripe.next_check_at = ripe.due_at if kind == Kind.WARNED else None
    ripe.broken_at = None if kind == Kind.WARNED else ripe.due_at
    ripe.save(update_fields=["next_check_at", "broken_at"])
    return record(case, kind, by=None, details={"due": _what(ripe).name, "due_at": ripe.due_at.isoformat()})


def _what(thing: Owed) -> Due:
    if isinstance(thing, Clock):
        return Due(thing.measure)
    return Due.ESCALATION if isinstance(thing, Escalation) else Due.PROMISE
