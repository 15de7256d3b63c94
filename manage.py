#!/usr/bin/env python
"""Caseline's command line."""

import errno
import os
import sys

if sys.version_info < (3, 12):  # said in words that the oldest Python can read
    sys.exit("Caseline needs Python 3.12 or later; this is " + sys.version.split()[0] + ".")


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    from django.core.management import execute_from_command_line
    from django.db import NotSupportedError, OperationalError

    from portal.database import Unreachable, explain

    try:
        execute_from_command_line(sys.argv)
    except (OperationalError, NotSupportedError, Unreachable) as error:
        sys.exit(explain(error))
    except OSError as error:
        if error.errno not in (errno.EACCES, errno.EEXIST, errno.EROFS, errno.ENOTDIR, errno.ENOSPC):
            raise
        sys.exit(explain(error))


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
