"""What becomes in a case of what somebody had in it who left."""

from typing import Any

from django.db import transaction

from cases.models import Attachment, Case, Draft, Outgoing, Status, Team, User
from cases.models.attachment import is_key
from cases.models.people import agents
from cases.text.numbers import whole_number

from . import outgoing, triage
from .conversation import add_note
from .drafts import TEXTS

Receiver = User | Team | None


def receiver(key: str) -> Receiver:
    """Whom a key as `agent=3` or `team=1` names, or nobody where they are gone too."""
    kind, _, text = key.partition("=")
    number = whole_number(text) or 0
    if kind == "team":
        return Team.objects.filter(pk=number).first()
    return agents().filter(pk=number).first() if kind == "agent" else None


def key_of(to: Receiver) -> str:
    if to is None:
        return ""
    return f"team={to.pk}" if isinstance(to, Team) else f"agent={to.pk}"


@transaction.atomic
def take_over(case: Case, by: User, value: dict[str, Any]) -> None:
    """Give the case that is still assigned to who left to an agent, a team or nobody, and what they had begun to write
    in it: to the agent as drafts, otherwise as notes."""
    left, to = User.objects.get(pk=value["from"]), receiver(value["to"])
    case = case.locked()
    if case.assignee_id == left.pk and case.status != Status.CLOSED:
        if isinstance(to, Team):
            triage.assign_team(case, by=by, team=to)
        triage.assign(case, by=by, assignee=to if isinstance(to, User) else None)
    for waiting in Outgoing.objects.filter(author=left, case=case).order_by("sent_at"):
        outgoing.take_back(case, by=left, key=waiting.key)
    for draft in Draft.objects.filter(agent=left, case=case).order_by("pk"):
        _keep(draft, left, by, to)


def _keep(draft: Draft, left: User, by: User, to: Receiver) -> None:
    keys = [key for key in draft.fields.get("attachments", []) if is_key(key)]
    files = Attachment.objects.pending().filter(key__in=keys)
    theirs = isinstance(to, User) and Draft.objects.filter(agent=to, case=draft.case_id, kind=draft.kind)
    if isinstance(to, User) and not theirs:
        files.update(uploader=to)
        Draft.objects.filter(pk=draft.pk).update(agent=to)
        return
    texts = [draft.fields.get(name, "") for name in TEXTS[Draft.Kind(draft.kind)]]
    written = "\n\n".join(filter(None, texts))
    if written or files:
        add_note(
            draft.case,
            by=by,
            body=f"{left} had begun a {draft.get_kind_display().lower()}:\n\n{written}",
            attachments=list(files),
        )
    draft.delete()
