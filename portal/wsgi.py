"""The pages alone, for a WSGI server. Without `/live/` they poll."""

import os
from collections.abc import Callable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
_django = get_wsgi_application()

from portal.database import driver  # noqa: E402 - it wants Django set up


def application(environ: dict[str, Any], start_response: Callable) -> Any:
    driver.hurry()
    return _django(environ, start_response)
