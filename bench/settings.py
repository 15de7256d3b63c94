"""Caseline's settings, and one page more: the floor that the others are compared with."""

from portal.settings import *  # noqa: F403
from portal.settings import BASE_DIR, TEMPLATES

ROOT_URLCONF = "bench.urls"
TEMPLATES[0]["DIRS"] = [*TEMPLATES[0]["DIRS"], BASE_DIR / "bench" / "templates"]
UNDO_SECONDS = 0  # how soon a reply is seen is measured from when it is sent
