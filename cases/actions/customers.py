"""Whose case it is."""

from typing import Any

from django.db import transaction

from cases.live.nudge import case_topic, nudge, organisation_topic, person_topic
from cases.models import YES, Answer, Case, Event, Kind, Refused, Role, User

from . import copies
from .events import record
from .open_requests import wait_anew


def may_move(case: Case) -> Answer:
    """Whether it may become another customer's: unless it is one of several that were merged, which are one customer's."""
    if case.merged_into_id:
        end = case.merged_into_id
        return Answer(
            refusal=f"Case {case.number} goes on in case {end}. Separate the two before you move it."
        )
    part = Case.objects.filter(merged_into=case).order_by("number").first()
    if part is None:
        return YES
    return Answer(
        refusal=f"Case {part.number} goes on in case {case.number}. Separate the two before you move one."
    )


@transaction.atomic
def move(case: Case, *, by: User, to: User) -> Event | None:
    """Make it the case of another customer, with all that was said in it. Whoever had it sees it no more.

    Returns None when it is theirs already. Raises Refused for a merged case and for somebody who cannot sign in.
    """
    case = case.locked()
    if case.customer_id == to.pk:
        return None
    may_move(case).check()
    if not to.is_active:
        raise Refused(f"{to} is deactivated and could not read the case. Choose someone else.")
    topics = _heard_by(case)
    is_same_company = case.organisation_id and case.organisation_id == to.organisation_id
    names = {"before": whose(case), "after": str(to)}
    event = record(case, Kind.MOVED, by=by, role=Role.AGENT, details=names, **_owned_by(case, to))
    wait_anew(case, event.at)
    if not is_same_company:
        copies.end_all(case, by=by)
    nudge(*topics)
    return event


def whose(case: Case) -> str:
    """The name of its customer, or the one that a visitor typed."""
    return str(case.customer or case.customer_name or "a visitor")


def _owned_by(case: Case, to: User) -> dict[str, Any]:
    """Its fields once it is theirs. What was said without an account stays under the name that was given then."""
    return {
        "customer_id": to.pk,
        "organisation_id": to.organisation_id,
        "customer_name": str(to),
        "first_name_given": case.first_name_given or case.customer_name,
        "unproven": False,
        "claimed_email": "",
    }


def _heard_by(case: Case) -> list[str]:
    """What the pages of those listen to who see it now: they find it gone."""
    topics = [case_topic(case.pk)]
    if case.customer_id:
        topics.append(person_topic(case.customer_id))
    if case.organisation_id:
        topics.append(organisation_topic(case.organisation_id))
    return topics
