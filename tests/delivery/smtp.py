"""A mail server on loopback that says, step by step, what a test wants it to."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from email import message_from_bytes
from email.message import Message
from typing import Any, Self

from aiosmtpd.smtp import SMTP

Step = Callable[[], Awaitable[str | None]]


class MailServer:
    """Takes what it is given, on a port that the system chooses. `at["RCPT"]` answers in place of it."""

    def __init__(self) -> None:
        self.taken: list[Message] = []
        self.tried: list[str] = []  # to whom somebody began to send
        self.senders: list[str] = []  # where bounces go
        self.at: dict[str, Step] = {}
        self.port = 0
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever)

    def __enter__(self) -> Self:
        self.thread.start()
        self.open()
        return self

    def __exit__(self, *_: Any) -> None:
        self.shut()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    def open(self) -> None:
        """Listen, on the same port as before."""
        self.server = self._run(
            self.loop.create_server(lambda: SMTP(self, loop=self.loop), "127.0.0.1", self.port)
        )
        self.port = self.server.sockets[0].getsockname()[1]

    def shut(self) -> None:
        self.loop.call_soon_threadsafe(self.server.close_clients)
        self.loop.call_soon_threadsafe(self.server.close)
        self._run(self.server.wait_closed())

    def _run(self, doing: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(doing, self.loop).result(10)

    @property
    def mailer(self) -> dict[str, Any]:
        """The entry of MAILERS that sends here."""
        return {
            "default": {
                "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
                "OPTIONS": {"host": "127.0.0.1", "port": self.port, "timeout": 5},
            }
        }

    @property
    def ids(self) -> list[str]:
        return [message["Message-ID"] for message in self.taken]

    async def _answer(self, step: str) -> str:
        said = await self.at[step]() if step in self.at else None
        return said or "250 OK"

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        answer = await self._answer("MAIL")
        if answer.startswith("250"):
            self.senders.append(address)
            envelope.mail_from = address
        return answer

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        self.tried.append(address)
        answer = await self._answer("RCPT")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.taken.append(message_from_bytes(envelope.content))
        answer = await self._answer("DATA")
        if not answer.startswith("250"):
            self.taken.pop()
        return answer


def says(answer: str) -> Step:
    async def said() -> str:
        return answer

    return said
