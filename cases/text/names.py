"""What a person may be called."""

import re
import unicodedata

# What only whoever answers here is called, in any spelling.
OURS = re.compile(
    r"\b(support|helpdesk|help desk|service ?desk|customer (service|care)|administrator|admin|moderator|staff)\b"
)
SCRIPTS = ("LATIN", "CYRILLIC", "GREEK")


def imitates(name: str, *more: str) -> bool:
    """Whether a customer of this name would be taken for one of us: by its words, or those of `more`, or by letters of
    several alphabets, which look alike."""
    plain, ours = _plain(name), filter(None, map(_plain, more))
    return bool(OURS.search(plain)) or any(f" {words} " in f" {plain} " for words in ours) or _mixes(name)


def _plain(text: str) -> str:
    """Its words in small letters, without accents, marks and what cannot be seen."""
    parts = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(one for one in parts if unicodedata.category(one) not in ("Mn", "Cf"))
    return " ".join(re.sub(r"[\W_]+", " ", bare).split())


def _mixes(name: str) -> bool:
    for word in name.split():
        scripts = {unicodedata.name(one, "").split(" ")[0] for one in word if one.isalpha()}
        if len(scripts.intersection(SCRIPTS)) > 1:
            return True
    return False
