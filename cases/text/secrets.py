"""Secrets that somebody pasted: card numbers, private keys and the tokens of common makers.

The shapes are those that the makers publish, and where they publish none those of gitleaks (MIT), an open scanner:
docs/decisions/privacy.md names them. Only what a maker marks as its own is taken for a token, so that digests, case
numbers and other long words stand.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

REMOVED = "[removed]"  # what stands where something was
# One look at a text that holds none of these, which is nearly every text, is all it takes.
_HINT = re.compile(
    r"\d{4}[ -]?\d{4}|PRIVATE KEY|gh[oprsu]_|github_pat_|glpat-|A[KS]IA|aws_secret|xox|xapp-|hooks\.slack"
    r"|[rs]k_(?:live|test)_|whsec_|AIza|GOCSPX-|ya29\.|eyJ|SG\.|npm_|pypi-|dop_v1_|SK[0-9a-f]{32}|shp",
    re.IGNORECASE,
)
_CARD = re.compile(
    r"(?<![\w/#-])(?:\d{4}(?P<four>[ -])\d{4}(?P=four)\d{4}(?P=four)\d{4}(?:(?P=four)\d{1,3})?"
    r"|\d{4}(?P<six>[ -])\d{6}(?P=six)\d{4,5}|\d{14,19})(?![\w-]|[.,]\d)"
)
# Of each issuer the numbers with which its cards begin, and how long they are.
_ISSUERS = re.compile(
    r"4(?:\d{15}|\d{18})"  # Visa
    r"|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}"  # Mastercard
    r"|3[47]\d{13}"  # American Express
    r"|(?:6011|64[4-9]\d|65\d\d)\d{12}"  # Discover
    r"|3(?:0[0-5]|09|[689]\d)\d{11}"  # Diners Club
    r"|35(?:2[89]|[3-8]\d)\d{12}"  # JCB
    r"|62\d{14,17}"  # UnionPay
    r"|(?:5018|5020|5038|5893|6304|6759|676[1-3])\d{12,15}"  # Maestro
)
_KEY = (
    r"-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----"
    r"(?:(?:[^-]|-(?!----)){0,20000}-----END [A-Z0-9 ]{1,40}-----|(?:\s*\n[A-Za-z0-9+/=]{16,}(?=\s|$))*)"
)
_TOKENS = {
    "a GitHub token": r"\b(?:gh[oprsu]_[A-Za-z0-9]{36,251}|github_pat_\w{82})\b",
    "a GitLab token": r"\bglpat-[\w-]{20,}",
    "an AWS access key": r"\bA[KS]IA[A-Z2-7]{16}\b",
    "an AWS secret key": r"(?i:aws_secret_access_key)[\"']?\s*[=:]\s*[\"']?(?P<secret>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])",
    "a Slack token": r"\b(?:xox[abeoprs]-[\w-]{10,}|xapp-\d-[\w-]{20,})",
    "a Slack webhook": r"\bhttps://hooks\.slack\.com/(?:services|workflows)/[\w/]{30,}",
    "a Stripe key": r"\b(?:[rs]k_(?:live|test)_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9+/]{24,})",
    "a Google key": r"\b(?:AIza[\w-]{35}(?![\w-])|GOCSPX-[\w-]{28}|ya29\.[\w-]{20,})",
    "a signed token (JWT)": r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{16,}",
    "a SendGrid key": r"\bSG\.[\w-]{22}\.[\w-]{43}(?![\w-])",
    "a Twilio key": r"\bSK[0-9a-f]{32}\b",
    "an npm token": r"\bnpm_[A-Za-z0-9]{36}\b",
    "a PyPI token": r"\bpypi-AgEIcHlwaS5vcmc[\w-]{50,}",
    "a DigitalOcean token": r"\bdo[opr]_v1_[a-f0-9]{64}\b",
    "a Shopify token": r"\bshp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}\b",
}


class Secret(NamedTuple):
    """A passage that looks like a secret: where it stands, and what it looks like."""

    start: int
    end: int
    kind: str
    passage: str


def _is_card(number: str) -> bool:
    """Whether an issuer gives out such numbers, and its last digit fits to the others (Luhn)."""
    digits = [int(digit) for digit in number if digit.isdecimal()]
    if not _ISSUERS.fullmatch("".join(map(str, digits))):
        return False
    doubled = (digit * 2 - 9 if digit > 4 else digit * 2 for digit in digits[-2::-2])
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


_SHAPES: list[tuple[str, re.Pattern[str], Callable[[str], bool]]] = [
    ("a private key", re.compile(_KEY), bool),
    *((kind, re.compile(shape), bool) for kind, shape in _TOKENS.items()),
    ("a card number", _CARD, _is_card),
]


def _found(text: str) -> Iterator[Secret]:
    for kind, shape, is_one in _SHAPES:
        for match in shape.finditer(text):
            group = "secret" if "secret" in shape.groupindex else 0
            if is_one(match[group]):
                yield Secret(*match.span(group), kind, match[group])


def secrets_in(text: str) -> list[Secret]:
    """Return what looks like a secret in a text, in the order in which it stands there, none within another."""
    found: list[Secret] = []
    if _HINT.search(text):
        for secret in sorted(_found(text), key=lambda one: (one.start, -one.end)):
            if not found or secret.start >= found[-1].end:
                found.append(secret)
    return found


def without_secrets(text: str) -> str:
    """Return the text with a mark where each secret was."""
    for secret in reversed(secrets_in(text)):
        text = text[: secret.start] + REMOVED + text[secret.end :]
    return text


def kinds_of(secrets: Iterable[Secret]) -> list[str]:
    """What they look like, each once."""
    return list(dict.fromkeys(secret.kind for secret in secrets))
