"""A person is erased: case by case in a job, and at last their account. What happened stays, without them."""

from typing import Any

from allauth.account.models import EmailAddress
from django.db import connection, transaction
from django.db.models import Q

from cases.models import (
    YES,
    AccountMerge,
    Answer,
    Attachment,
    AuditEntry,
    AuditKind,
    BlockedSender,
    Bulk,
    Case,
    Delivery,
    Invitation,
    PersonExport,
    User,
)
from cases.models.account_merge import accounts_of
from cases.models.choices import ACTIVE
from cases.queries.person import (
    addresses_of,
    cases_with,
    incidents_with,
    is_erased,
    lines_with,
    nobodys_address,
    works_on_the_desk,
)

from . import audit, bulk
from .attachments import let_go
from .cards import strike_cards
from .erased_cases import strike_of
from .incident_events import strike_incidents
from .originals import forget_mail_of

NAME = "A former customer"
PERSONAL = (
    *("card", "draft", "face", "follow", "notification", "tomail"),
    *("noticechoice", "preferences", "pushdevice"),
)
ACCOUNTS = ("account", "mfa", "socialaccount", "usersessions")  # the apps that keep how somebody signs in


def may_erase(person: User, *, by: User) -> Answer:
    """Whether this person may be erased now: staff once they have left and nothing is theirs to do, nobody twice."""
    if person.pk == by.pk:
        return Answer(refusal="You cannot erase yourself. Another administrator can, once you have left.")
    if is_erased(person):
        return Answer(refusal="This person is erased already.")
    if not works_on_the_desk(person):
        return YES
    if person.is_active:
        return Answer(
            refusal=f"{person} still works here. Deactivate them first, which hands over their work."
        )
    if left := Case.objects.filter(assignee=person, status__in=ACTIVE).count():
        return Answer(refusal=f"{left} open cases are still {person}’s. Hand them over first.")
    return YES


@transaction.atomic
def erase(person: User, *, by: User) -> Bulk:
    """Begin to erase a person: they are signed out for good at once, a job does the rest. May be asked for again.

    Raises Refused: see `may_erase`.
    """
    person = User.objects.select_related(None).select_for_update().get(pk=person.pk)
    may_erase(person, by=by).check()
    person.is_active = False
    person.set_unusable_password()  # which ends their sessions
    person.save(update_fields=["is_active", "password"])
    for attachment in Attachment.objects.pending().filter(uploader__in=accounts_of(person)):
        let_go(attachment)
    _drop_mail(addresses_of(person))
    numbers = cases_with(person)
    audit.record(AuditKind.ERASED, by=by, about=person, cases=len(numbers))
    return bulk.begin(by=by, name=bulk.ERASE, value=person.pk, label="Erase a person", cases=numbers)


@transaction.atomic
def finish(done: Bulk) -> bool:
    """Erase the account once all cases are done. Where one of them failed, it keeps what is needed to ask again."""
    if done.change["name"] != bulk.ERASE or done.stopped:
        return False
    if done.items.filter(done_at=None).exists() or done.items.exclude(refused="").exists():
        return False
    person = User.objects.select_related(None).select_for_update().get(pk=done.change["value"])
    addresses, accounts = addresses_of(person), accounts_of(person)
    strike = strike_of(person)
    _drop_mail(addresses)
    forget_mail_of(addresses)
    Delivery.objects.filter(address__in=addresses).delete()
    strike_incidents(incidents_with(person), strike.text)
    strike_cards(person, strike.text)
    with audit.opened_by(AuditEntry.objects.filter(kind=AuditKind.ERASED, about=person).latest("pk")):
        audit.forget(accounts, lines_with(person), strike.text)
    BlockedSender.objects.filter(address__in=addresses).delete()
    Invitation.objects.filter(Q(email__in=addresses) | Q(accepted_by=person)).delete()
    related: Any
    for related in User._meta.related_objects:
        model = related.related_model
        if model._meta.app_label in ACCOUNTS or model._meta.model_name in PERSONAL:
            model._base_manager.filter(**{f"{related.field.name}__in": accounts}).delete()
    EmailAddress.objects.filter(user=person).delete()
    User.objects.filter(pk__in=[account.pk for account in accounts]).update(name=NAME, picture=None)
    AccountMerge.objects.filter(Q(kept__in=accounts) | Q(gone__in=accounts)).update(before={})
    PersonExport.objects.filter(about=person).update(done_at=None, asked_at=person.joined_at)  # swept next
    person.name = "A former agent" if works_on_the_desk(person) else NAME
    person.email, person.organisation, person.signature = nobodys_address(person), None, ""
    person.picture, person.chosen_zone = None, ""
    person.save()
    return True


def _drop_mail(addresses: list[str]) -> None:
    """Throw away mail that was not sent yet, or could not be, and names one of these addresses."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE status IN ('todo', 'failed') AND queue_name = 'mail'"
            " AND args ->> 'to' = ANY (%s)",
            [addresses],
        )
