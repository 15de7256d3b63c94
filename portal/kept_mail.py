"""Mail that is not sent but kept in files, for Caseline's user alone: the codes that people sign in with are in it."""

import os
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from django.core.mail.backends.filebased import EmailBackend

from portal.modes import OURS, OURS_TO_READ


class KeptMail(EmailBackend):
    file_path: str
    stream: Any

    def open(self) -> bool:
        os.chmod(self.file_path, OURS)
        if self.stream is None:  # Django names files by second and object, and the next letter may have both
            self._fname = os.path.join(self.file_path, f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{uuid4().hex}.log")
        opened = bool(super().open())
        if opened:
            os.fchmod(self.stream.fileno(), OURS_TO_READ)
        return opened
