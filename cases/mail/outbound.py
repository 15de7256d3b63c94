"""Mail to customers about what happened in a case. It is asked for in the transaction and sent by a job."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django import app

from cases.models import Case, Event, Kind, ReceivedMail, Status, User, Way, Why
from cases.models.account_merge import merged_into
from cases.models.kinds import KINDS, Role
from cases.models.preferences import preferences_of
from cases.models.rights import Right
from cases.queries.incident_cases import told_beside
from cases.queries.notices import hears
from cases.text.lists import listed
from cases.text.times_of_day import reading
from cases.wording.events import explanation, next_word, sentence

from . import links, threads
from .copies import has_it
from .letter import Letter, letter, one_line
from .passages import passages_of
from .senders import sender_of
from .together import in_turn

ONE_DAY = timedelta(days=1)
MOST_BESIDE = 20  # of the other cases that a mail names


def recipient(event: Event) -> User | None:
    """Who is to hear of this event by mail, unless they may read the case no more."""
    case, kind = event.case, KINDS[Kind(event.kind)]
    if event.role in kind.mails_customer and not _is_their_own(event):
        if case.claimed_email:
            return User(email=case.claimed_email)  # who has no name and no account, as far as we know
        customer = case.customer and (merged_into(case.customer) or case.customer)
        return customer if customer and customer.is_active and customer.sees(case) else None
    return None


def _is_their_own(event: Event) -> bool:
    """Whether the customer wrote it, or has it from whoever did. A visitor's words are mailed to nobody."""
    if event.kind != Kind.REPLY or event.role != Role.CUSTOMER:
        return False
    customer = event.case.customer
    return customer is None or event.author_id in (None, customer.pk) or has_it(event, customer.email)


def _is_shut_out(person: User) -> bool:
    """Whether the address that a visitor typed is that of an account which was deactivated."""
    if person.pk:
        return False
    owner = User.objects.of_address(person.email)
    return owner is not None and not owner.is_active


def _wants(person: User) -> bool:
    """Whether they hear of their cases by mail, as all do who have not said otherwise."""
    return not person.pk or hears(person, Why.OWN, Way.MAIL)


def ask_for_mail(event: Event) -> None:
    if person := recipient(event):
        in_turn("mail_event", event, person.pk).defer(event=event.pk)


def deed_of(event: Event) -> Event:
    """What somebody did with these words, where that is more than to say them: only the words are mailed."""
    beside = Event.objects.filter(
        case=event.case_id,
        kind__in=(Kind.REOPENED, Kind.DECLINED),
        sequence__in=(event.sequence - 1, event.sequence + 1),
        author=event.author_id,
        role=event.role,
    )
    return (event.kind == Kind.REPLY and beside.select_related("author", "case").first()) or event


def _beside(event: Event) -> str:
    """The other cases of the customer for which this mail goes too: "cases 12 and 15"."""
    numbers = told_beside(event)
    named = [str(number) for number in numbers[:MOST_BESIDE]]
    if more := len(numbers) - len(named):
        named.append(f"{more:,} more")
    return f"case{'' if len(numbers) == 1 else 's'} {listed(named)}" if numbers else ""


def _last_mail(case: Case, person: User) -> str:
    """The Message-ID of what they last mailed in this case, under which their program shows our answer."""
    mails = ReceivedMail.objects.filter(case=case, sender=person.email).exclude(message_id="")
    return mails.values_list("message_id", flat=True).first() or ""


def ask_to_confirm(case: Case, asked: Event) -> None:
    """Mail the address that a visitor typed how to confirm it, or to say that it was not them: no word of theirs. What
    becomes of the mail stands on the note that says so."""
    address = settings.URL + reverse("case", args=[case.number])
    body = render_to_string(
        "mail/unproven.txt", {"case": case, "event": {"kind": Kind.OPENED}, "address": address}
    )
    app.configure_task("cases.tasks.mail_text").defer(
        to=case.claimed_email,
        subject=f"[#{case.number}] Was it you who wrote to us?",
        body=body,
        event=asked.pk,
    )


def _answers_mail(event: Event, person: User) -> bool:
    """Whether the address wrote to us itself, as far as the server that received it can tell: an answer goes where it
    was asked for. That somebody wrote is told in words of ours alone."""
    if event.kind == Kind.OPENED:
        return False
    theirs = ReceivedMail.objects.filter(case=event.case, sender=person.email).exclude(verdict="fail")
    return theirs.exists() or event.case.events.filter(details__has_key="forwarded_by").exists()


def message_about(event: Event, *later: Event) -> Letter | None:
    """The mail of an event, and of those that followed it within the minute."""
    case, person, events = event.case, recipient(event), [event, *later]
    if person is None or _is_shut_out(person) or not _wants(person):
        return None
    if case.claimed_email == person.email and not all(_answers_mail(one, person) for one in events):
        return _neutral(event, person)
    page = reverse("desk_case" if person.may(Right.READ_DESK) else "case", args=[case.number])
    kinds = [one.kind for one in events]
    is_customers = not person.is_agent
    asks = Kind.RESOLVED in kinds and case.status == Status.RESOLVED
    rates = Kind.CLOSED in kinds and case.status == Status.CLOSED
    zone = preferences_of(person).time_zone if person.pk else None
    with timezone.override(zone), reading(person.clock):
        news = [_news(one) for one in events]
    context = {
        "case": case,
        "news": news,
        "kinds": kinds,
        "summary": one_line(case.summary),
        "promised": case.promised_at if any(map(next_word, events)) else None,
        "needs": is_customers and Kind.REPLY in kinds and case.open_requests,
        "asks_whether_fixed": asks,
        "answers": _answers(case, person, asks, rates),
        "address": links.link_to(case, person) if is_customers else settings.URL + page,
        "page": settings.URL + page,
        "takes_answers": _takes_answers(),
        "texts": passages_of(case, one_line(case.summary)),
        "signature": sender.signature if is_customers and (sender := sender_of(case)) else "",
    }
    return letter(
        "mail/event.txt",
        context,
        subject=threads.subject_of(case),
        to=person.email,
        headers=threads.headers_of(
            case, person, f"{event.public_sequence}", answers=_last_mail(case, person)
        ),
        zone=zone,
        clock=person.clock,
    )


def _takes_answers() -> bool:
    """Whether an answer to our mail comes to us. Where some mail has come in, somebody has seen to that."""
    return "{token}" in settings.MAIL_REPLY and ReceivedMail.objects.exists()


def _answers(case: Case, person: User, asks: bool, rates: bool) -> dict[str, str]:
    """The links by which the customer answers what the mail asks, by what each is called."""
    if not links.takes_links(person) or case.customer_id != person.pk or not case.resolved_at:
        return {}
    said = {"Yes, it works": "yes", "Not yet": "not-yet"} if asks else {}
    said |= {"Good": "good", "Not good": "bad"} if rates else {}
    return {words: links.link_to(case, person, asks=True, answer=answer) for words, answer in said.items()}


def _news(event: Event) -> dict[str, Any]:
    """What one event tells."""
    return {
        "event": event,
        "sentence": one_line(sentence(deed_of(event))),
        "words": event.body or explanation(event),
        "beside": _beside(event),
        "asked": one_line(listed(event.details.get("requests", ()))),
        "signature": event.author.signature if event.author and event.role == Role.AGENT else "",
    }


def _neutral(event: Event, person: User) -> Letter | None:
    """What the address hears that a visitor typed. It may be anybody's: so nothing in it is the visitor's, nor quotes
    them, and it tells once a day that somebody wrote, however often they do.
    """
    case = event.case
    others = Case.objects.filter(claimed_email=case.claimed_email, number__lt=case.number)
    if event.kind == Kind.OPENED and others.filter(opened_at__gt=case.opened_at - ONE_DAY).exists():
        return None
    context = {"case": case, "event": event, "address": settings.URL + reverse("case", args=[case.number])}
    return letter(
        "mail/unproven.txt",
        context,
        subject=f"[#{case.number}] {'Did you write to us?' if event.kind == Kind.OPENED else 'Something new'}",
        to=person.email,
        headers=threads.headers_of(case, person, f"{event.public_sequence}"),
    )
