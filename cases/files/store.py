"""Where attachments are stored: in a folder, or in S3 (`cases.files.s3`). A file is there whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import suppress
from typing import IO, Protocol, cast

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, storages

CHUNK = 256 * 1024


class StoreUnavailable(Exception):
    """The store does not answer, has no room, or does not have the file."""


class Folder(FileSystemStorage):
    """A folder that the web server does not serve."""

    def put(self, name: str, file: IO[bytes]) -> None:
        """Store a file: write it beside its place, and move it there when all of it is written."""
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
            raise StoreUnavailable(str(error)) from error

    def read_range(self, name: str, start: int, end: int) -> Iterator[bytes]:
        """Yield the bytes from `start` up to `end`, a chunk at a time."""
        try:
            file = open(self.path(name), "rb")  # noqa: SIM115 - the iterator closes it
        except OSError as error:
            raise StoreUnavailable(str(error)) from error
        return _chunks(file, start, end)

    def remove(self, name: str) -> None:
        """Remove a file, and what a process that was killed had begun of it."""
        try:
            for path in (name, f"{name}.part"):
                self.delete(path)
        except OSError as error:
            raise StoreUnavailable(str(error)) from error


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _chunks(file: IO[bytes], start: int, end: int) -> Iterator[bytes]:
    with file:
        file.seek(start)
        while start < end and (chunk := file.read(min(CHUNK, end - start))):
            start += len(chunk)
            yield chunk


class Store(Protocol):
    """What either store can do. Each raises StoreUnavailable."""

    def put(self, name: str, file: IO[bytes]) -> None: ...
    def read_range(self, name: str, start: int, end: int) -> Iterator[bytes]: ...
    def remove(self, name: str) -> None: ...


def store() -> Store:
    return cast(Store, storages["attachments"])
