"""What a mail says becomes an event of a case, new or not."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import uuid5

from django.conf import settings
from django.utils import timezone

from cases.incoming.forwarded import Forwarded, forwarded_in
from cases.incoming.message import Message
from cases.incoming.openings import bare_subject
from cases.mail import threads
from cases.mail.inbound import UNPROVEN, Place
from cases.mail.links import without_links
from cases.models import (
    Attachment,
    Case,
    Event,
    Guest,
    Kind,
    Outcome,
    ReceivedMail,
    Refused,
    Role,
    Severity,
    Status,
    System,
    User,
)
from cases.models.addresses import one_spelling
from cases.models.rights import Right
from cases.queries.deadlines import open_promises
from cases.queries.promises import promised_in
from cases.wording.standing import asks_secret

from . import accounts, conversation, mailed_answers, merging, promises, resolution
from .events import role_of

LONGEST = 100_000  # characters of a message, as one may type
LONGEST_SUMMARY = 200
NO_WORDS = "(This email has no words of its own.)"
ENCRYPTED = "(This email is encrypted: only its original holds what it says.)"
ANSWERED = "This was answered before."
TO_SPAM = "The case is marked as spam, so it stays as it is."
OPENS_NOTHING = "No person seems to have sent it, so the case stays as it is."
# The first word by which an agent writes for agents alone.
INTERNAL = re.compile(
    r"\s*(?:(?:internal )?note|internal|interne? notiz|notiz|intern|note interne|interne|nota interna|nota|interno"
    r"|メモ|社内メモ|备注)\s*[:：]\s*",
    re.IGNORECASE,
)
CUT = "\n\n(The rest of this email is in its original.)"


class Said(NamedTuple):
    outcome: Outcome
    event: Event
    reason: str = ""


def say(message: Message, mail: ReceivedMail, place: Place, files: Sequence[Attachment]) -> Said:
    """Record it. Belongs to the transaction that holds the mail."""
    details = {"mail": str(mail.key)} | ({"mailed_by": place.mailed_by} if place.mailed_by else {})
    if isinstance(place.by, User):
        accounts.take_name(place.by, message.sender.name)
    if place.case is None:
        case = _opened(message, mail, place, files, details)
        return Said(Outcome.OPENED, case.events.get(kind=Kind.REPLY))
    body = _body(message, files)
    is_note = place.is_note
    if isinstance(place.by, User) and role_of(place.by, place.case) == Role.AGENT:
        is_note, body = is_note or bool(INTERNAL.match(body)), INTERNAL.sub("", body) or NO_WORDS
    if place.case.spam and role_of(place.by, place.case) != Role.AGENT:
        return Said(Outcome.NOTED, _noted(place, mail, files, details, body), TO_SPAM)
    if not (is_note or place.makes_mail or place.case.merged_target().is_active):
        return Said(Outcome.NOTED, _noted(place, mail, files, details, body), OPENS_NOTHING)
    if not is_note:
        try:
            return _went_on(message, mail, place, files, details, body)
        except Refused as refused:  # as where the case goes on in one that they may not read
            return Said(Outcome.CONTINUED, _noted(place, mail, files, details, body), str(refused))
    event = _noted(place, mail, files, details, body)
    is_said = place.reason == UNPROVEN or place.by is not None
    return Said(Outcome.CONTINUED if is_said else Outcome.NOTED, event)


def _went_on(
    message: Message,
    mail: ReceivedMail,
    place: Place,
    files: Sequence[Attachment],
    details: Mapping[str, Any],
    body: str,
) -> Said:
    """A reply; where the case is closed, one that opens it again, or another case when that is long ago."""
    assert place.case  # noqa: S101 - only then does it go on
    case = place.case.merged_target()
    said: dict[str, Any] = {"body": body, "attachments": files, "details": details}
    token = uuid5(mail.key, "reply")
    if place.by and place.is_known and place.makes_mail:
        if event := mailed_answers.understood(case, message, by=place.by, details=details):
            return Said(Outcome.CONTINUED, event)
        if mailed_answers.says_nothing_new(case, message, place.by):
            return Said(Outcome.NOTED, _noted(place, mail, files, details, body), ANSWERED)
    if case.status != Status.CLOSED:
        if place.by and place.makes_mail and mailed_answers.give(case, by=place.by, token=token, **said):
            return Said(Outcome.CONTINUED, _last_word(case))
        terms = _terms(case, message, place, body)
        conversation.reply(
            case, by=place.by, token=token, mail=place.makes_mail, terms=terms, takes=True, **said
        )
        return Said(Outcome.CONTINUED, _last_word(case))
    ended = case.resolved_at or case.changed_at
    is_ours = role_of(place.by, case) == Role.AGENT
    if is_ours or timezone.now() - ended <= timedelta(days=settings.MAIL_REOPEN_DAYS):
        resolution.reopen(case, by=place.by, token=token, takes=True, **said)
        return Said(Outcome.CONTINUED, _last_word(case))
    opened = _opened(message, mail, place, files, details, like=case)
    merging.link(opened, by=None, other=case)
    return Said(Outcome.OPENED, _last_word(opened), f"Case {case.number} was closed long ago.")


def _terms(case: Case, message: Message, place: Place, body: str) -> conversation.ReplyTerms:
    """What a mailed reply means besides its words. What an agent promises in it counts, by the clock of their program."""
    if role_of(place.by, case) != Role.AGENT:
        # What was asked for as a secret is given on the page alone, where it is sealed.
        return conversation.ReplyTerms(fulfils_all=place.makes_mail and not asks_secret(case))
    with timezone.override(message.headers.zone()):
        words = promised_in(body, case, timezone.now())
    try:
        promises.check(words, open_promises(case))
    except Refused:  # then they are proposed to whoever looks
        return conversation.ReplyTerms()
    return conversation.ReplyTerms(promises=words)


def _opened(
    message: Message,
    mail: ReceivedMail,
    place: Place,
    files: Sequence[Attachment],
    details: Mapping[str, Any],
    like: Case | None = None,
) -> Case:
    body, by = _body(message, files), place.by or Guest()
    if like is None and isinstance(by, User) and by.is_agent and (passed_on := _passed_on(message)):
        details = {**details, "forwarded_by": str(by)}
        return _opened_for(passed_on, message, mail, place, files, details)
    customer = by if isinstance(by, User) else None
    claimed = mail.sender if customer is None and len(mail.sender) <= 254 else ""
    return conversation.open_case(
        system=like.system if like else mail.system or _system(),
        summary=_summary(message, body),
        description=body,
        severity=Severity.UNSTATED,
        by=by,
        customer=customer,
        customer_name="" if customer else (message.sender.name or message.sender.address)[:120],
        claimed_email=claimed,
        attachments=files,
        mail=place.makes_mail and bool(customer or claimed),
        details=details,
        team=mail.team,
    )


def _passed_on(message: Message) -> Forwarded | None:
    """What an agent forwards that somebody wrote who does not work here."""
    found = forwarded_in(message)
    if found is None or len(found.author.address) > 254 or threads.is_ours(found.author.address):
        return None
    author = User.objects.of_address(found.author.address)
    return None if author and author.may(Right.READ_DESK) else found


def _opened_for(
    passed_on: Forwarded,
    message: Message,
    mail: ReceivedMail,
    place: Place,
    files: Sequence[Attachment],
    details: Mapping[str, Any],
) -> Case:
    """A case of whoever wrote what an agent forwards: as far as we know, they only claim to have the address."""
    body = _said(passed_on.text) or _body(message, files)
    case = conversation.open_case(
        system=mail.system or _system(),
        summary=_summary(message, body),
        description=body,
        severity=Severity.UNSTATED,
        by=Guest(),
        customer_name=(passed_on.author.name or passed_on.author.address)[:120],
        claimed_email=one_spelling(passed_on.author.address),
        attachments=files,
        mail=place.makes_mail,
        details=details,
        team=mail.team,
    )
    if passed_on.own and isinstance(place.by, User):
        token = uuid5(mail.key, "note")
        details = {"mail": str(mail.key)}
        conversation.add_note(
            case,
            by=place.by,
            body=_said(passed_on.own),
            token=token,
            mail=place.makes_mail,
            details=details,
        )
    return case


def _noted(
    place: Place, mail: ReceivedMail, files: Sequence[Attachment], details: Mapping[str, Any], body: str
) -> Event:
    assert place.case  # noqa: S101 - only then is there something to note it in
    case, by = place.case, place.by if isinstance(place.by, User) else None
    conversation.add_note(
        case,
        by=by,
        body=body,
        token=uuid5(mail.key, "note"),
        attachments=files,
        mail=place.makes_mail,
        details=details,
    )
    return _last_word(case.merged_target())


def _last_word(case: Case) -> Event:
    return case.events.filter(kind__in=(Kind.REPLY, Kind.NOTE)).latest("sequence")


def _system() -> System:
    """What cases are about that come by mail: as the settings say, or the first that customers are shown."""
    if settings.MAIL_SYSTEM:
        return System.objects.get_or_create(name=settings.MAIL_SYSTEM)[0]
    first = System.objects.filter(retired=False).order_by("-public", "pk").first()
    return first or System.objects.get_or_create(name="Mail", defaults={"public": False})[0]


def _summary(message: Message, body: str) -> str:
    subject = bare_subject(message.subject) or next(iter(body.splitlines()), "")
    return subject if len(subject) <= LONGEST_SUMMARY else subject[: LONGEST_SUMMARY - 1] + "…"


def _body(message: Message, files: Sequence[Attachment]) -> str:
    text = message.text or (
        "" if files and not message.is_encrypted else ENCRYPTED if message.is_encrypted else NO_WORDS
    )
    return _said(text)


def _said(text: str) -> str:
    text = without_links(text)
    return text if len(text) <= LONGEST else text[: LONGEST - len(CUT)] + CUT
