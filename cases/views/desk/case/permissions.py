"""What may be done with a case: the page asks the rules that the actions hold to."""

from collections.abc import Callable
from functools import partial

from cases.access import only_reads
from cases.actions import (
    checklists,
    conversation,
    corrections,
    escalations,
    incidents,
    merging,
    open_requests,
    promises,
    resolution,
    snooze,
    spam,
    time_spent,
    triage,
)
from cases.models import Answer, Case, User

RULES: dict[str, Callable[[Case], Answer]] = {
    "reply": conversation.may_reply,
    "resolve": resolution.may_resolve,
    "close": resolution.may_close,
    "reopen": resolution.may_reopen,
    "set_status": triage.may_set_status,
    "list": checklists.may_list,
    "correct": corrections.may_correct,
    "escalate": escalations.may_escalate,
    "promise": promises.may_promise,
    "ask": open_requests.may_ask,
    "spam": spam.may_mark,
    "spend": time_spent.may_spend,
    "snooze": snooze.may_snooze,
    "be_attached": incidents.may_be_attached,
    "be_merged": merging.may_be_merged,
}


def permissions(agent: User, case: Case) -> dict[str, Callable[[], Answer]]:
    """The answers by name, each given where a template asks for it: `{% if may.reopen %}`. Who only reads may nothing."""
    if only_reads(agent):
        return {}
    return {name: partial(rule, case) for name, rule in RULES.items()}
