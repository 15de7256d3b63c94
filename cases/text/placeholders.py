"""Placeholders such as {customer} in the text of a macro. Nothing is evaluated: a known name is replaced once."""

import re
from collections.abc import Mapping

from cases.models import Case, System, User

_BRACES = re.compile(r"\{(\w+)\}")
_TITLES = {"dr", "mr", "mrs", "ms", "mx", "prof", "sir"}
NAMES = ("customer", "agent", "case", "system", "summary")
SAMPLE = {
    "customer": "Sam",
    "agent": "you",
    "case": "1234",
    "system": "Online shop",
    "summary": "The basket is empty after signing in",
}


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with what is known put in. Any other braces stay as typed."""
    return _BRACES.sub(lambda found: values.get(found[1], found[0]), text)


def unknown(text: str) -> list[str]:
    """What looks like a placeholder and is none, in order."""
    return [name for name in dict.fromkeys(_BRACES.findall(text)) if name not in NAMES]


def complaint(text: str) -> str:
    """A sentence about the placeholders that nobody knows; empty when there are none."""
    names = unknown(text)
    if not names:
        return ""
    which = ", ".join(f"{{{name}}}" for name in names)
    known = ", ".join(f"{{{name}}}" for name in NAMES)
    kind = (
        "is no placeholder and stays as typed" if len(names) == 1 else "are no placeholders and stay as typed"
    )
    return f"{which} {kind}. Known are {known}."


def values_of(case: Case, agent: User) -> dict[str, str]:
    return {
        "customer": first_name(case.customer_name) or "there",
        "agent": str(agent),
        "case": str(case.number),
        "system": case.system.name,
        "summary": case.summary,
    }


def values_for_all(system: System) -> dict[str, str]:
    """What stands in a text for everybody, who are nobody in particular."""
    return {
        "customer": "there",
        "agent": "our support",
        "case": "…",
        "system": system.public_name or "our system",
        "summary": "…",
    }


def has_any(text: str) -> bool:
    """Whether everybody reads something else."""
    return any(name in NAMES for name in _BRACES.findall(text))


def first_name(name: str) -> str:
    """What to call somebody in a letter; the whole name where its first word is a title or no name."""
    first = next(iter(name.split()), "")
    plain = first.replace("-", "").replace("'", "").replace("’", "")
    if len(plain) > 1 and plain.isalpha() and plain.casefold() not in _TITLES:
        return first
    return name.strip()
