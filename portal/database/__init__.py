"""Where the data lives: the embedded PostgreSQL, or the server that DATABASE_URL names."""

import os
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

NAME = "caseline"
CONNECT = 5  # seconds in which a server takes a connection


class Unreachable(psycopg.OperationalError):
    """No database can be had; the message says why and what to do."""


def configuration(url: str | None, home: Path) -> dict[str, Any]:
    """The `default` entry of Django's DATABASES.

    Connections stay open with their thread, since opening one costs more than most pages do.
    """
    kept_open = {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}
    if not url:
        return {
            "ENGINE": "portal.database",
            "EMBEDDED": True,
            "NAME": NAME,
            "HOST": str(home / "postgres"),
            "OPTIONS": {"connect_timeout": CONNECT},
        } | kept_open
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError:  # whose words may hold the password
        raise Unreachable(
            "DATABASE_URL is not a PostgreSQL address. It looks like postgresql://user:password@host:5432/name."
        ) from None
    # A server that vanished without a word is given up after half a minute.
    limits = {
        "connect_timeout": CONNECT,
        "tcp_user_timeout": 30_000,
        "keepalives_idle": 15,
        "keepalives_interval": 5,
    }
    return {
        "ENGINE": "portal.database",
        "NAME": parts.pop("dbname", NAME),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "OPTIONS": {**limits, **parts},
    } | kept_open


def explain(error: Exception) -> str:
    """One sentence for somebody at a terminal."""
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}. CASELINE_HOME names the folder that Caseline writes to."
    if isinstance(error.__cause__, Unreachable):
        error = error.__cause__
    reason = " ".join(str(error).split())
    if isinstance(error, Unreachable):
        return reason
    which = "The database that DATABASE_URL names" if os.environ.get("DATABASE_URL") else "The database"
    return f"{which} cannot be used: {reason}"
