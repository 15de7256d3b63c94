"""Mail to people in copy of a case: what its customer reads, to each of them apart."""

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from cases.models import Event, InCopy, Kind, ReceivedMail, Role, User
from cases.models.kinds import KINDS
from cases.models.preferences import preferences_of
from cases.text.times_of_day import reading
from cases.wording.events import explanation, next_word, sentence

from . import threads, unsubscribing
from .letter import Letter, letter, one_line
from .together import in_turn


def ask_for_mail_of_copies(event: Event) -> None:
    """Tell people in copy what the case's customer is told, and what that one or another of them says."""
    if event.role not in KINDS[Kind(event.kind)].mails_copies:
        return
    for copy in InCopy.objects.now().filter(case=event.case_id).values_list("pk", flat=True):
        in_turn("mail_beside", event, f"copy {copy}").defer(event=event.pk, copy=copy)


def is_told(copy: InCopy, event: Event) -> bool:
    """Whether they read of it, unless they have left or have it from whoever wrote it. A visitor's words go to nobody:
    anybody can type an address, and have us mail others."""
    case = event.case
    owner = User.objects.of_address(copy.address)
    if copy.removed_at or (owner and not owner.is_active) or (case.unproven and event.role == Role.CUSTOMER):
        return False
    is_by_or_for = owner and owner.pk in (event.author_id, case.customer_id)
    return not (is_by_or_for or has_it(event, copy.address))


def message_to_copy(copy: InCopy, event: Event, *later: Event) -> Letter:
    """The mail of an event, and of those that followed it within the minute."""
    case, events = event.case, [event, *later]
    owner, person = User.objects.of_address(copy.address), User(email=copy.address, name=copy.name)
    leave, zone = link_to_leave(copy), preferences_of(owner).time_zone if owner else None
    clock = (owner or person).clock
    with timezone.override(zone), reading(clock):
        news = [(one, one_line(sentence(one)), one.body or explanation(one)) for one in events]
    context = {
        "case": case,
        "news": news,
        "summary": one_line(case.summary) or "A case",
        "promised": case.promised_at if any(map(next_word, events)) else None,
        "address": "" if case.unproven else settings.URL + reverse("case", args=[case.number]),
        "leave": leave,
    }
    last = ReceivedMail.objects.filter(case=case, sender=copy.address).exclude(message_id="")
    answers = last.values_list("message_id", flat=True).first() or ""
    return letter(
        "mail/copy.txt",
        context,
        subject=threads.subject_of(case, "A case"),
        to=copy.address,
        headers=threads.headers_of(case, person, f"{event.public_sequence}", answers=answers)
        | unsubscribing.headers_of(leave),
        zone=zone,
        clock=clock,
    )


def link_to_leave(copy: InCopy) -> str:
    """Whoever has it was given mail of this address: it takes the address out of copy, and opens nothing."""
    return settings.URL + reverse("copy_leaving", args=[_signer(copy).sign(str(copy.pk))])


def leaving(token: str) -> InCopy | None:
    """Who leaves by this token. None for one that we did not make."""
    number = token.partition("~")[0]
    copy = InCopy.objects.filter(pk=number).first() if number.isdecimal() and len(number) < 19 else None
    try:
        return copy if copy and _signer(copy).unsign(token) else None
    except signing.BadSignature:
        return None


def _signer(copy: InCopy) -> signing.Signer:
    return signing.Signer(salt=f"cases.mail.copies {copy.address}", sep="~")


def has_it(event: Event, address: str) -> bool:
    """Whether the mail that said it went to them as well, or was theirs."""
    mail = ReceivedMail.objects.filter(key=event.details.get("mail")).first()
    return mail is not None and address in (mail.sender, *mail.people)
