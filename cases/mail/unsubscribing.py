"""Links that turn mail off with one click, in the reader's program or on a page (RFC 8058)."""

from collections.abc import Iterable
from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.urls import reverse

from cases.models import User, Way, Why


class Unsubscription(NamedTuple):
    """What one such link turns off: for whom, of what, by which way."""

    person: User
    way: Way
    whys: list[Why]


def _signer(person: User) -> signing.Signer:
    """Of the address too: whoever got mail at a former one turns nothing off."""
    return signing.Signer(salt=f"cases.unsubscribing {person.email}", sep="~")


def link_of(person: User, way: Way, whys: Iterable[str]) -> str:
    token = _signer(person).sign(f"{person.pk}~{way}~{'-'.join(sorted(set(whys)))}")
    return settings.URL + reverse("account_unsubscribe", args=[token])


def headers_of(link: str) -> dict[str, str]:
    return {"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def read(token: str) -> Unsubscription | None:
    """What it turns off, unless somebody made it up, or the address is theirs no more."""
    number = token.partition("~")[0]
    person = User.objects.filter(pk=number).first() if number.isdecimal() and len(number) < 19 else None
    if person is None or not person.is_active:
        return None
    try:
        _, way, whys = _signer(person).unsign(token).split("~")
        return Unsubscription(person, Way(way), [Why(why) for why in whys.split("-")])
    except (signing.BadSignature, ValueError):
        return None
