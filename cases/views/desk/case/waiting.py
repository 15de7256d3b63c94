"""What was sent in a case and has not left, as its page shows it."""

from cases.actions.outgoing import may_decide, may_send
from cases.models import Case, Outgoing, User


def decisions(agent: User, waiting: Outgoing) -> dict[str, bool]:
    """What this agent may do with it."""
    if not agent.is_agent or not may_decide(waiting, agent):
        return {}
    return {"change": True, "send": agent == waiting.author and bool(may_send(waiting))}


def waiting_in(agent: User, case: Case) -> list[tuple[Outgoing, dict[str, bool]]]:
    """What was sent in the case and has not left, the oldest first, and what this agent may do with each."""
    found = case.outgoing.select_related("author").order_by("sent_at")
    for one in found:
        one.case = case
    return [(one, decisions(agent, one)) for one in found]
