"""Where a mail belongs: in which case, and as whose words.

The sender is what the mail says. It counts as proven by a token that was mailed to them, or by the word of the server
that received the mail, and never where that server found the opposite.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from cases.access import only_reads
from cases.incoming.automatic import Automatic
from cases.incoming.headers import Person
from cases.incoming.message import Message
from cases.incoming.openings import begins_as_reply
from cases.models import (
    BlockedSender,
    Case,
    Guest,
    InCopy,
    Kind,
    Outcome,
    ReceivedMail,
    User,
    Viewer,
)
from cases.models.account_merge import accounts_of
from cases.models.addresses import one_spelling
from cases.models.rights import Right

from . import threads

DELIVERED = ("to", "cc", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "resent-to")
DIGITS = re.compile(r"\d+")
NUMBERED = re.compile(r"\[#(\d{1,18})\]")
SAME_SUBJECT = timedelta(days=90)  # within which the same subject means the same case
MOST_ALIKE = 2  # cases that one sender opens within a minute with subjects that differ in numbers alone
MOST_IN_A_MINUTE = 50  # cases that one sender opens; what follows goes on in the last of them
HEAD = 200_000  # bytes of a bounce in which our mail is looked for


@dataclass(frozen=True)
class Place:
    """The case that goes on, if one does; who speaks, if that is known; and why a mail makes nothing."""

    case: Case | None = None
    by: Viewer | None = None
    is_note: bool = False  # for agents alone
    mailed_by: str = ""  # who says to have sent it, where nobody knows that
    is_known: bool = False  # whether it is theirs who says so
    outcome: str = ""  # where it makes no event
    held: bool = False  # until somebody rescues it
    reason: str = ""
    makes_mail: bool = True


UNPROVEN = "Nobody knows that the sender is who they say, so only agents read it."
DOUBTED = "No server that we trust vouches for its sender, so only agents read it."
FROM_OUTSIDE = "This answers what an agent forwarded, so only agents read it."
FACTOR_DUE = "Its sender has yet to set up a second factor, so it is a note."
BEYOND = "Its sender does not see this case, so it is a note."
BLOCKED = "Its sender is blocked, so it is held."
JUNK = "Our mail server calls it junk, so it is held."
OURS = "This is our own mail, which came back."
FROM_OURS = "This comes from an address of ours, so it is held."
OF_A_MACHINE = "A machine answered, and not in a case."
BOUNCED = "This says that some mail did not arrive, and not of which case."
NO_ANSWERS = (Automatic.BOUNCE, Automatic.ABSENCE, Automatic.SEEMS_ABSENCE)
WHY_HELD = {
    Automatic.LIST: "This went to a list, or to many, so it is held.",
    Automatic.SEEMS_ABSENCE: "By its subject a machine answered, and not in a case, so it is held.",
}


def place_of(message: Message, mail: ReceivedMail, *, rescued: bool = False) -> Place:
    """Read only: what comes of it is for the actions. What somebody `rescued` is not held."""
    if not rescued and BlockedSender.objects.filter(address=mail.sender).exists():
        return Place(outcome=Outcome.IGNORED, held=True, reason=BLOCKED)
    if threads.tokens_in([message.message_id]):
        return Place(outcome=Outcome.IGNORED, reason=OURS)
    is_ours = threads.is_ours(mail.sender)
    if is_ours and not rescued:
        return Place(outcome=Outcome.IGNORED, held=True, reason=FROM_OURS)
    case, token = _case_of(message, mail)
    if mail.junk and not rescued and case is None:  # what answers us is none
        return Place(outcome=Outcome.IGNORED, held=True, reason=JUNK)
    if message.automatic in NO_ANSWERS and case:
        return Place(case, is_note=True, mailed_by=_named(message), makes_mail=False)
    if message.automatic is Automatic.BOUNCE:
        return Place(outcome=Outcome.IGNORED, reason=BOUNCED)
    if message.automatic is Automatic.ABSENCE:
        return Place(outcome=Outcome.IGNORED, reason=OF_A_MACHINE)
    if case is None and not rescued and message.automatic in WHY_HELD:
        return Place(outcome=Outcome.IGNORED, held=True, reason=WHY_HELD[message.automatic])
    makes_mail = message.automatic is None and not is_ours
    if case is None:
        return _new_place(message, mail, makes_mail=makes_mail)
    if token and token.kind == threads.OUTSIDE:
        return Place(
            case, is_note=True, mailed_by=_named(message), reason=FROM_OUTSIDE, makes_mail=makes_mail
        )
    return _place_in(case, token, message, mail, makes_mail=makes_mail)


def _new_place(message: Message, mail: ReceivedMail, *, makes_mail: bool) -> Place:
    since = timezone.now() - timedelta(minutes=1)
    opened = ReceivedMail.objects.filter(sender=mail.sender, received_at__gte=since, outcome=Outcome.OPENED)
    # Whoever forges the address brakes nobody but others who do.
    recent = list(opened.filter(verdict=mail.verdict).select_related("case")[:MOST_IN_A_MINUTE])
    if mail.sender and (braked := _braked(mail, recent)):
        into, reason = braked
        return Place(into.case, is_note=True, mailed_by=_named(message), reason=reason, makes_mail=False)
    known = _proven(None, mail)
    if known and not (known.limit and known.may(Right.READ_DESK)):  # who may not see what they open
        return Place(by=known, makes_mail=makes_mail)
    return Place(by=Guest(), makes_mail=makes_mail)


def _braked(mail: ReceivedMail, recent: list[ReceivedMail]) -> tuple[ReceivedMail, str] | None:
    """Into which of the mails that its sender opened cases with within the minute it goes, and why: a machine's alarms
    differ in their numbers alone."""
    pattern = DIGITS.sub("", mail.thread).strip()
    alike = [one for one in recent if one.case and DIGITS.sub("", one.thread).strip() == pattern]
    if pattern and len(alike) >= MOST_ALIKE:
        return alike[-1], "It came within a minute of others from this sender with such a subject."
    if len(recent) == MOST_IN_A_MINUTE and recent[0].case:
        many = f"{MOST_IN_A_MINUTE} cases came from this sender within a minute"
        return recent[0], f"{many}, so this went into the last one."
    return None


def _place_in(
    case: Case, token: threads.Token | None, message: Message, mail: ReceivedMail, *, makes_mail: bool
) -> Place:
    end = case.merged_target()
    guest = Guest((case.pk, end.pk))
    person = _proven(token, mail)
    if person and not person.sees(end):
        return Place(case, is_note=True, mailed_by=_named(message), reason=BEYOND, makes_mail=makes_mail)
    if person and person.may(Right.WORK_ON_CASES) and person.pk != case.customer_id:
        return _place_of_agent(case, person, token, message, mail, makes_mail=makes_mail)
    reads_along = InCopy.objects.now().filter(case=end, address=mail.sender).exists()
    if end.unproven and mail.verdict != "fail" and mail.sender:
        if mail.sender == case.claimed_email:
            is_known = token is not None and token.is_for(mail.sender)
            return Place(case, guest, is_known=is_known, makes_mail=makes_mail)
        if reads_along:
            return Place(case, guest, mailed_by=_named(message), makes_mail=makes_mail)
    if person and (reads_along or Case.objects.visible_to(person).filter(pk__in=(case.pk, end.pk)).exists()):
        return Place(case, person, is_known=True, makes_mail=makes_mail)
    reason = FROM_OUTSIDE if mail.sender in _asked_outside(case) else UNPROVEN
    return Place(case, is_note=True, mailed_by=_named(message), reason=reason, makes_mail=makes_mail)


def _place_of_agent(
    case: Case,
    agent: User,
    token: threads.Token | None,
    message: Message,
    mail: ReceivedMail,
    *,
    makes_mail: bool,
) -> Place:
    """What an agent mails goes to the customer where the server vouches for them, as whoever was in copy of an answer of
    theirs knows their signed address; and by nobody who would get nowhere on the desk."""
    if agent.must_set_up:
        return Place(case, is_note=True, mailed_by=_named(message), reason=FACTOR_DUE, makes_mail=makes_mail)
    if token is None or token.kind == "note":
        return Place(case, agent, is_note=True, is_known=True, makes_mail=makes_mail)
    if mail.verdict == "pass":
        return Place(case, agent, is_known=True, makes_mail=makes_mail)
    return Place(case, is_note=True, mailed_by=_named(message), reason=DOUBTED, makes_mail=makes_mail)


def _proven(token: threads.Token | None, mail: ReceivedMail) -> User | None:
    """The person whose words these are, as far as anybody knows. Whoever has a token has read mail of the address."""
    person = User.objects.of_address(mail.sender) if mail.sender else None
    if person is None or not person.is_active or only_reads(person) or mail.verdict == "fail":
        return None
    if not (mail.sender == person.email or person.owns(mail.sender)):  # it may be somebody else's
        return None
    has_token = token and (token.is_for(mail.sender) or _is_of(token, person))
    return person if has_token or (mail.verdict == "pass" and person.owns(mail.sender)) else None


def _is_of(token: threads.Token, person: User) -> bool:
    """Whether it was mailed to their account, or to one that was merged into it."""
    return token.is_signed and token.person in {account.pk for account in accounts_of(person)}


def people_beside(message: Message) -> list[Person]:
    """To whom it went besides us, as far as headers tell: where it was delivered is our own address."""
    ours = {one_spelling(one.address) for one in message.headers.people(*DELIVERED[2:])}
    people = {one_spelling(one.address): one for one in (*message.to, *message.cc)}
    return [one for address, one in people.items() if address not in ours and not threads.is_ours(address)]


def _named(message: Message) -> str:
    name, address = message.sender.name, message.sender.address
    return f"{name} <{address}>" if name and address else name or address or "Somebody"


def _case_of(message: Message, mail: ReceivedMail) -> tuple[Case | None, threads.Token | None]:
    """By the address it went to, by what it answers, by its subject and sender: the first that leads to a case."""
    for token in _tokens(message):
        case = Case.objects.filter(pk=token.number).first()
        if case and (_is_of_case(token, case, mail.sender) or _takes_part(case, mail.sender)):
            return case, token
    if message.answers:
        answered = ReceivedMail.objects.filter(message_id__in=message.answers[:20], case__isnull=False)
        if found := answered.select_related("case").first():
            return found.case, None
    return _by_subject(message, mail), None


def _is_of_case(token: threads.Token, case: Case, sender: str) -> bool:
    """Whether we made it, for whomever."""
    if token.is_signed or token.is_for(sender) or token.is_for(case.claimed_email or "-"):
        return True
    copies = case.in_copy.values_list("address", flat=True)
    return any(map(token.is_for, _asked_outside(case) if token.kind == threads.OUTSIDE else copies))


def _asked_outside(case: Case) -> list[str]:
    """To whom agents forwarded it."""
    return list(case.events.filter(kind=Kind.FORWARDED).values_list("details__address", flat=True))


def _delivered(message: Message) -> list[str]:
    """The addresses that it went to, as its headers tell."""
    return [one for name in DELIVERED for one in message.headers.all(name)]


def _tokens(message: Message) -> Iterator[threads.Token]:
    yield from threads.tokens_in(_delivered(message))
    yield from threads.tokens_in(message.answers)
    if message.automatic is Automatic.BOUNCE:
        yield from threads.tokens_in([one.content[:HEAD].decode("latin-1") for one in message.attachments])
        yield from threads.tokens_in([piece.text[:HEAD] for piece in message.pieces])


def _by_subject(message: Message, mail: ReceivedMail) -> Case | None:
    if not mail.sender:
        return None
    for number in NUMBERED.findall(message.subject):
        case = Case.objects.filter(pk=int(number)).first()
        if case and (_takes_part(case, mail.sender) or mail.sender in _asked_outside(case)):
            return case
    if not mail.thread or not begins_as_reply(message.subject):
        return None
    since = timezone.now() - SAME_SUBJECT
    before = ReceivedMail.objects.filter(
        sender=mail.sender, received_at__gte=since, thread=mail.thread, case__isnull=False
    )
    found = before.select_related("case").first()
    return found.case if found else None


def _takes_part(case: Case, sender: str) -> bool:
    customer = case.customer
    is_theirs = bool(customer and customer == User.objects.of_address(sender))
    if not sender or is_theirs or one_spelling(case.claimed_email) == sender:
        return bool(sender)
    return InCopy.objects.now().filter(case=case, address=sender).exists()
