"""The requests of a text, a sentence at a time."""

import re

from .clauses import clauses
from .things import thing_of

LONGEST = 120  # characters; more is no name of a thing

QUOTED = re.compile(
    r"```.*?(?:```|\Z)|`[^`\n]*`|^[ \t]*>[^\n]*$|“[^”]*”|\"[^\"\n]*\"", re.DOTALL | re.MULTILINE
)
WRAPPED = re.compile(r"(?<=[\w,])[ \t]*\n(?=[a-z])")
END = re.compile(r"[.?!]+(?=\s|$)|[;:]\s|\n")


def find(text: str) -> list[str]:
    """Return what a text asks for, in its order, each once."""
    things: dict[str, None] = {}
    for sentence in _sentences(text):
        for clause in clauses(sentence):
            thing = thing_of(clause)
            if thing and len(thing) <= LONGEST:
                things[thing] = None
    return list(things)


def _sentences(text: str) -> list[str]:
    """Return the sentences without what is quoted, which somebody else said."""
    text = QUOTED.sub(" … ", text.replace("\r\n", "\n").replace("’", "'"))
    return [" ".join(sentence.split()) for sentence in END.split(WRAPPED.sub(" ", text))]
