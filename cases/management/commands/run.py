"""The whole portal in one process, beside its PostgreSQL: what `make run` starts."""

import logging
import os
import resource
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection
from django.utils import timezone

from cases.actions import first_administrator
from cases.demo.sample import PASSWORD, SIGN_INS
from cases.models import Case, User
from portal import starting
from portal.database import embedded
from portal.protocol import Protocol

GRACE = 2  # seconds that open requests get when the server stops
SETTING_UP = 0x0CA5E  # the advisory lock of a start: two at once on one database take turns


class Command(BaseCommand):
    help = "Set up the database, load sample data into an empty one, and serve web and jobs."
    requires_system_checks = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--host", default=settings.HOST)
        parser.add_argument("--port", default=settings.PORT)

    def handle(self, *args: Any, host: str, port: str, **options: Any) -> None:
        _heed_signals()
        _or_say_why_not(lambda: starting.check_settings(host))
        listener = _listen(host, port)
        try:
            self._prepare()
            self._greet(host, listener.getsockname()[1])
            _serve(listener, self._end)
        except KeyboardInterrupt:
            self._end()

    def _end(self) -> None:
        """Leave at once: Python would first wait for every thread, and one may still be making a page."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not leave a server behind
        embedded.stop()
        self._say("\nStopped.")
        os._exit(0)

    def _prepare(self) -> None:
        with self._step("PostgreSQL" if os.environ.get("DATABASE_URL") else "The embedded PostgreSQL"):
            connection.ensure_connection()
        with self._step("Tables"):
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '5min'")
                cursor.execute("SELECT pg_advisory_lock(%s)", [SETTING_UP])
            call_command("migrate", verbosity=0)
        with self._step("Styles and scripts"):
            call_command("collectstatic", verbosity=0, interactive=False)
        if settings.DEMO and not Case.objects.exists() and not User.objects.exists():
            with self._step("Sample data"):
                call_command("sample", verbosity=0)
        if settings.DEMO:  # nobody who only tries it is kept out
            User.objects.filter(email__in=SIGN_INS).update(role_since=timezone.now())
        _or_say_why_not(starting.check_people)

    def _greet(self, host: str, port: int) -> None:
        shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
        address = f"http://{shown}:{port}"
        if not os.environ.get("CASELINE_URL"):
            settings.URL = address  # mail links to where we really listen
        self._say(f"\nCaseline is at {address}\n\n")
        known = {user.email: user for user in User.objects.filter(email__in=SIGN_INS)}
        if len(known) == len(SIGN_INS):
            self._say(f"Sign in with the password “{PASSWORD}” as")
            for email in SIGN_INS:
                user = known[email]
                self._say(f"  {user.get_role_display():<22} {user.email:<28} {user.name}")
        if first_administrator.is_missing():
            self._say(
                "Open this link to create the first administrator. It works once and expires in a day. Don’t share it."
            )
            self._say(f"  {first_administrator.link()}")
        if settings.SHOW_KEPT_MAIL:
            self._say(f"\nEmail is kept, not sent: {address}/mail/")
        self._say("Ctrl-C stops it.")
        connection.close()

    @contextmanager
    def _step(self, name: str) -> Iterator[None]:
        """A line that says what is being done, and how long it took."""
        began = time.monotonic()
        self._say(f"{name} … ", ending="")
        try:
            yield
        except Exception:
            self._say("failed")
            raise
        self._say(f"{time.monotonic() - began:.1f} s")

    def _say(self, words: str, ending: str = "\n") -> None:
        self.stdout.write(words, ending=ending)
        self.stdout.flush()


def _or_say_why_not(check: Callable[[], None]) -> None:
    try:
        check()
    except starting.Refused as refused:
        raise CommandError(str(refused)) from None


def _heed_signals() -> None:
    """SIGTERM, and a terminal that is closed, stop everything as Ctrl-C does."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) == signal.SIG_DFL:  # not so under nohup
        signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGTERM))


def _listen(host: str, port: str) -> socket.socket:
    """The open socket, so that a taken port is known before anything else is done."""
    if not (port.isascii() and port.isdecimal() and int(port) < 65536):
        raise CommandError(f"PORT is a number from 1 to 65535, not “{port}”.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named so that asyncio turns Nagle's delay off: else each answer waits 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, int(port)))
        listener.listen(2048)
    except OSError as error:
        listener.close()
        raise CommandError(
            f"Cannot listen on {host}:{port} ({error.strerror or error}). Another port: PORT=8001 make run"
        ) from None
    return listener


class Server(uvicorn.Server):
    """Ends the live streams as soon as it is told to stop, which uvicorn would wait for."""

    end: Callable[[], None]

    def handle_exit(self, sig: int, frame: Any) -> None:
        from portal.asgi import hub

        hub.end_streams()
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # a request cut short is no news
        await super().shutdown(sockets)
        self.end()


def _serve(listener: socket.socket, end: Callable[[], None]) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # each stream is an open file
    config = uvicorn.Config(
        "portal.asgi:application",
        http=Protocol,
        log_level="warning",
        lifespan="on",
        timeout_graceful_shutdown=GRACE,
        timeout_keep_alive=30,
        proxy_headers=False,  # portal.asgi sees to them, for any server
        server_header=False,
    )
    server = Server(config)
    server.end = end
    server.run(sockets=[listener])
