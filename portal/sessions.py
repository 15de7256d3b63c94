"""Sessions in the database. A key that we cannot have given is none, whoever reads it: pages and streams."""

from django.contrib.sessions.backends import base, db


class SessionStore(db.SessionStore):
    def __init__(self, session_key: str | None = None) -> None:
        # PostgreSQL takes no NUL, for one.
        super().__init__(session_key if set(session_key or "") <= set(base.VALID_KEY_CHARS) else None)
