"""What an agent's form says in a case and what it does beside, in one transaction: at once, or kept as data until later."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.dateparse import parse_datetime, parse_duration

from cases.models import Attachment, Case, Macro, Outgoing, Refused, Status, User
from cases.models.promise import PromiseTerms
from cases.queries.promises import promised_in

from . import conversation, macros, resolution, snooze, time_spent, triage
from .tokens import already_recorded, token_for

Kind = Outgoing.Kind
SAY: dict[str, Callable[..., Any]] = {
    Kind.REPLY: conversation.reply,
    Kind.RESOLVE: resolution.resolve,
    Kind.REOPEN: resolution.reopen,
}
WORDS = {Kind.REPLY: "body", Kind.RESOLVE: "resolution", Kind.REOPEN: "body"}  # what each calls the text
GONE = "The macro in it was changed or deleted meanwhile. Choose it again, or send the text alone."


def _take(case: Case, *, by: User) -> None:
    triage.assign(case, by=by, assignee=by)


# What may follow a reply, besides resolving, which is another thing to say.
FOLLOWS: dict[str, Callable[..., Any]] = {
    "investigate": partial(triage.set_status, status=Status.INVESTIGATING),
    "take": _take,
    "snooze": snooze.snooze,
}


@transaction.atomic
def say(
    case: Case,
    *,
    by: User,
    kind: str,
    macro: Macro | None = None,
    only: Collection[str] = (),
    then: str = "",
    until: datetime | None = None,
    spent: int | None = None,
    **said: Any,
) -> None:
    """Say it, with a macro's changes and the minutes `spent`, and do what is to follow, all or nothing.

    A form that was received before does nothing. Raises Refused where one of the actions does.
    """
    follows = then or spent  # what is said is recorded once in any case
    if follows and already_recorded(
        token_for(said.get("token"), said[WORDS[Kind(kind)]], said.get("attachments", ()))
    ):
        return
    if macro:
        macros.apply(case, by=by, macro=macro, composer=kind, only=only, **said)
    else:
        SAY[kind](case, by=by, **said)
    if spent:
        time_spent.spend(case, by=by, minutes=spent)
    if then:
        FOLLOWS[then](case.merged_target(), by=by, **({"until": until} if until else {}))


def as_data(
    said: Mapping[str, Any],
    terms: conversation.ReplyTerms | None,
    as_read: Collection[str],
    macro: Macro | None,
) -> dict[str, Any]:
    """What `say` takes, to be kept. Promises that were taken `as_read` in the text are known by their phrases."""
    return {
        **said,
        "attachments": [one.pk for one in said.get("attachments", ())],
        "terms": terms and asdict(terms),
        "as_read": [*as_read],
        "macro": macro and macro.pk,
    }


def from_data(held: Outgoing, at: datetime) -> dict[str, Any]:
    """What `say` takes, of what was kept. Promises that were taken as the text says them count from `at`.

    Raises Refused where something in it is gone.
    """
    said = dict(held.said)
    terms, macro = said.pop("terms"), said.pop("macro")
    files, as_read = said.pop("attachments"), said.pop("as_read")
    for name, read in (("until", parse_datetime), ("token", UUID)):
        if said.get(name):
            said[name] = read(said[name])
    said["attachments"] = [*Attachment.objects.filter(pk__in=files)]
    if len(said["attachments"]) != len(files):
        raise Refused("One of its files is not here any more.")
    if terms:
        said["terms"] = _counted_from(at, _terms(terms), held, as_read)
    if macro:
        said["macro"] = found = macros.macros_of(held.author).filter(pk=macro).first()
        if not found or not {*said["only"]} <= {one.key for one in macros.changes_of(found, by=held.author)}:
            raise Refused(GONE)
    return said


def _terms(data: dict[str, Any]) -> conversation.ReplyTerms:
    words = {name: data[name] and [*map(_promise, data[name])] for name in ("promises", "proposes")}
    return conversation.ReplyTerms(**data | words)


def _promise(data: dict[str, Any]) -> PromiseTerms:
    every = parse_duration(data["every"]) if data["every"] else None
    return PromiseTerms(**data | {"due_at": parse_datetime(data["due_at"]), "every": every})


def _counted_from(
    at: datetime, terms: conversation.ReplyTerms, held: Outgoing, as_read: Collection[str]
) -> conversation.ReplyTerms:
    read = {one.phrase: one for one in promised_in(held.body, held.case, at)}

    def anew(promises: Any) -> Any:
        return promises and [read.get(one.phrase, one) if one.phrase in as_read else one for one in promises]

    return replace(terms, promises=anew(terms.promises), proposes=anew(terms.proposes))
