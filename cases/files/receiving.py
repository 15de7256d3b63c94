"""Upload handlers: large files go to disk, too many or too large ones are left out, and nothing is a 500.

What is left out is noted by its handler, so that a form can say so beside what was taken.
"""

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest

from cases.models.attachment import MOST_IN_A_MESSAGE

from .names import clean_name

MB = 1024 * 1024


def largest() -> int:
    """Return how many bytes a file may have."""
    return settings.ATTACHMENT_MB * MB


def too_large(name: str) -> str:
    """Return a sentence for a file that is too large."""
    return f"“{clean_name(name)}” is too large: a file may have up to {settings.ATTACHMENT_MB} MB."


def _noted(request: HttpRequest) -> dict[str, Any]:
    """What the handler that bounds uploads has noted so far."""
    handlers = (handler for handler in request.upload_handlers if isinstance(handler, Bounds))
    return next((handler.noted for handler in handlers), {"sentences": [], "many": 0})


def _noted_of_all(request: HttpRequest) -> dict[str, Any]:
    _ = request.FILES  # which reads them
    return _noted(request)


def too_many(request: HttpRequest) -> int:
    """How many files of this request were not taken because more came than fit."""
    return _noted_of_all(request)["many"]


def left_out(request: HttpRequest) -> list[str]:
    """A sentence for each file of this request that was not taken, and one for all that were too many."""
    noted = _noted_of_all(request)
    many = noted["many"]
    word = "file was" if many == 1 else "files were"
    return noted["sentences"] + (
        [f"{MOST_IN_A_MESSAGE} files fit in one message: {many} {word} left out."] if many else []
    )


class Bounds(FileUploadHandler):
    """Stands before the handlers that keep, and keeps from them what is too large or too much.

    A view that takes more than a message does says how many by its attribute `most_files`.
    """

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.count, self.most = 0, MOST_IN_A_MESSAGE
        self.noted: dict[str, Any] = {"sentences": [], "many": 0}

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        match = getattr(self.request, "resolver_match", None)
        self.most = getattr(match and match.func, "most_files", MOST_IN_A_MESSAGE)

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.count += 1

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        # Not before: Django closes what the other handlers hold, which must not be the file before this one.
        if self.count > self.most:
            self.noted["many"] += 1
            raise SkipFile
        if start + len(raw_data) > largest():
            self.noted["sentences"].append(too_large(self.file_name or ""))
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> UploadedFile | None:
        return None


class OnDisk(TemporaryFileUploadHandler):
    """Stores uploads on disk. When the disk is full it leaves out the file, not the form that came with it."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        try:
            super().new_file(*args, **kwargs)
        except OSError:
            self.__dict__.pop("file", None)  # the one before this, which Django would close
            self._leave_out(args[1])

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError:
            self._leave_out(self.file_name or "")

    def _leave_out(self, name: str) -> None:
        sentence = f"We have no room for “{clean_name(name)}” just now. Try again in a moment."
        _noted(self.request)["sentences"].append(sentence)  # type: ignore[arg-type]
        raise SkipFile
