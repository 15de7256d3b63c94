"""All that is held about a person, as it is handed out: what is theirs, and what they may read. See
docs/decisions/privacy.md."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q

from cases.models import Attachment, AuditEntry, Case, Event, InCopy, NoticeChoice, Rating, User
from cases.models.account_merge import accounts_of
from cases.models.preferences import preferences_of
from cases.queries.person import addresses_of, sent_by
from cases.wording import audit
from cases.wording.events import deed, who

from .cards import card_of


def files_of(person: User) -> "Any":
    """The files that they sent, and those of the messages that they may read in their own cases."""
    theirs = sent_by(person) | Q(case__customer=person, event__public=True)
    return Attachment.objects.filter(theirs).order_by("pk")


def account_of(person: User) -> dict[str, Any]:
    preferences = preferences_of(person)
    return {
        "name": person.name,
        "addresses": addresses_of(person),
        "role": person.get_role_display(),
        "organisation": person.organisation and person.organisation.name,
        "active": person.is_active,
        "signature": person.signature,
        "contact": contacts_of(person),
        "joined_at": person.joined_at.isoformat(),
        "time_zone": person.chosen_zone or preferences.zone,
        "times_of_day": person.clock,
        "single_keys": person.single_keys,
        "quiet_hours": [str(at) for at in (preferences.quiet_from, preferences.quiet_until) if at],
        "notifications": {
            one.why: one.ways for one in NoticeChoice.objects.filter(person=person).order_by("why")
        },
    }


def contacts_of(person: User) -> list[dict[str, str]]:
    """How to reach them, as it is noted. Notes are the words of others about our work."""
    return [found for account in accounts_of(person) if (found := _contact(account))]


def _contact(account: User) -> dict[str, str]:
    card = card_of(account)
    return {name: value for name in ("title", "phone", "language", "zone") if (value := getattr(card, name))}


def cases_of(person: User) -> Iterator[dict[str, Any]]:
    """Their own cases with what was said there in public, and of other cases what they said there in public."""
    own = Q(customer=person) | Q(claimed_email__in=addresses_of(person), unproven=False)
    for case in Case.objects.filter(own).select_related("system").order_by("pk").iterator():
        yield _case(case, case.events.filter(public=True))
    spoke = Event.objects.filter(author__in=accounts_of(person), public=True).exclude(case__customer=person)
    others = Case.objects.filter(pk__in=spoke.values("case")).select_related("system")
    for case in others.order_by("pk").iterator():
        yield {
            "number": case.number,
            "events": _events(case, case.events.filter(public=True, author__in=accounts_of(person))),
        }


def copies_of(person: User) -> list[dict[str, Any]]:
    """The cases in which they read along by mail, or did."""
    found = InCopy.objects.filter(address__in=addresses_of(person)).order_by("pk")
    return [
        {
            "case": one.case_id,
            "address": one.address,
            "since": one.added_at.isoformat(),
            "until": one.removed_at and one.removed_at.isoformat(),
        }
        for one in found
    ]


def sign_ins_of(person: User) -> list[dict[str, Any]]:
    """What the audit log says that they did, or that was done to them, without by whom."""
    entries = (
        AuditEntry.objects.filter(Q(by__in=accounts_of(person)) | Q(about__in=accounts_of(person)))
        .select_related("by", "about")
        .order_by("at", "pk")
    )
    return [
        {
            "at": entry.at.isoformat(),
            "what": audit.deed(entry),
            **({"address": entry.address, "browser": entry.browser} if entry.by_id == person.pk else {}),
        }
        for entry in entries.iterator()
    ]


def ratings_of(person: User) -> list[dict[str, Any]]:
    found = Rating.objects.filter(by__in=accounts_of(person)).order_by("at")
    return [
        {"case": one.case_id, "good": one.good, "word": one.word, "at": one.at.isoformat()} for one in found
    ]


def _case(case: Case, events: Any) -> dict[str, Any]:
    return {
        "number": case.number,
        "case_id": case.reference,
        "system": case.system.public_name,
        "summary": case.summary,
        "reported_as": case.customer_name,
        "status": case.get_status_display(),
        "severity": case.get_severity_display(),
        "opened_at": case.opened_at.isoformat(),
        "resolved_at": case.resolved_at and case.resolved_at.isoformat(),
        "resolution": case.resolution,
        "events": _events(case, events),
    }


def _events(case: Case, events: Any) -> list[dict[str, Any]]:
    said = []
    for event in events.select_related("author").order_by("sequence").iterator():
        event.case = case
        files = [one["name"] for one in event.attachments if "name" in one]
        line = {"at": event.at.isoformat(), "who": who(event), "what": deed(event), "text": event.body}
        said.append(line | ({"files": files} if files else {}))
    return said
