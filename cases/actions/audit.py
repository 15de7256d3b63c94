"""`record`, the only writer of the audit log."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Model
from django.utils import timezone
from django.utils.text import Truncator

from cases.access import NOWHERE, origin
from cases.models import AuditEntry, AuditKind, Case, User, Viewer
from cases.models.addresses import one_spelling
from cases.models.audit import AUDIT_KINDS
from cases.models.shared import Shared, audience_of

MOST_FAILED = 60  # lines of failed sign-ins in a minute, and one more that counts the rest
ERASED = "someone who was erased"
LONGEST = 200  # characters of a value that was changed: a macro's text may be long


def record(
    kind: AuditKind,
    *,
    by: Viewer | None,
    about: User | None = None,
    case: Case | None = None,
    **details: Any,
) -> AuditEntry:
    """Write a line of the audit log, with the time and from where.

    Call it in the transaction of the change: without its line there is no change. `by` is None for the system,
    `about` whom it is done to, `details` JSON values that the row of the kind lists.
    """
    _check(kind, details)
    return AuditEntry.objects.create(
        at=timezone.now(),
        kind=kind,
        by=by if isinstance(by, User) else None,
        about=about,
        case=case,
        details=details,
        **origin()._asdict(),
    )


def record_failed_sign_in(tried: str, *, how: str) -> None:
    """Write that somebody could not sign in under this address: one line for each address, network and minute, which
    counts how often. No line of its own has what comes after MOST_FAILED others: nobody fills the disk with tries,
    however many networks and addresses they have.
    """
    where, at = origin(), timezone.now()
    details = {"how": how, "tried": one_spelling(tried[:254]).replace("\0", "")}
    minute = at.replace(second=0, microsecond=0)
    key = _digest(minute, where.address, *details.values())
    lines = AuditEntry.objects.filter(kind=AuditKind.SIGN_IN_FAILED, at__gte=minute)
    if not lines.filter(once=key).exists() and len(lines.values("pk")[:MOST_FAILED]) == MOST_FAILED:
        where, details, key = NOWHERE, {}, _digest(minute)
    _check(AuditKind.SIGN_IN_FAILED, details)
    entry = AuditEntry(
        at=at,
        kind=AuditKind.SIGN_IN_FAILED,
        about=User.objects.of_address(details["tried"]) if details else None,
        details=details,
        times=0,
        once=key,
        **where._asdict(),
    )
    with transaction.atomic():
        AuditEntry.objects.bulk_create([entry], ignore_conflicts=True)
        AuditEntry.objects.filter(once=key).update(times=F("times") + 1)


def record_of_everybody(kind: AuditKind, thing: Shared, *, by: User, before: Shared | None = None) -> None:
    """Write what happens to a view or a macro that everybody has, or had `before`. What is one's own is no setting."""
    if "all" not in {audience_of(one) for one in (before, thing) if one}:
        return
    changes: dict[str, Any] = {"changes": differences(before, thing)} if before else {}
    record(kind, by=by, what=str(thing._meta.verbose_name), name=thing.name, **changes)


def forget(people: list[User], entries: Iterable[AuditEntry], text: Callable[[str], str]) -> None:
    """Take erased people out of these lines: what was typed of them, from where they came, and what `text` strikes out
    of the rest. Who did what and when stays, by reference. Call it within `opened_by`.
    """
    for entry in entries:
        tried = entry.kind == AuditKind.SIGN_IN_FAILED
        strike = (lambda _: ERASED) if tried or entry.about in people else text
        for name in AUDIT_KINDS[AuditKind(entry.kind)].personal & entry.details.keys():
            entry.details[name] = _each(entry.details[name], strike)
        if tried or entry.by in people:
            entry.address, entry.browser = None, ""
        entry.save(update_fields=["details", "address", "browser"])


@contextmanager
def opened_by(erasure: AuditEntry) -> Iterator[None]:
    """Let lines lose what is personal, until the end of the block: a trigger asks for the line of the erasure."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('caseline.erased_by', %s, true)", [str(erasure.pk)])
        yield
        cursor.execute("SELECT set_config('caseline.erased_by', '', true)")


def _each(value: Any, text: Callable[[str], str]) -> Any:
    """The same of each text within JSON, but for the names of fields."""
    match value:
        case str():
            return text(value)
        case list():
            return [_each(one, text) for one in value]
        case dict():
            return {name: _each(one, text) for name, one in value.items()}
    return value


def differences(before: Model, after: Model) -> dict[str, list[str]]:
    """By the name of each field that differs, what it was and what it is, in words."""
    return {
        str(field.verbose_name): [_shown(before, field), _shown(after, field)]
        for field in after._meta.concrete_fields
        if getattr(before, field.attname) != getattr(after, field.attname)
    }


def _shown(thing: Model, field: Any) -> str:
    display = getattr(thing, f"get_{field.name}_display", None)
    value = display() if display else getattr(thing, field.name)
    return Truncator("" if value is None else value).chars(LONGEST)


def _check(kind: AuditKind, details: dict[str, Any]) -> None:
    if unknown := details.keys() - set(AUDIT_KINDS[kind].details):
        raise TypeError(f"An entry of the kind {kind} does not name {', '.join(sorted(unknown))}.")


def _digest(*parts: object) -> UUID:
    return UUID(bytes=sha256(repr(parts).encode()).digest()[:16])
