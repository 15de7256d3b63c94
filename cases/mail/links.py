"""Links in the mail of a case: each opens that case alone, for whom it was mailed to, without signing in, for a while.

Whoever has one was given mail of that address, be it by its owner: so it reads the case, and where its mail asks
whether that was the fix, it answers that. It is no session of the account, and says nothing else in its name.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django import app

from cases.models import Case, User
from cases.models.preferences import preferences_of
from cases.models.rights import Right

from .letter import Letter, letter
from .threads import subject_of

LASTS = timedelta(days=14)
WORD = re.compile(r"""[^\s<>()\[\]{}"'|]+""")  # an address stands in one, be it in another that checks links
SIGNED = re.compile(r"(\d{1,18})-\d{1,18}-\d{1,18}(:|%(?:25)*3A)[0-9A-Za-z]{4,10}\2[\w-]{43}", re.IGNORECASE)
PAUSE = 600  # seconds before another fresh one is mailed


class Opened(NamedTuple):
    """What a link opens, and for whom."""

    case: Case
    person: User
    resolved_at: datetime | None  # of the fix that its mail asks about
    until: datetime

    @property
    def is_over(self) -> bool:
        return self.until <= timezone.now()


def takes_links(person: User) -> bool:
    """Who has a second factor, or reads the desk, signs in: a mailbox alone gives nothing of theirs."""
    needs_factor = person.has_second_factor or person.role in settings.SECOND_FACTOR_ROLES
    return bool(person.pk) and not person.may(Right.READ_DESK) and not needs_factor


def link_to(case: Case, person: User, *, asks: bool = False, answer: str = "") -> str:
    """The address of a case for this person. With `asks` it takes the `answer` to whether the case is fixed."""
    if not takes_links(person):
        return f"{settings.URL}{reverse('case', args=[case.number])}"
    resolved = int(case.resolved_at.timestamp() * 10**6) if asks and case.resolved_at else 0
    link = _signer(person).sign(f"{case.pk}-{person.pk}-{resolved}")
    return f"{settings.URL}{reverse('opened_link')}?link={link}{f'&answer={answer}' if answer else ''}"


def without_links(text: str) -> str:
    """Without what opens a case for whoever has it, as an answer may quote it: there stands the address of its page."""

    def plain(word: re.Match[str]) -> str:
        found = SIGNED.search(word[0])
        return f"{settings.URL}{reverse('case', args=[int(found[1])])}" if found else word[0]

    return WORD.sub(plain, text) if SIGNED.search(text) else text


def _signer(person: User) -> signing.TimestampSigner:
    """A link ends with the address that it was mailed to, and when they sign out everywhere."""
    return signing.TimestampSigner(salt=f"cases.mail.links {person.email} {person.sign_outs}")


def opened(link: str) -> Opened | None:
    """What a link opens. None for one that we did not make, and for a case that is not theirs any more."""
    try:
        number, pk, resolved = (int(part) for part in link.partition(":")[0].split("-"))
        person = User.objects.filter(pk=pk, is_active=True).first()
        if person is None or not takes_links(person):
            return None
        _, made = _signer(person).unsign(link), link.split(":")[1]
    except (ValueError, OverflowError, signing.BadSignature):
        return None
    case = Case.objects.visible_to(person).filter(pk=number, customer=person)
    found = case.select_related("system", "customer", "organisation", "assignee", "team").first()
    at = datetime.fromtimestamp(signing.b62_decode(made), UTC)
    resolved_at = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=resolved) if resolved else None
    return Opened(found, person, resolved_at, at + LASTS) if found else None


def ask_for_fresh_link(case: Case, person: User) -> None:
    """Mail them another one, but not at every click."""
    if cache.add(f"fresh link: {case.pk} {person.pk}", True, PAUSE):
        app.configure_task("cases.tasks.mail_fresh_link").defer(case=case.pk, person=person.pk)


def fresh_link(case: Case, person: User, message_id: str) -> Letter | None:
    if case.customer_id != person.pk or not person.is_active:
        return None
    context = {"address": link_to(case, person), "case": case, "days": LASTS.days}
    headers = {"Message-ID": message_id}
    zone = preferences_of(person).time_zone
    return letter(
        "mail/fresh_link.txt", context, subject=subject_of(case), to=person.email, headers=headers, zone=zone
    )
