"""Mail that arrives: kept as it came, understood, and put where it belongs, once."""

import hashlib
import logging
from io import BytesIO
from typing import NamedTuple

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InterfaceError, OperationalError, transaction

from cases.files.names import clean_name
from cases.files.receiving import largest, too_large
from cases.files.store import StoreUnavailable, store
from cases.incoming.automatic import Automatic
from cases.incoming.junk import is_junk
from cases.incoming.message import Message, read
from cases.incoming.openings import bare_subject
from cases.incoming.quoting import Kind as PieceKind
from cases.incoming.verdicts import verdict_of
from cases.mail import threads
from cases.mail.inbound import NO_ANSWERS, Place, people_beside, place_of
from cases.mail.links import without_links
from cases.models import Attachment, Event, Guest, Outcome, ReceivedMail, Refused, System, Team
from cases.models.addresses import one_spelling
from cases.models.attachment import MOST_IN_A_MESSAGE
from cases.models.received_mail import LONGEST_ID
from cases.text.lists import listed

from . import attachments, copies
from .delivery_reports import heed_mail
from .incoming_words import Said, say

log = logging.getLogger(__name__)

MOST_PEOPLE = 50
LONGEST_FOLDED = 200_000
AWAY = (OperationalError, InterfaceError, StoreUnavailable)  # which is over after a while
TWICE = "This email came before, and changes nothing."
BROKEN = "This email could not be read. It is kept as it came."


class Received(NamedTuple):
    """What became of a message."""

    outcome: str
    mail: ReceivedMail
    message: Message
    reason: str


def receive(raw: bytes, *, trusted: str, system: System | None = None, team: Team | None = None) -> Received:
    """Take a message in, whatever it is. `trusted` names the server whose verdicts on senders count. A case that it
    opens is of this system, and in the queue of this team.

    Raises StoreUnavailable or an error of the database where it could not be kept, so that it must come again.
    """
    try:
        message = read(raw)
        mail = _keep(raw, message, trusted, system, team)
    except AWAY:
        raise
    except Exception:  # whatever breaks the reader, the bytes are kept
        log.exception("An email could not be read")
        message = read(b"")
        mail = _keep(raw, message, trusted, system, team)
    if mail.outcome:
        return Received(Outcome.IGNORED, mail, message, TWICE)
    try:
        return put(mail, message)
    except AWAY:
        raise
    except Exception:  # it must not be lost, nor stand in the way of those behind it
        return broken(mail)


def _keep(
    raw: bytes, message: Message, trusted: str, system: System | None, team: Team | None
) -> ReceivedMail:
    """Store the original and what there is to know of it. A second copy finds the first."""
    sender = one_spelling(message.sender.address)[:320]
    known = _known_by(message, sender) if message.message_id else raw
    people = [one_spelling(one.address) for one in (*message.to, *message.cc)]
    folded = "\n\n".join(piece.text for piece in message.pieces if piece.kind is not PieceKind.NEW)
    mail, _ = ReceivedMail.objects.get_or_create(
        digest=hashlib.sha256(known).hexdigest(),
        defaults={
            "message_id": message.message_id[:LONGEST_ID],
            "sender": sender,
            "people": [one for one in people if not threads.is_ours(one)][:MOST_PEOPLE],
            "subject": message.subject,
            "thread": bare_subject(message.subject).lower()[:200],
            "folded": without_links(folded)[:LONGEST_FOLDED],
            "verdict": verdict_of(message.headers, sender, trusted),
            "junk": is_junk(message.headers, trusted),
            "system": system,
            "team": team,
            "size": len(raw),
        },
    )
    if not mail.outcome:
        store().put(mail.stored, BytesIO(raw))
    return mail


def _known_by(message: Message, sender: str) -> bytes:
    """By what a second copy is known, whose headers tell another way. Some machines give all their mail one Message-ID."""
    words = [message.message_id, sender, message.subject, *(piece.text.strip() for piece in message.pieces)]
    files = [f"{one.name} {hashlib.sha256(one.content).hexdigest()}" for one in message.attachments]
    return "\n".join([*words, *files]).encode(errors="surrogatepass")


def put(mail: ReceivedMail, message: Message, *, rescued: bool = False) -> Received:
    """Put what is kept where it belongs, or hold it."""
    if not len(message.headers):
        return _over(mail, message, Outcome.UNREADABLE, BROKEN)
    if message.automatic is Automatic.BOUNCE and (heard := heed_mail(message)):
        return _over(mail, message, *heard)
    place = place_of(message, mail, rescued=rescued)
    mail.held = place.held
    if place.outcome:
        return _over(mail, message, place.outcome, place.reason)
    files, left_out = ([], []) if message.automatic in NO_ANSWERS else _files(message, mail)
    with transaction.atomic():
        held = ReceivedMail.objects.select_for_update().get(pk=mail.pk)
        if held.outcome:  # another process was quicker
            return Received(Outcome.IGNORED, held, message, TWICE)
        said = say(message, held, place, files)
        left_out += _read_along(message, held, place, said)
        return _over(held, message, said.outcome, _reason(place, said, left_out), said.event)


def broken(mail: ReceivedMail) -> Received:
    """What becomes of a mail by which we failed. Called where the error is handled."""
    log.exception("An email was kept, and could not be taken in: %s", mail.key)
    mail.held = False
    return _over(mail, read(b""), Outcome.UNREADABLE, BROKEN)


def _over(
    mail: ReceivedMail, message: Message, outcome: Outcome | str, reason: str, event: Event | None = None
) -> Received:
    mail.outcome, mail.reason, mail.event = outcome, reason, event
    mail.case = event.case if event else None
    mail.save(update_fields=["outcome", "reason", "event", "case", "held"])
    return Received(outcome, mail, message, reason)


def _read_along(message: Message, mail: ReceivedMail, place: Place, said: Said) -> list[str]:
    """Keep whom it went to besides us, where its sender takes part in the case. Returns why some are left out."""
    event = said.event
    may_add = place.by and copies.may_change_copies(event.case, place.by)
    is_theirs = may_add or mail.sender == event.case.claimed_email
    if not (event.public and is_theirs and place.by and place.makes_mail):
        return []
    return copies.add_from_mail(event.case, by=place.by, people=people_beside(message))


def _reason(place: Place, said: Said, left_out: list[str]) -> str:
    return " ".join(filter(None, [place.reason, said.reason, *left_out]))


def _files(message: Message, mail: ReceivedMail) -> tuple[list[Attachment], list[str]]:
    """What came with it, by the rules of files; and a sentence for what does not fit them, which the original holds."""
    kept: list[Attachment] = []
    left_out: list[str] = []
    giver = Guest(uploads=mail.key.hex)
    for one in message.attachments[:MOST_IN_A_MESSAGE]:
        if len(one.content) > largest():
            left_out.append(too_large(one.name))
            continue
        try:
            kept.append(attachments.receive(SimpleUploadedFile(clean_name(one.name), one.content), by=giver))
        except Refused as refused:
            left_out.append(str(refused))
    if many := message.attachments[MOST_IN_A_MESSAGE:]:
        names = listed([f"“{clean_name(one.name)}”" for one in many])
        left_out.append(f"{MOST_IN_A_MESSAGE} files fit in one message: {names} are in the original alone.")
    return kept, left_out
