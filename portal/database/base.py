"""Django's PostgreSQL backend, which starts the embedded server before its first connection."""

from pathlib import Path
from typing import Any

from django.db.backends.postgresql import base

from . import embedded


class DatabaseWrapper(base.DatabaseWrapper):
    def get_connection_params(self) -> dict[str, Any]:
        server = embedded.start(Path(self.settings_dict["HOST"]))
        return super().get_connection_params() | {"host": server.host, "user": server.user, "port": server.port}
