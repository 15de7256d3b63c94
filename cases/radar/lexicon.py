"""What reports speak of: which function, how it fails, for whom. The words stand in lexicon.txt."""

import re
from pathlib import Path
from typing import NamedTuple


class Concept(NamedTuple):
    """Something that reports speak of, and the words that name it."""

    name: str
    pattern: re.Pattern[str]


def _groups(text: str) -> dict[str, list[tuple[str, list[str]]]]:
    """Return the patterns of each section, by name where they have one. The form is told in lexicon.txt."""
    sections: dict[str, list[tuple[str, list[str]]]] = {}
    for line in text.splitlines():
        words = line.strip()
        if not words or words.startswith("#"):
            continue
        if line.startswith("["):
            groups = sections[words.strip("[]")] = [("", [])]
        elif not line.startswith(" "):
            groups.append((words.removesuffix(":"), []))
        elif line.startswith(" " * 6):
            groups[-1][1][-1] += words
        else:
            groups[-1][1].extend(words.split(", "))
    return sections


def _alternatives(patterns: list[str]) -> str:
    """Join patterns of lexicon.txt into one regular expression: `a~`, `(b)c` become `(?:a\\w*|(?:b)c)`."""
    joined = "|".join(patterns).replace("~", r"\w*")
    return f"(?:{re.sub(r'[(](?![?])', '(?:', joined)})"


SECTIONS = _groups(Path(__file__).with_name("lexicon.txt").read_text(encoding="utf-8"))


def _any_of(section: str) -> re.Pattern[str]:
    """Return a pattern for anything that a section without names lists."""
    ((_, patterns),) = SECTIONS[section]
    return re.compile(rf"\b{_alternatives(patterns)}\b")


def _table(section: str) -> tuple[Concept, ...]:
    return tuple(
        Concept(name, re.compile(rf"(?<!\w){_alternatives(patterns)}(?!\w)"))
        for name, patterns in SECTIONS[section]
        if name
    )


NOISE, WORKS, OTHERWISE = _any_of("noise"), _any_of("works"), _any_of("otherwise")
FUNCTIONS, FAILURES, SCOPE = _table("functions"), _table("failures"), _table("scope")
COMMON = frozenset(pattern for _, patterns in SECTIONS["common"] for pattern in patterns)

# A clause, of which one may say what does work.
CLAUSE = re.compile(r"(?:(?!\b(?:but|while|whereas|though|although|yet|however|except)\b)[^.,;:!?|()])+")
# What somebody quotes is an error message, whatever stands in it; single words may be a state or a label.
QUOTED = re.compile(
    r"""
    \"[^"]{0,120}?\w\ \w+\ [^"]{0,120}\"
    |(?<!\w)'[^']{0,120}?\w\ \w+\ [^']{0,120}'(?!\w)
    """,
    re.VERBOSE,
)
# Where or when something fails is not what fails.
PLACE = re.compile(
    r"""
    \b(?:in|on|at|after|from|during|within|before|under|when|while|of|via|through|for|following|upon)
    (?:\ (?:the|our|my|your|their|a|an|each|every|all|some|several|any|last|completing|viewing|using))*
    \s$
    """,
    re.VERBOSE,
)

# What is named in nearly every report.
GENERAL = {"checkout", "system", "cart", "product", "notification", "mobile"}

# The same failure has other names where another function fails.
SAME = {
    function: names
    for functions, names in [
        ("images", {"fails": "blank", "missing": "blank", "late": "slow"}),
        (
            "notification confirmation password_reset webhook receipt",
            {"fails": "missing", "blank": "missing", "slow": "late"},
        ),
        ("inventory", {"blank": "fails", "missing": "fails", "late": "wrong"}),
        ("reports dashboard export invoice", {"blank": "fails", "missing": "fails", "late": "slow"}),
        ("order_status", {"slow": "late", "missing": "late"}),
        ("checkout appointment schedule login", {"late": "slow", "missing": "fails"}),
        ("discount giftcard loyalty refund tax", {"missing": "fails", "blank": "fails", "late": "slow"}),
        ("search cart product system mobile", {"late": "slow"}),
    ]
    for function in functions.split()
}

# What is wrong, late or there twice is the same failure, whether for some or for all.
FOR_SOME = {"fails", "blank", "slow", "missing"}
