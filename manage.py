#!/usr/bin/env python
"""Caseline's command line."""

import os
import sys

if sys.version_info < (3, 12):
    sys.exit(f"Caseline needs Python 3.12 or later; this is {sys.version.split()[0]}.")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    from portal.database import Unreachable, explain

    try:
        execute_from_command_line(sys.argv)
    except (OperationalError, Unreachable) as error:
        sys.exit(explain(error))


if __name__ == "__main__":
    main()
