"""Django's PostgreSQL backend, whose pages wait only so long, and which starts the embedded server when it does not run."""

from pathlib import Path
from typing import Any

from django.db.backends.postgresql import base

from . import driver, embedded

# A merge join reads from the start of an index to the last row that it needs: for an agent who came after all customers
# that is every user, and statistics say it is few.
PLANS: dict[str, Any] = {"enable_mergejoin": "off"}


class DatabaseWrapper(base.DatabaseWrapper):
    Database = driver

    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        if not self.settings_dict.get("EMBEDDED"):
            return params
        return params | {
            "host": embedded.start(Path(params["host"])),
            "port": embedded.PORT,
            "user": embedded.USER,
        }

    def init_connection_state(self) -> None:
        super().init_connection_state()
        kept = PLANS | driver.limits()
        settings = ", ".join(f"set_config('{name}', '{value}', false)" for name, value in kept.items())
        with self.connection.cursor() as cursor:
            cursor.execute(f"SELECT {settings}")
        self.connection.commit()
