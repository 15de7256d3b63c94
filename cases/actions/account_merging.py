"""Two accounts that turn out to be one person's become one; for a week it can be taken back."""

from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from procrastinate.contrib.django import app

from cases.live.nudge import ends_topic, nudge
from cases.models import YES, AccountMerge, Answer, AuditKind, Case, Event, Kind, Refused, User
from cases.models.rights import Right, roles_with

from . import audit, push
from .events import record
from .open_requests import wait_anew

UNDOABLE = timedelta(days=7)


def may_merge(gone: User, kept: User) -> Answer:
    """Whether the account `gone` may go into `kept`: both customers', of one organisation or with one that has none."""
    refusal = ""
    if gone.pk == kept.pk:
        refusal = "This is the same account."
    elif works := [one for one in (gone, kept) if one.role in roles_with(Right.READ_DESK)]:
        refusal = f"{works[0]} works here. Only customer accounts can be merged."
    elif idle := [one for one in (gone, kept) if not one.is_active]:
        refusal = f"{idle[0]} is deactivated. Activate the account first, or merge another one."
    elif None not in (gone.organisation, kept.organisation) and gone.organisation != kept.organisation:
        refusal = (
            f"{gone} is of {gone.organisation} and {kept} of {kept.organisation}: each would see what is the other's."
            " Move single cases instead."
        )
    elif _has_proven(gone) and not _has_proven(kept):
        refusal = (
            f"Nobody has confirmed an address of {kept}. Merge that account into the one of {gone} instead."
        )
    return Answer(refusal) if refusal else YES


def proof_brings(gone: User, kept: User) -> Answer:
    """Whether somebody who proves its address has by that an account that nobody has proven yet."""
    if _has_proven(gone):
        return Answer(refusal="This address belongs to another account. Ask us to merge the two.")
    return may_merge(gone, kept)


def may_undo(merge: AccountMerge) -> Answer:
    if merge.undone_at:
        return Answer(refusal="The two accounts are apart again already.")
    if not merge.before:
        return Answer(refusal="The person was erased, and with them what belonged to which account.")
    if merge.at < timezone.now() - UNDOABLE:
        return Answer(
            refusal=f"A merge of accounts can be undone for {UNDOABLE.days} days, which have passed."
        )
    if AccountMerge.objects.filter(gone=merge.kept_id, undone_at=None).exists():
        return Answer(refusal=f"{merge.kept} was merged into another account since. Undo that first.")
    return YES


@transaction.atomic
def merge(gone: User, *, by: User, into: User) -> AccountMerge:
    """Make both accounts that of `into`: its addresses and cases are theirs, and `gone` signs in no more.

    The cases follow by a job, each with its event, and keep their organisation: nobody else sees more than before.
    Raises Refused.
    """
    held = _held(gone, into)
    gone, kept = held[gone.pk], held[into.pk]
    may_merge(gone, kept).check()
    addresses = EmailAddress.objects.filter(user=gone)
    before: dict[str, Any] = {
        "addresses": list(addresses.order_by("pk").values("email", "verified", "primary")),
        "gone": {"email": gone.email, "name": gone.name},
        "kept": {"email": kept.email, "name": kept.name, "organisation_id": kept.organisation_id},
    }
    addresses.update(user=kept, primary=False)
    logins = SocialAccount.objects.filter(user=gone)
    before["logins"] = list(logins.values_list("pk", flat=True))
    logins.update(user=kept)
    kept.name, kept.organisation = kept.name or gone.name, kept.organisation or gone.organisation
    kept.save(update_fields=["name", "organisation"])
    gone.name, gone.email, gone.is_active = str(gone), f"{gone.pk}@merged.invalid", False
    gone.save(update_fields=["name", "email", "is_active"])
    done = AccountMerge.objects.create(kept=kept, gone=gone, by=by, at=timezone.now(), before=before)
    audit.record(AuditKind.MERGED, by=by, about=kept, account=gone.pk)
    push.forget(person=gone)
    nudge(ends_topic(gone.pk))
    _ask_for_cases(done)
    return done


@transaction.atomic
def undo(merge: AccountMerge, *, by: User) -> AccountMerge | None:
    """Give each account again what was its own. Returns None when that is so. Raises Refused where it cannot be."""
    merge = AccountMerge.objects.select_for_update().select_related("kept", "gone").get(pk=merge.pk)
    if merge.undone_at:
        return None
    may_undo(merge).check()
    held = _held(merge.gone, merge.kept)
    gone, kept, before = held[merge.gone_id], held[merge.kept_id], merge.before
    theirs = {row["email"]: row for row in before["addresses"]}
    now = {row.email: row for row in EmailAddress.objects.filter(email__in=theirs)}
    if taken := [email for email, row in now.items() if row.user_id != kept.pk]:
        raise Refused(f"{taken[0]} now belongs to someone else, so the merge can’t be undone.")
    if kept.email in theirs:
        _give_primary_back(kept, before["kept"]["email"])
    for email, row in theirs.items():
        EmailAddress.objects.filter(email=email).delete()
        EmailAddress.objects.bulk_create(
            [EmailAddress(user=gone, email=email, verified=row["verified"], primary=row["primary"])]
        )
    SocialAccount.objects.filter(pk__in=before["logins"], user=kept).update(user=gone)
    if not before["kept"]["name"] and kept.name == before["gone"]["name"]:
        kept.name = ""
    if before["kept"]["organisation_id"] is None and kept.organisation_id == gone.organisation_id:
        kept.organisation = None
    kept.save(update_fields=["name", "organisation"])
    gone.email, gone.name, gone.is_active = before["gone"]["email"], before["gone"]["name"], True
    gone.save(update_fields=["email", "name", "is_active"])
    merge.undone_by, merge.undone_at = by, timezone.now()
    merge.save(update_fields=["undone_by", "undone_at"])
    audit.record(AuditKind.UNMERGED, by=by, about=kept, account=gone.pk)
    nudge(ends_topic(kept.pk))
    _ask_for_cases(merge)
    return merge


def move_cases(merge: AccountMerge) -> None:
    """Give the cases of a merge to whose they are now, each in a transaction of its own. May be begun again."""
    for number in cases_to_move(merge).order_by("pk").values_list("pk", flat=True):
        _move(number, merge)


def cases_to_move(merge: AccountMerge) -> Any:
    """The cases that are not yet with whom they belong to by the merge, or since it was undone."""
    if not merge.undone_at:
        return Case.objects.filter(customer=merge.gone_id)
    taken_back = AccountMerge.objects.filter(gone=merge.kept_id, undone_at__isnull=False)
    counts = Q(details__merge__isnull=True) | ~Q(
        details__merge__in=list(taken_back.values_list("pk", flat=True))
    )
    moves = Event.objects.filter(counts, case=OuterRef("pk"), kind=Kind.MOVED).order_by("-sequence")
    last = Subquery(moves.values("details__merge")[:1])
    return Case.objects.filter(customer=merge.kept_id).annotate(last_move=last).filter(last_move=merge.pk)


@transaction.atomic
def _move(number: int, merge: AccountMerge) -> None:
    old, to = (merge.kept, merge.gone) if merge.undone_at else (merge.gone, merge.kept)
    case = Case.objects.get(pk=number).locked()
    if case.customer_id != old.pk:
        return
    details = {"before": str(old), "after": str(to), "merge": merge.pk}
    who = merge.undone_by or merge.by
    by = who if who.sees(case) else None  # who merges may be limited, and each case follows all the same
    event = record(case, Kind.MOVED, by=by, details=details, mail=False, customer_id=to.pk)
    wait_anew(case, event.at)


def _give_primary_back(kept: User, email: str) -> None:
    """Let the account have the primary address that it had before."""
    row = EmailAddress.objects.filter(user=kept, email=email).first()
    if row is None:
        raise Refused(f"{kept} has none of the addresses from before, so the merge cannot be undone.")
    EmailAddress.objects.filter(user=kept, primary=True).update(primary=False)
    EmailAddress.objects.filter(pk=row.pk).update(primary=True)
    kept.email = email
    kept.save(update_fields=["email"])


def _ask_for_cases(merge: AccountMerge) -> None:
    app.configure_task("cases.tasks.move_cases").defer(merge=merge.pk)


def _has_proven(person: User) -> bool:
    return EmailAddress.objects.filter(user=person, verified=True).exists()


def _held(*people: User) -> dict[int, User]:
    """Read anew and held against other writers, in the order of their keys: before any case."""
    rows = User.objects.select_related(None).select_for_update().filter(pk__in=[one.pk for one in people])
    return {person.pk: person for person in rows.order_by("pk")}
