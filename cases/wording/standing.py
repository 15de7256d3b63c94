"""How a case stands, in words for its customer."""

from collections.abc import Container

from django.db.models import Q

from cases.models import Case, Kind, Role, Status, WaitingOn
from cases.text.lists import listed
from cases.wording.times import day


def is_told_here(case: Case, questioned: Container[int]) -> bool:
    """Whether the case is worked on as part of an open incident, whose news come into it.

    After a question that an agent asked in the case itself it stands by itself: `questioned` are the numbers of such
    cases (`incident_cases.questioned`).
    """
    open_one = case.is_active and case.incident and case.incident.is_open
    return bool(open_one and case.pk not in questioned and not case.open_requests)


def is_theirs(case: Case, questioned: Container[int]) -> bool:
    """Whether it is the customer's turn: not after the news of an incident, which ask for nothing."""
    is_waiting = case.waiting_on == WaitingOn.CUSTOMER and case.status != Status.CLOSED
    return is_waiting and not is_told_here(case, questioned)


def requested(case: Case) -> str:
    """What the customer was asked for: "a screenshot and the log file"."""
    return listed(request.what for request in case.open_requests)


def closing(case: Case) -> str:
    """What becomes of the case without an answer, once that was said."""
    return f"If we don’t hear from you, it closes on {day(case.closes_at)}." if case.closes_at else ""


def happening(case: Case) -> str:
    """What is happening with the case, in words for the customer."""
    if case.merged_into_id:
        return f"This case continues in case {case.merged_target().number}"
    match case.status:
        case Status.RESOLVED:
            return "We think this is fixed"
        case Status.CLOSED:
            return "This case is closed"
        case Status.INVESTIGATING:
            return "We are investigating"
        case _:
            ours = case.waiting_on == WaitingOn.US
            if ours and case.promised_at:
                return "We are on it"
            return "We have your report" if ours else "We answered"


def is_back(case: Case) -> bool:
    """Whether somebody said that it is not fixed, and we have not answered since."""
    if case.status != Status.OPEN or case.waiting_on != WaitingOn.US or case.last_public_sequence < 4:
        return False
    ours = Q(kind__in=(Kind.DECLINED, Kind.REOPENED)) | Q(kind=Kind.REPLY, role=Role.AGENT)
    last = case.events.filter(ours).order_by("-sequence").values_list("kind", flat=True).first()
    return last in (Kind.DECLINED, Kind.REOPENED)


def turn(case: Case, questioned: Container[int]) -> str:
    """Whose turn it is, and what to do, in words for the customer."""
    if case.merged_into_id:
        return "We’ll reply there."
    if case.status == Status.RESOLVED:
        return "Please tell us whether it’s fixed."
    if case.spam:
        return "Nothing is left to do."
    if case.status == Status.CLOSED:
        return "All done. If the problem comes back, reply below to reopen the case."
    if is_told_here(case, questioned):
        return f"This is part of incident {case.incident_id}. We’ll post updates here."
    ours = case.waiting_on == WaitingOn.US
    if case.open_requests:
        need = f"we need {requested(case)} from you"
        return f"We’ll reply here, and {need}." if ours else f"We’re waiting for you: {need}."
    if ours:
        return "We’ll reply here."
    return "We’re waiting for your reply."


def asks_secret(case: Case) -> bool:
    """Whether something is asked for that is to be sealed."""
    return any(one.secret for one in case.open_requests)
