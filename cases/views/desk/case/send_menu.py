"""What a reply may be sent with, and when it may leave."""

from datetime import datetime
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError

from cases.access import AgentRequest
from cases.actions.outgoing import when_hours_begin
from cases.actions.resolution import may_resolve
from cases.actions.snooze import may_snooze
from cases.actions.taking import would_take
from cases.actions.triage import may_set_status
from cases.forms import moments
from cases.forms.moments import MomentField
from cases.models import Case, Outgoing, Refused, Status, User

SNOOZE = "snooze-"
NEXT = "next"
HOURS_BEGIN = "hours"


class Sending(NamedTuple):
    """One way to send a reply: what a form calls it, and what its button says behind "Send"."""

    value: str
    words: str


def ways(agent: User, case: Case) -> list[Sending]:
    """What may follow a reply in this case now, first the reply alone."""
    found = [Sending("", "reply")]
    if may_resolve(case):
        found.append(Sending("resolve", "and resolve"))
    if case.status != Status.INVESTIGATING and may_set_status(case, Status.INVESTIGATING):
        found.append(Sending("investigate", "and investigate"))
    if case.assignee_id != agent.pk and not would_take(case, agent):
        found.append(Sending("take", "and assign to me"))
    if may_snooze(case):
        mornings = moments.offered(moments.MORNINGS)
        found += [Sending(f"{SNOOZE}{name}", f"and snooze: {_lower(label)}") for name, label in mornings]
    return [*found, Sending(NEXT, "and open the next case")]


def _lower(label: str) -> str:
    return label if label.startswith("Monday") else label[:1].lower() + label[1:]


def menu(agent: User, case: Case) -> dict[str, Any]:
    """The button, which says what this agent chose last if that may be done now, and what else may be chosen."""
    found = ways(agent, case)
    face = next((one for one in found if one.value == agent.sends_and), found[0])
    return {
        "face": face,
        "others": [one for one in found if one != face],
        "later": moments.offered(moments.LATER),
    }


def remember(agent: User, value: str) -> None:
    """What they chose is what their button says from now on."""
    if agent.sends_and != value:
        agent.sends_and = value
        agent.save(update_fields=["sends_and"])


def chosen(request: AgentRequest, case: Case) -> dict[str, Any]:
    """What `actions.saying.say` takes of the button that was pressed: the kind, what follows, and when it leaves.

    Raises ValidationError for a time that cannot be, and for what may not follow any more.
    """
    if later := request.POST.get("later"):
        return {
            "kind": Outgoing.Kind.REPLY,
            "leaves_at": _moment(case, later, request.POST.get("later_at", "")),
        }
    value = request.POST.get("then", "")
    if not value:
        return {"kind": Outgoing.Kind.REPLY}
    if value not in {one.value for one in ways(request.user, case)}:
        raise ValidationError(
            "The case has changed: what was to follow cannot be done any more. Choose anew."
        )
    if value == "resolve":
        return {"kind": Outgoing.Kind.RESOLVE}
    if value.startswith(SNOOZE):
        until = moments.MORNINGS[value.removeprefix(SNOOZE)].moment()
        return {"kind": Outgoing.Kind.REPLY, "then": "snooze", "until": until}
    return {"kind": Outgoing.Kind.REPLY, "then": value if value != NEXT else ""}


def _moment(case: Case, name: str, typed: str) -> datetime | None:
    if name == HOURS_BEGIN:
        try:
            return when_hours_begin(case)
        except Refused as refused:
            raise ValidationError(str(refused)) from None
    if preset := moments.LATER.get(name):
        return preset.moment()
    return MomentField().clean(typed)
