"""Where attachments lie: a folder of ours. Files are whole or not there. `cases.files.s3` is the other place."""

import os
from collections.abc import Iterator
from contextlib import suppress
from typing import IO, Protocol, cast

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, storages

CHUNK = 256 * 1024


class Away(Exception):
    """The store does not answer, has no room, or has lost the file."""


class Folder(FileSystemStorage):
    """A folder outside of what the web server shows."""

    def keep(self, name: str, file: IO[bytes]) -> None:
        """Write it beside, and put it in its place when all of it is there."""
        path, draft = self.path(name), self.path(f"{name}.part")
        try:
            os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
            with open(draft, "wb", opener=_private) as out:
                for chunk in File(file).chunks(CHUNK):
                    out.write(chunk)
                out.flush()
                os.fsync(out.fileno())
            os.replace(draft, path)
        except OSError as error:
            with suppress(OSError):
                os.unlink(draft)
            raise Away(str(error)) from error

    def part(self, name: str, start: int, end: int) -> Iterator[bytes]:
        """The bytes from `start` up to `end`, a chunk at a time."""
        try:
            file = open(self.path(name), "rb")  # noqa: SIM115 - the iterator closes it
        except OSError as error:
            raise Away(str(error)) from error
        return _chunks(file, start, end)

    def drop(self, name: str) -> None:
        """Also what a process that was killed had begun of it."""
        try:
            for one in (name, f"{name}.part"):
                self.delete(one)
        except OSError as error:
            raise Away(str(error)) from error


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _chunks(file: IO[bytes], start: int, end: int) -> Iterator[bytes]:
    with file:
        file.seek(start)
        while start < end and (chunk := file.read(min(CHUNK, end - start))):
            start += len(chunk)
            yield chunk


class Store(Protocol):
    """What either place can do. Each raises Away."""

    def keep(self, name: str, file: IO[bytes]) -> None: ...
    def part(self, name: str, start: int, end: int) -> Iterator[bytes]: ...
    def drop(self, name: str) -> None: ...


def store() -> Store:
    return cast(Store, storages["attachments"])
