"""A macro: a text and the changes that go with it, all or nothing."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple

from django.db import transaction

from cases.models import Area, AuditKind, Case, Macro, Priority, Refused, Severity, Status, User
from cases.models.choices import ACTIVE
from cases.models.people import agents
from cases.text.numbers import whole_number
from cases.text.placeholders import fill, values_of

from . import audit, checklists, conversation, resolution, snooze, triage
from .events import now
from .tokens import already_recorded, token_for

# Which composer a macro's text belongs in: what sends it, and the field of its form.
COMPOSERS: dict[str, tuple[Callable[..., Any], str]] = {
    "reply": (conversation.reply, "body"),
    "note": (conversation.add_note, "body"),
    "resolve": (resolution.resolve, "resolution"),
}


class Change(NamedTuple):
    """One of a macro's changes: what a form calls it, what people call it, and the action that makes it."""

    key: str
    words: str
    make: Callable[..., Any]

    def __str__(self) -> str:
        return self.words


@transaction.atomic
def apply(
    case: Case,
    *,
    by: User,
    macro: Macro,
    composer: str = "",
    only: Collection[str] | None = None,
    **said: Any,
) -> None:
    """Send a macro's text and make its changes, each with its own event, or nothing of it at all.

    `said` is what the form of the `composer` holds; without it the macro's own text is filled for this
    case. `only` are the keys of the changes to make, all when it is left out. A form that was received
    before does nothing. Raises Refused where one of the actions does.
    """
    case.locked_target()  # where it is said, before anything else is locked
    case = case.locked()
    say, field = COMPOSERS[composer or macro.composer]
    said.setdefault(field, fill(macro.body, values_of(case, by)))
    if already_recorded(token_for(said.get("token"), said[field], said.get("attachments", ()))):
        return
    changes = [change for change in changes_of(macro, by=by) if only is None or change.key in only]
    if any(change.key.startswith("assignee:") for change in changes):
        said.pop("takes", None)  # the macro says whose it is
    if said[field] or said.get("attachments"):
        say(case, by=by, **said)
    for change in changes:
        change.make(case, by=by)


def changes_of(macro: Macro, *, by: User, people: Mapping[int, User] | None = None) -> list[Change]:
    """What the macro changes besides its text, when this agent applies it."""
    changes = []

    def add(field: str, value: Any, words: str, action: Callable[..., Any], **new: Any) -> None:
        changes.append(Change(f"{field}:{value}", words, partial(action, **new)))

    if macro.status in ACTIVE:
        status = Status(macro.status)
        add("status", status.value, f"status {status.label.lower()}", triage.set_status, status=status)
    if macro.severity:
        severity = Severity(macro.severity)
        words = f"severity {severity.label.lower()}"
        add("severity", severity.value, words, triage.set_severity, severity=severity)
    if macro.priority:
        priority = Priority(macro.priority)
        add("priority", priority.value, f"priority {priority.label}", triage.set_priority, priority=priority)
    if macro.area:
        area = Area(macro.area)
        add("area", area.value, f"area {area.label.lower()}", triage.set_area, area=area)
    if macro.assignee == "none":
        add("assignee", "none", "unassigned", triage.assign, assignee=None)
    elif macro.assignee:
        agent = by if macro.assignee == "me" else _agent(macro.assignee, people)
        whom = "you" if agent == by else str(agent or "someone who has left")
        action = triage.assign if agent else _refuse_gone
        add("assignee", macro.assignee, f"assigned to {whom}", action, assignee=agent)
    if macro.team:
        add("team", macro.team_id, f"team {macro.team}", triage.assign_team, team=macro.team)
    if macro.tags:
        words = f"tag{'s' * (len(macro.tags) > 1)} {', '.join(macro.tags)}"
        add("tags", ",".join(macro.tags), words, triage.change_tags, add=macro.tags)
    if macro.checklist:
        count = len(macro.checklist)
        words = f"a checklist of {count} item{'s' * (count > 1)}"
        add("checklist", ",".join(macro.checklist), words, checklists.add, items=macro.checklist)
    if macro.snooze_hours:
        words, until = (
            f"snoozed for {_length(macro.snooze_hours)}",
            now() + timedelta(hours=macro.snooze_hours),
        )
        add("snooze", macro.snooze_hours, words, snooze.snooze, until=until)
    return changes


def _agent(number: str, people: Mapping[int, User] | None) -> User | None:
    pk = whole_number(number) or 0
    return agents().filter(pk=pk).first() if people is None else people.get(pk)


def _refuse_gone(case: Case, *, by: User, assignee: None) -> None:
    raise Refused(
        "This macro assigns to someone who is no longer an agent. Leave that out, or edit the macro."
    )


def _length(hours: int) -> str:
    count, unit = (hours // 24, "day") if hours % 24 == 0 else (hours, "hour")
    return f"{count} {unit}{'s' * (count > 1)}"


def with_changes(macros: Iterable[Macro], agent: User) -> list[tuple[Macro, list[Change]]]:
    """Each macro with its changes, at one query at most."""
    macros = list(macros)
    numbers = [number for macro in macros if (number := whole_number(macro.assignee))]
    people = {agent.pk: agent for agent in agents().filter(pk__in=numbers)} if numbers else {}
    return [(macro, changes_of(macro, by=agent, people=people)) for macro in macros]


def macros_of(agent: User) -> Any:
    """The macros that this agent may use."""
    return Macro.objects.for_agent(agent).select_related("team", "shared_with")


@transaction.atomic
def save(macro: Macro, *, by: User) -> None:
    before = Macro.objects.filter(pk=macro.pk).first()
    macro.save()
    kind = AuditKind.SETTING_CHANGED if before else AuditKind.SETTING_ADDED
    audit.record_of_everybody(kind, macro, by=by, before=before)


def copy(macro: Macro, *, by: User) -> Macro:
    """Make a copy of the agent's own, to go on with."""
    fields = {
        field.attname: getattr(macro, field.attname)
        for field in Macro._meta.concrete_fields
        if not field.primary_key
    }
    own = {"name": f"{macro.name[:53]} (copy)", "owner_id": by.pk, "shared_with_id": None}
    return Macro.objects.create(**fields | own)


@transaction.atomic
def delete(macro: Macro, *, by: User) -> None:
    audit.record_of_everybody(AuditKind.SETTING_DELETED, macro, by=by)
    macro.delete()
