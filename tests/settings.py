"""Settings of the tests: an embedded PostgreSQL of their own, that need not survive a power cut."""

import os
from pathlib import Path

for name in [name for name in os.environ if name.startswith("CASELINE_")] + ["DATABASE_URL", "HOST", "PORT"]:
    os.environ.pop(name, None)
os.environ["CASELINE_HOME"] = str(Path(__file__).resolve().parent.parent / "var" / "test")
os.environ["CASELINE_JOBS"] = "0"

from portal.database import embedded
from portal.settings import *

embedded.TUNING |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
# Plans are those of tables of which nothing is known, or what a test itself has had analyzed, whenever it runs.
embedded.TUNING["autovacuum_analyze_threshold"] = "2000000000"

DATABASES["default"]["NAME"] = f"test_{os.getpid()}"  # each worker of pytest-xdist has its own
DATABASES["default"]["CONN_MAX_AGE"] = 0  # each test begins with new connections

UNDO_SECONDS = 0  # most tests look at what was sent at once
UNTAKEN_MINUTES = 0  # most tests let time pass over cases that nobody takes
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "tests.static.Static"}}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
MAIL_GOES = True
for template in TEMPLATES:
    template["OPTIONS"]["debug"] = True
