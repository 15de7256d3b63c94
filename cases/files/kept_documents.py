"""Documents that an administrator previews, on disk until they are imported: a folder a preview, a document a file."""

import shutil
import time
import uuid
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from django.conf import settings

LONGEST_NAME = 200  # bytes: file systems take 255, with a number and an ending
FORGOTTEN = timedelta(days=1)  # after which nobody goes on with an import


def _place() -> Path:
    return settings.HOME / "imports"


def keep(documents: Iterable[tuple[str, str]]) -> str:
    """Write down documents, each with the name of the file that it came in, in order. Returns the folder's name."""
    folder = _place() / uuid.uuid4().hex
    folder.mkdir(mode=0o700, parents=True)
    for number, (name, text) in enumerate(documents):
        short = Path(name).name.encode()[-LONGEST_NAME:].decode(errors="ignore")
        (folder / f"{number:06} {short}.json").write_text(text)
    return folder.name


def waiting(name: str) -> list[Path] | None:
    """The files that are still to be imported, in order. None when the folder is not there."""
    folder = _place() / (name or "-")
    return sorted(folder.iterdir()) if folder.is_dir() else None


def forget(name: str) -> None:
    if name:
        shutil.rmtree(_place() / name, ignore_errors=True)


def sweep(older_than: timedelta = FORGOTTEN) -> None:
    """Throw away previews that nobody went on to import. What an import takes out of a folder keeps it young."""
    oldest = time.time() - older_than.total_seconds()
    for folder in _place().glob("*"):
        if folder.stat().st_mtime < oldest:
            shutil.rmtree(folder, ignore_errors=True)
