"""Settings of the tests: an embedded PostgreSQL of their own, that need not survive a power cut."""

import os
from pathlib import Path

os.environ.setdefault("CASELINE_HOME", str(Path(__file__).resolve().parent.parent / "var" / "test"))
os.environ["CASELINE_JOBS"] = "0"

from portal.database import embedded
from portal.settings import *

embedded.TUNING |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
for template in TEMPLATES:
    template["OPTIONS"]["debug"] = True
