"""The first message of a case, put together from the answers of the report form.

The headings consist of words that the radar ignores, so that they make no two reports alike.
"""

import re

from django.utils.text import Truncator

_SENTENCES = re.compile(r"(?<=[.!?])\s")
HIT = {
    "me": "Just me",
    "some": "Some colleagues",
    "all": "Everybody",
    "customers": "Our customers",
}


def likely_summary(text: str) -> str:
    """Return what could be its summary: the first sentence that is no heading."""
    lines = (line.strip() for line in text.splitlines())
    line = next((line for line in lines if line and not line.startswith("**")), "")
    return Truncator(_SENTENCES.split(line)[0]).chars(100)


def composed(happened: str, *, tried: str = "", since: str = "", hit: str = "") -> str:
    """Return the answers under headings, without those that are empty. What happened needs no heading by itself."""
    if not (tried or since or hit):
        return happened
    parts = [
        ("What I was trying to do", tried),
        ("What happened", happened),
        ("Since when", since),
        ("Who has it", HIT.get(hit, "")),
    ]
    return "\n\n".join(f"**{heading}**\n\n{text}" for heading, text in parts if text)
