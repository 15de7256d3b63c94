"""Django's PostgreSQL backend, which starts the embedded server before a connection when it does not run."""

from pathlib import Path
from typing import Any

from django.db.backends.postgresql import base

from . import embedded


class DatabaseWrapper(base.DatabaseWrapper):
    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        return params | {
            "host": embedded.start(Path(params["host"])),
            "port": embedded.PORT,
            "user": embedded.USER,
        }
