"""Settings of a worker in a process of its own, on the database of the test that starts it."""

import os

from tests.settings import *  # noqa: F403 - settings too
from tests.settings import DATABASES

DATABASES["default"]["NAME"] = os.environ["WORKERS_DATABASE"]
MAILERS = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {"host": "127.0.0.1", "port": int(os.environ["WORKERS_MAIL_PORT"]), "timeout": 5},
    }
}
