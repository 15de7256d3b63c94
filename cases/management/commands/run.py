"""The whole portal in one process, beside its PostgreSQL: what `make run` starts."""

import os
import signal
import socket
import sys
import time
from typing import Any

import uvicorn
from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection

from cases.models import Case, User
from portal.database import MINIMUM

GRACE = 3  # seconds that open requests get when the server stops


class Command(BaseCommand):
    help = "Set the database up, load sample data into an empty one, and serve web and jobs."
    requires_system_checks = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--host", default=os.environ.get("HOST") or "127.0.0.1")
        parser.add_argument("--port", default=os.environ.get("PORT") or "8000")

    def handle(self, *args: Any, host: str, port: str, **options: Any) -> None:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        listener = _listen(host, port)
        try:
            self._prepare()
            self._greet(host, listener.getsockname()[1])
            _serve(listener)
        except KeyboardInterrupt:
            pass
        finally:
            listener.close()
            connection.close()
        self.stdout.write("Stopped.")

    def _prepare(self) -> None:
        with self._step("PostgreSQL" if os.environ.get("DATABASE_URL") else "The embedded PostgreSQL"):
            connection.ensure_connection()
            version = connection.pg_version  # type: ignore[attr-defined]
            if version < MINIMUM * 10_000:
                raise CommandError(
                    f"PostgreSQL {version // 10_000} is too old: Caseline needs {MINIMUM} or later."
                )
        with self._step("Tables"):
            call_command("migrate", verbosity=0)
        with self._step("Styles and scripts"):
            call_command("collectstatic", verbosity=0, interactive=False)
        if not Case.objects.exists() and not User.objects.exists():
            with self._step("Sample data"):
                call_command("sample", verbosity=0)

    def _step(self, name: str) -> "Step":
        return Step(self, name)

    def _greet(self, host: str, port: int) -> None:
        from cases.sample import PASSWORD, SIGN_INS

        address = f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{port}"  # noqa: S104
        self.stdout.write(f"\nCaseline is at {address}\n\n")
        known = {user.email: user for user in User.objects.filter(email__in=SIGN_INS)}
        if len(known) == len(SIGN_INS):
            self.stdout.write(f"Sign in with the password “{PASSWORD}” as\n")
            for email in SIGN_INS:
                user = known[email]
                self.stdout.write(f"  {user.get_role_display():<14} {user.email:<28} {user.name}")
        if settings.SHOW_KEPT_MAIL:
            self.stdout.write(f"\nMail is not sent but kept: {address}/mail/")
        self.stdout.write("Ctrl-C stops it.\n")


class Step:
    """A line that says what is being done, and how long it took."""

    def __init__(self, command: BaseCommand, name: str) -> None:
        self.out, self.name = command.stdout, name

    def __enter__(self) -> None:
        self.began = time.monotonic()
        self.out.write(f"{self.name} … ", ending="")
        self.out.flush()

    def __exit__(self, kind: Any, *rest: Any) -> None:
        self.out.write(f"{time.monotonic() - self.began:.1f} s" if kind is None else "failed")


def _listen(host: str, port: str) -> socket.socket:
    """The open socket, so that a taken port is known before anything else is done."""
    if not port.isdigit() or not 0 <= int(port) < 65536:
        raise CommandError(f"PORT is a number from 1 to 65535, not “{port}”.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
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

    def handle_exit(self, sig: int, frame: Any) -> None:
        from portal.asgi import hub

        hub.end_streams()
        super().handle_exit(sig, frame)


def _serve(listener: socket.socket) -> None:
    config = uvicorn.Config(
        "portal.asgi:application",
        log_level="warning",
        lifespan="on",
        timeout_graceful_shutdown=GRACE,
        timeout_keep_alive=30,
        proxy_headers=False,
        server_header=False,
    )
    Server(config).run(sockets=[listener])
