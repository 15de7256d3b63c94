"""How long agents worked on a case, where its team records that."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from cases.models import YES, Answer, Case, Event, Kind, Refused, TimeSpent, User
from cases.text.spans import span

from .events import record
from .tokens import already_recorded, token_for

LONGEST = 24 * 60  # minutes in one entry


def may_spend(case: Case) -> Answer:
    """Whether time may be recorded in it: its team decides. Of one that goes on in another it is recorded there."""
    if case.merged_into_id:
        return Answer(refusal=f"Case {case.number} goes on in another one. Record the time there.")
    if case.team and case.team.records_time:
        return YES
    whose = f"{case.team} does" if case.team else "A case without a team does"
    return Answer(refusal=f"{whose} not record time spent.")


@transaction.atomic
def spend(case: Case, *, by: User, minutes: int, body: str = "", token: UUID | None = None) -> Event | None:
    """Say how long one worked on it, or take back minutes of one's own by less than none, with the reason.

    Returns None when the form was received before, or says nothing.
    """
    case, token = case.locked_target(), token_for(token, body)
    if minutes == 0 or already_recorded(token):
        return None
    may_spend(case).check()
    if abs(minutes) > LONGEST:
        raise Refused("An entry has 24 hours at most. Record more in several entries.")
    if minutes < 0:
        _check_correction(case, by, -minutes, body)
    event = record(
        case,
        Kind.SPENT,
        by=by,
        body=body,
        details={"minutes": minutes},
        token=token,
        minutes_spent=case.minutes_spent + minutes,
    )
    TimeSpent.objects.create(
        event=event,
        case=case,
        minutes=minutes,
        at=event.at,
        agent=by,
        team_id=case.team_id,
        system_id=case.system_id,
    )
    return event


def _check_correction(case: Case, by: User, minutes: int, body: str) -> None:
    if not body:
        raise Refused("Say why you take time back.")
    own = TimeSpent.objects.filter(case=case, agent=by).aggregate(sum=Sum("minutes", default=0))["sum"]
    if minutes > own:
        raise Refused(f"You have recorded {span(own)} in this case, and can take back no more.")


def with_time(say: Callable[..., Any]) -> Callable[..., Any]:
    """The same action, which also records the time that came with what was said."""

    def both(case: Case, *, by: User, spent: int | None = None, **said: Any) -> Any:
        done = say(case, by=by, **said)
        if done and spent:
            spend(case, by=by, minutes=spent)
        return done

    return both
