"""Mail that is not sent but kept in files, for Caseline's user alone: the codes that people sign in with are in it."""

import os
from typing import Any

from django.core.mail.backends.filebased import EmailBackend

from portal.modes import OURS, OURS_TO_READ


class KeptMail(EmailBackend):
    file_path: str
    stream: Any

    def open(self) -> bool:
        os.chmod(self.file_path, OURS)
        opened = bool(super().open())
        if opened:
            os.fchmod(self.stream.fileno(), OURS_TO_READ)
        return opened
