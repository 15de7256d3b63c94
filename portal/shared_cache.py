"""Django's cache in PostgreSQL, for what all processes must agree on: how often somebody tried, and what counts once.

Each call is one statement that touches one row, so different keys never wait for each other. The table is unlogged:
a crash forgets it, and nothing of it is written twice.
"""

import json
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection

FOR_EVER = 10**9  # seconds
TAKE = """
    INSERT INTO cases_sharedcache AS held (key, value, expires_at)
    VALUES (%s, %s, clock_timestamp() + %s * interval '1 second')
    ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at
"""


class SharedCache(BaseCache):
    """Values are what JSON can hold."""

    def __init__(self, _: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> bool:
        """Of those who add the same key at once, one is told True."""
        taken = f"{TAKE} WHERE held.expires_at <= clock_timestamp() RETURNING true"
        return bool(self._ask(taken, [self._key(key, version), json.dumps(value), self._seconds(timeout)]))

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        held = "SELECT value FROM cases_sharedcache WHERE key = %s AND expires_at > clock_timestamp()"
        found = self._ask(held, [self._key(key, version)])
        return json.loads(found[0]) if found else default

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> None:
        self._ask(TAKE, [self._key(key, version), json.dumps(value), self._seconds(timeout)])

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> bool:
        longer = (
            "UPDATE cases_sharedcache SET expires_at = clock_timestamp() + %s * interval '1 second'"
            " WHERE key = %s AND expires_at > clock_timestamp() RETURNING true"
        )
        return bool(self._ask(longer, [self._seconds(timeout), self._key(key, version)]))

    def delete(self, key: Any, version: Any = None) -> bool:
        return bool(
            self._ask(
                "DELETE FROM cases_sharedcache WHERE key = %s RETURNING true", [self._key(key, version)]
            )
        )

    def clear(self) -> None:
        self._ask("DELETE FROM cases_sharedcache", [])

    def clear_expired(self) -> None:
        """Reads all of the table, which holds what was tried within the last hours."""
        self._ask("DELETE FROM cases_sharedcache WHERE expires_at <= clock_timestamp()", [])

    def _key(self, key: Any, version: Any) -> str:
        return self.make_key(key, version)

    def _seconds(self, timeout: Any) -> Any:
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return FOR_EVER if seconds is None else seconds

    def _ask(self, statement: str, values: list[Any]) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchone() if cursor.description else None
