"""Taking back what should never have been said: a passage, or a file. The one way in which events change.

An event of its own records who did it and when, and names the events that say less since; a trigger lets no others
change. See docs/decisions/privacy.md.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self

from django.db import connection, transaction
from django.db.models import Model, QuerySet
from django.utils import timezone

from cases.models import (
    Attachment,
    Case,
    Draft,
    Event,
    Kind,
    Outgoing,
    PersonExport,
    Promise,
    Rating,
    Refused,
    Request,
    Suggestion,
    User,
)
from cases.models.kinds import KINDS
from cases.models.person_export import KEPT
from cases.queries.deliveries import mailed_to
from cases.text.secrets import REMOVED, kinds_of, secrets_in

from .attachments import take_away
from .carrying import ROW, TEXTS, parts_of
from .events import record
from .incident_events import strike_incidents
from .incidents import hold
from .originals import strike_mail

BETWEEN = r"(?:\s*\n[\s>]*|\s+)"  # words
SHORTEST = 4  # characters: what is shorter stands in many other words too
# The texts of a case.
WRITTEN = ("summary", "resolution", "root_cause", "system_as_reported", "customer_name", "first_name_given")
ROWS = ("key", "what")  # what the rows of a draft say in words
SAID = (*TEXTS, "phrase", "asks", "as_read")  # and what is said later


@dataclass(frozen=True)
class Strike:
    """What is to be struck out, wherever it stands, and what stands there then."""

    passage: re.Pattern[str]
    words: str  # of the passage, in lower case
    instead: str = REMOVED

    @classmethod
    def of(cls, passage: str) -> Self:
        """Of a passage as somebody read it: a page shows line breaks and spaces otherwise than they were typed, and a
        quote begins each line with a mark."""
        words = passage.split()
        return cls(re.compile(BETWEEN.join(map(re.escape, words))), " ".join(words).casefold())

    def text(self, text: str) -> str:
        return self.passage.sub(self.instead.replace("\\", r"\\"), text)

    def value(self, value: Any) -> Any:
        """The same of a text within JSON. Of what a merge brought, only what was asked for is somebody's words."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.value(one) for one in value]
        if isinstance(value, dict) and "requests" in value:
            return value | {"requests": self.value(value["requests"])}
        return value

    def event(self, event: Event) -> bool:
        """Strike it out of what the event says, unsaved. Returns whether it stood there."""
        before = event.body, event.details, event.changes
        personal = KINDS[Kind(event.kind)].personal
        event.body = self.text(event.body)
        event.details = event.details | {
            name: self.value(event.details[name]) for name in personal if name in event.details
        }
        event.changes = event.changes | {
            name: self.value(event.changes[name])
            for name in (*WRITTEN, "claimed_email")
            if name in event.changes
        }
        return before != (event.body, event.details, event.changes)


@contextmanager
def opened_by(recorded: Event) -> Iterator[None]:
    """Let the events change that this one names, until the end of the block: a trigger asks for it."""
    _set_record(str(recorded.pk))
    try:
        yield
    finally:
        if not connection.needs_rollback:
            _set_record("")


def _set_record(pk: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('caseline.removed_by', %s, true)", [pk])


@transaction.atomic
def remove_passage(case: Case, *, by: User, event: int, passage: str) -> Event:
    """Remove a passage of an event for good, and from whatever else was said in the case and in those merged with it.

    `event` is its number in the case. Nothing that searches, mails, suggests or shows the case has the passage then.
    Raises Refused for one that does not stand there, and for one so short that other words hold it too.
    """
    passage = passage.strip()
    if len(passage) < SHORTEST:
        raise Refused(f"Select {SHORTEST} characters at least: fewer stand in other words too.")
    cases = _family(case)
    strike = Strike.of(passage)
    if not strike.event(Event.objects.get(case=case.pk, sequence=event)):
        raise Refused("That passage does not stand in this message. Select it as it is written there.")
    what = kinds_of(secrets_in(passage))
    changed = [one for one in Event.objects.filter(case__in=cases) if strike.event(one)]
    shown = strike_cases(cases.values(), strike)
    recorded = _record(cases, changed, by=by, what=what[0] if what else "", public=shown)
    with opened_by(recorded):
        save_events(changed)
    strike_beside(cases, strike)
    strike_mail(cases, strike.text, events=changed)
    strike_incidents([case.incident_id for case in cases.values() if case.incident_id], strike.text)
    _drop_exports(cases.values(), changed)
    return recorded


@transaction.atomic
def remove_file(case: Case, *, by: User, file: Attachment) -> Event | None:
    """Remove a file of the case for good, with its copies there. Returns None when it is gone already.

    Its bytes go as soon as a job has reached the store.
    """
    cases = _family(case)
    files = list(Attachment.objects.filter(case__in=cases, sha256=file.sha256))
    if not any(one.pk == file.pk for one in files):
        return None
    keys = {str(one.key) for one in files}
    changed = list(Event.objects.filter(pk__in=[one.event_id for one in files]))
    for event in changed:
        strike_files(event, keys)
    recorded = _record(cases, changed, by=by, what="a file", public=False)
    with opened_by(recorded):
        save_events(changed)
    strike_mail(cases, str, events=changed)  # no word of it: an original holds the file too
    _drop_exports(cases.values(), changed)
    take_away(files)
    return recorded


def _drop_exports(cases: Iterable[Case], changed: Iterable[Event]) -> None:
    """Let nobody fetch what was taken out about people of the case before: it is swept next, and can be asked for anew."""
    people = {case.customer_id for case in cases} | {event.author_id for event in changed}
    ready = PersonExport.objects.filter(about__in=people - {None}, done_at__isnull=False)
    ready.update(done_at=None, asked_at=timezone.now() - KEPT)


def _family(case: Case) -> dict[int, Case]:
    """The case with those that were merged with it, where its words may stand too, all held. The one in which they go
    on is the last."""
    end = Case.objects.get(pk=case.pk).merged_target().pk
    numbers = parts_of(Case(pk=end))
    hold(Case.objects.filter(pk__in=numbers).values_list("incident", flat=True))
    held = Case.objects.held(numbers)
    if case.pk not in held or held[end].merged_into_id:  # they were merged or separated a moment ago
        return _family(case)
    return {number: held[number] for number in sorted(held, key=lambda number: number == end)}


def _record(cases: dict[int, Case], changed: Iterable[Event], *, by: User, what: str, public: bool) -> Event:
    """Record the removal in each case whose events change, and of all of them in the one in which these go on."""
    *others, end = cases.values()

    def recorded_in(case: Case, named: list[Event], public: bool) -> Event:
        kind = Kind.REMOVED if public or any(event.public for event in named) else Kind.REMOVED_NOTE
        details: dict[str, Any] = {"events": [one.pk for one in named], "what": what}
        if mailed := mailed_to(named):
            details["mailed"] = mailed
        return record(case, kind, by=by, details=details)

    for case in others:
        if named := [event for event in changed if event.case_id == case.pk]:
            recorded_in(case, named, public)
    return recorded_in(end, [*changed], public)


def strike_files(event: Event, keys: Collection[str]) -> None:
    """Leave a mark where the event names these files, unsaved."""
    event.attachments = [{"removed": True} if one.get("key") in keys else one for one in event.attachments]


def save_events(events: Iterable[Event]) -> None:
    for event in events:
        event.save(update_fields=["body", "details", "changes", "attachments"])


def strike_cases(cases: Iterable[Case], strike: Strike) -> bool:
    """Strike it out of the texts of cases. Returns whether it stood in one.

    What they keep of their clocks knows requests by their words.
    """
    found = False
    for case in cases:
        if case.clock_fold:
            standing = case.clock_fold["standing"]
            for name in ("own_requests", "brought"):
                standing[name] = strike.value(standing[name])
        found |= _strike_row(case, WRITTEN, strike, also=("clock_fold",))
    return found


def strike_beside(cases: Collection[int], strike: Strike) -> None:
    """Strike it out of what stands beside the events of cases: promises, requests, ratings, drafts, what is to leave, and
    suggestions."""
    rows: list[tuple[QuerySet[Any], str]] = [
        (Promise.objects.filter(case__in=cases), "phrase"),
        (Request.objects.filter(case__in=cases), "what"),
        (Rating.objects.filter(case__in=cases), "word"),
    ]
    for found, name in rows:
        for row in found:
            _strike_row(row, (name,), strike)
    for draft in Draft.objects.filter(case__in=cases):
        fields = {name: _of_draft(name, value, strike) for name, value in draft.fields.items()}
        if fields != draft.fields:
            draft.fields, draft.version = fields, draft.version + 1
            draft.save(update_fields=["fields", "version"])
    for waiting in Outgoing.objects.filter(case__in=cases):
        waiting.body = strike.text(waiting.body)
        waiting.fields = {name: _of_draft(name, value, strike) for name, value in waiting.fields.items()}
        waiting.said = {name: _of_said(name, value, strike) for name, value in waiting.said.items()}
        waiting.save(update_fields=["body", "fields", "said"])
    for suggestion in Suggestion.objects.filter(members__case__in=cases).distinct():
        left = [word for word in suggestion.matched if not _holds(word, strike)]
        if left != suggestion.matched:
            suggestion.matched = left
            suggestion.save(update_fields=["matched"])


def _strike_row(row: Model, names: Iterable[str], strike: Strike, also: Iterable[str] = ()) -> bool:
    """Strike it out of some fields of a row. Returns whether it stood there."""
    struck = {}
    for name in names:
        longest: int | None = getattr(row._meta.get_field(name), "max_length", None)
        text = getattr(row, name)
        if (new := strike.text(text)) != text:
            struck[name] = new[:longest]
    for name, text in struck.items():
        setattr(row, name, text)
    row.save(update_fields=[*struck, *also])
    return bool(struck)


def _of_draft(name: str, value: Any, strike: Strike) -> Any:
    row = ROW.fullmatch(name)
    is_written = name in TEXTS or (row is not None and row["field"] in ROWS)
    return strike.value(value) if is_written else value


def _of_said(name: str, value: Any, strike: Strike) -> Any:
    """The same of what an action takes that says it later."""
    if isinstance(value, dict):
        return {key: _of_said(key, one, strike) for key, one in value.items()}
    if isinstance(value, list) and name not in SAID:
        return [_of_said(name, one, strike) for one in value]
    return strike.value(value) if name in SAID else value


def _holds(word: str, strike: Strike) -> bool:
    """Whether what was read in reports tells something of the passage."""
    return bool(strike.passage.search(word)) or word.casefold() in strike.words
