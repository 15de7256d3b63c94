"""Mail in: messages from files or from standard input, as a mail server hands them over."""

import argparse
import json
import logging
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand
from django.db import InterfaceError, OperationalError

from cases.actions.incoming import receive
from cases.files.store import StoreUnavailable

TRY_AGAIN = 75  # EX_TEMPFAIL, upon which mail servers keep the message and come back

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Take mail in, one message a file, or one from standard input. Prints a line of JSON for each. Exit status 0"
        " when every message is kept, 75 when the mail server should try again."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "files", nargs="*", type=Path, metavar="FILE", help="a message as it was received"
        )

    def handle(self, *args: Any, files: list[Path], **options: Any) -> None:
        failed = 0
        sources: list[Path | None] = [*files] or [None]
        for path in sources:
            try:
                raw = path.read_bytes() if path else sys.stdin.buffer.read()
                received = receive(raw, trusted=settings.MAIL_TRUSTED)
            except (OSError, OperationalError, InterfaceError, StoreUnavailable) as error:
                self.stderr.write(f"{path or 'Standard input'} could not be kept now: {error}")
                failed += 1
                continue
            mail, message = received.mail, received.message
            said = {
                "outcome": str(received.outcome),
                "case": mail.case_id,
                "event": mail.event.sequence if mail.event else None,
                "from": message.sender.address,
                "subject": message.subject,
                "text": message.text,
                "quoted": message.quoted,
                "attachments": [one.name for one in message.attachments],
                "reason": received.reason or None,
            }
            self.stdout.write(json.dumps(said, ensure_ascii=False))
        if failed:
            sys.exit(TRY_AGAIN)
