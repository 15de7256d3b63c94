"""Names of files, made fit to be shown and to be saved under."""

import unicodedata
from pathlib import PurePosixPath

from cases.models.attachment import LONGEST_NAME

LONGEST_ENDING = 16
# Unicode categories of what breaks a line, turns its direction, or cannot be seen.
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def clean_name(given: str) -> str:
    """Return the name without folders and unseen characters, and not too long; "file" if nothing is left."""
    name = given.replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(" " if char.isspace() else char for char in unicodedata.normalize("NFC", name))
    name = "".join(char for char in name if unicodedata.category(char) not in UNSEEN)
    name = " ".join(name.split()).strip(". ") or "file"
    if len(name) <= LONGEST_NAME:
        return name
    ending = PurePosixPath(name).suffix[:LONGEST_ENDING]
    return name[: LONGEST_NAME - len(ending) - 1].rstrip() + "…" + ending
