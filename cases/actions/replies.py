"""One reply to many chosen cases, by a bulk change: said in each of them by itself, once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from cases.models import Answer, Case, Role, User
from cases.queries.incident_cases import token_in
from cases.queries.promises import promised_in
from cases.text.placeholders import fill, values_of

from .conversation import ReplyTerms, may_reply, reply
from .promises import may_promise

REPLY = "reply"  # what the bulk is called


def may_get(case: Case, *, promising: bool) -> Answer:
    """Whether a reply to many cases goes to this one too: not where nobody reads it, or where it promises in vain."""
    if case.merged_into_id:
        return Answer(f"Case {case.number} goes on in case {case.merged_into_id}. Choose that one instead.")
    if case.spam:
        return Answer(f"Case {case.number} is marked as spam.")
    answer = may_reply(case)
    return may_promise(case) if answer and promising else answer


@transaction.atomic
def say(case: Case, by: User, value: dict[str, Any]) -> None:
    """Say it in one case, with the placeholders filled. What it promises counts in each, from when it was sent.

    `value` is the text, a token and when it was sent.
    """
    case = case.locked()
    promises = promised_in(value["text"], case, datetime.fromisoformat(value["sent_at"]))
    may_get(case, promising=bool(promises)).check()
    reply(
        case,
        by=by,
        role=Role.AGENT,
        body=fill(value["text"], values_of(case, by)),
        token=token_in(case.pk, UUID(value["token"])),
        terms=ReplyTerms(promises=promises),
    )
