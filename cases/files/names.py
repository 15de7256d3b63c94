"""The name of a file as somebody gave it, made fit to be shown and to be saved under."""

import unicodedata
from pathlib import PurePosixPath

from cases.models.attachment import LONGEST_NAME

LONGEST_ENDING = 16
UNSEEN = {
    "Cc",
    "Cf",
    "Cs",
    "Co",
    "Cn",
    "Zl",
    "Zp",
}  # what turns a line, its direction, or nothing that is seen


def cleaned(given: str) -> str:
    """Without folders and what cannot be seen, and not too long. What remains of nothing is "file"."""
    name = given.replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(" " if char.isspace() else char for char in unicodedata.normalize("NFC", name))
    name = "".join(char for char in name if unicodedata.category(char) not in UNSEEN)
    name = " ".join(name.split()).strip(". ") or "file"
    if len(name) <= LONGEST_NAME:
        return name
    ending = PurePosixPath(name).suffix[:LONGEST_ENDING]
    return name[: LONGEST_NAME - len(ending) - 1].rstrip() + "…" + ending
