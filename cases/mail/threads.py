"""By what an answer to our mail is known: addresses to answer to, and Message-IDs, that nobody can guess."""

import re
from email.utils import parseaddr
from typing import NamedTuple

from django.conf import settings
from django.utils.crypto import salted_hmac

from cases.models import Case, Kind, User
from cases.models.addresses import one_spelling

from . import senders

# By which no machine answers.
AUTOMATIC = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "OOF, AutoReply"}
MESSAGE_ID = re.compile(r"[!-;=?-~]{1,250}")  # what a header can name without being garbled
RENAMES = (Kind.IMPORTED, Kind.SUMMARY)
OUTSIDE = "out"  # the kind of a token that somebody outside has, whose words are for agents alone
TOKEN = re.compile(rf"(case|note|{OUTSIDE})-(\d{{1,18}})-(\d{{1,18}})-([a-f0-9]{{20}})(?![a-f0-9])")
OF_EVENT = re.compile(TOKEN.pattern + r"\.(\d{1,9})@")


class Token(NamedTuple):
    """Of one case and one person. Whoever has it got mail from us, or a copy of it."""

    kind: str  # "case", "note" of what is not for the customer, or OUTSIDE
    number: int
    person: int  # their account; 0 where they have none
    signature: str

    def is_for(self, address: str) -> bool:
        """Whether this was mailed to the address, which needs no account."""
        return self.person == 0 and self.signature == _signature(
            self.kind, self.number, one_spelling(address)
        )

    @property
    def is_signed(self) -> bool:
        """Whether it was mailed to the account that it names."""
        return self.person > 0 and self.signature == _signature(self.kind, self.number, self.person)


def _signature(kind: str, number: int, whom: int | str) -> str:
    return salted_hmac("cases.mail.threads", f"{kind} {number} {whom}", algorithm="sha256").hexdigest()[:20]


def token_of(case: Case, person: User, kind: str = "case") -> str:
    whom = person.pk or one_spelling(person.email)
    return f"{kind}-{case.pk}-{person.pk or 0}-{_signature(kind, case.pk, whom)}"


def own_id(name: str) -> str:
    """The Message-ID of a mail that is about no case. It is the same for who sends it again, and nobody guesses it."""
    signature = salted_hmac("cases.mail.threads.own", name, algorithm="sha256").hexdigest()[:20]
    return f"<{name}-{signature}@{settings.MAIL_DOMAIN}>"


def tokens_in(texts: list[str]) -> list[Token]:
    """What is found in addresses or Message-IDs, in their order."""
    found = [found for text in texts for found in TOKEN.findall(text.lower())]
    return [Token(kind, int(number), int(person), signature) for kind, number, person, signature in found]


def sequence_in(ids: list[str], number: int) -> int | None:
    """Of which public event of this case the mail was that the first of these Message-IDs names."""
    for found in map(OF_EVENT.match, ids):
        if found and found[1] == "case" and int(found[2]) == number and int(found[5]):
            return int(found[5])
    return None


def takes_answers() -> bool:
    """Whether answers to our mail come to us by an address of their own."""
    return "{token}" in settings.MAIL_REPLY


def reply_address(token: str) -> str | None:
    """To whom an answer goes, if answers are to come to us at all."""
    return settings.MAIL_REPLY.replace("{token}", token) if takes_answers() else None


def is_ours(address: str) -> bool:
    """Whether it is where our mail comes from, or where answers to it go."""
    spelled = one_spelling(address)
    if spelled == one_spelling(parseaddr(settings.MAIL_FROM)[1]) or spelled in settings.MAIL_ALIASES:
        return True
    if spelled and senders.is_a_senders(spelled):  # most have no address of their own
        return True
    before, _, after = settings.MAIL_REPLY.lower().partition("{token}")
    return (
        bool(before)
        and spelled.startswith(before)
        and spelled.endswith(after)
        and bool(TOKEN.search(spelled))
    )


def subject_of(case: Case, words: str = "Your case") -> str:
    """The same as long as the case lasts: programs show what has one subject as one conversation. So a case that an agent
    or a newer document named anew keeps its first name here. `words` stand for a case without one."""
    renamed = case.events.filter(kind__in=RENAMES, changes__has_key="summary").order_by("sequence")
    first = renamed.values_list("changes__summary__0", flat=True).first() or case.summary
    return f"[#{case.number}] {' '.join(first.split()) or words}"


def headers_of(
    case: Case, person: User, sequence: str, *, kind: str = "case", answers: str = ""
) -> dict[str, str]:
    """The headers by which an answer finds its case.

    `answers` is the Message-ID of what they last mailed in this case.
    """
    token = token_of(case, person, kind)
    own, first = (
        f"<{token}.{sequence}@{settings.MAIL_DOMAIN}>",
        f"<{token_of(case, person, kind if kind == OUTSIDE else 'case')}.0@{settings.MAIL_DOMAIN}>",
    )
    references = [first, *([f"<{answers}>"] if MESSAGE_ID.fullmatch(answers) else [])]
    headers = {
        "Message-ID": own,
        "In-Reply-To": references[-1],
        "References": " ".join(references),
    } | AUTOMATIC
    sender = senders.sender_of(case)
    headers["From"] = senders.from_header(sender)
    if address := reply_address(token):
        headers["Reply-To"] = senders.named(sender, address)
    return headers
