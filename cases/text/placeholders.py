"""Placeholders such as {customer} in the text of a macro. Nothing is evaluated: a known name is replaced once."""

import re
from collections.abc import Collection, Mapping

from cases.models import Case, System, User

_BRACES = re.compile(r"\{(\w+)\}")
_TITLES = set(
    "dr mr mrs ms miss mx prof professor sir madam lady lord herr frau monsieur madame mademoiselle mme mlle señor "
    "señora sr sra senhor senhora dona don signor signora signore dott mevrouw meneer mijnheer dhr mevr pan pani "
    "fru ing dipl mag".split()
)
_PLACES = set(
    "helpdesk help support service services team office desk it hr dept department accounting sales info admin "
    "reception purchasing billing gmbh ltd inc llc ag".split()
)
NAMES = ("customer", "agent", "case", "system", "summary")
SAMPLE = {
    "customer": "Sam",
    "agent": "you",
    "case": "1234",
    "system": "Online shop",
    "summary": "The basket is empty after signing in",
}


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return the text with the values put in: "Hello {customer}" is "Hello Sam". Any other braces stay as typed."""
    return _BRACES.sub(lambda name: values.get(name[1], name[0]), text)


def unknown(text: str, known: Collection[str] = NAMES) -> list[str]:
    """Return the names in braces that are no placeholders, in order."""
    return [name for name in dict.fromkeys(_BRACES.findall(text)) if name not in known]


def complaint(text: str) -> str:
    """Return a sentence about the names in braces that are no placeholders; empty when there are none."""
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
    """Return what the placeholders stand for in a reply to a case."""
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
    """Whether the text has placeholders, so that it reads differently in each case."""
    return any(name in NAMES for name in _BRACES.findall(text))


def first_name(name: str) -> str:
    """Return what to call somebody in a letter: the first name, or all of "Herr Müller", "van der Berg", "Raman, Deepa"
    and "IT Helpdesk"."""
    words = name.split()
    first = next(iter(words), "")
    plain = first.replace("-", "").replace("'", "").replace("’", "")
    is_family = plain.casefold() in _TITLES or (
        plain.islower() and any(word[0].isupper() for word in words[1:])
    )
    is_place = any(word.casefold().strip(".,") in _PLACES for word in words)
    if len(plain) > 1 and plain.isalpha() and not is_family and not is_place:
        return first
    return name.strip()
