"""Where the data lives: the embedded PostgreSQL, or the server that DATABASE_URL names."""

from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

NAME = "caseline"
MINIMUM = 15


class Unreachable(Exception):
    """No database can be had; the message says why and what to do."""


def configuration(url: str | None, home: Path) -> dict[str, Any]:
    """The `default` entry of Django's DATABASES.

    Connections stay open with their thread, since opening one costs more than most pages do.
    """
    kept_open = {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}
    if not url:
        return {"ENGINE": "portal.database", "NAME": NAME, "HOST": str(home / "postgres")} | kept_open
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError as error:
        raise Unreachable(
            f"DATABASE_URL is not a PostgreSQL address ({str(error).strip()}). "
            "It looks like postgresql://user:password@host:5432/name."
        ) from None
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", NAME),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "OPTIONS": {"connect_timeout": 5} | parts,
    } | kept_open


def explain(error: Exception) -> str:
    """One sentence for somebody at a terminal."""
    if isinstance(error, Unreachable):
        return str(error)
    reason = " ".join(str(error).split())
    return f"The database cannot be reached: {reason}. Check DATABASE_URL, or unset it to use the embedded one."
