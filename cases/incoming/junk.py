"""What the server that received a message says of it as junk."""

import re

from .headers import Headers

# Each of these headers, and what it says then. Servers put them above what came.
SAYS = {
    "x-spam-flag": r"yes",
    "x-spam-status": r"yes\b",
    "x-spam": r"yes\b",
    "x-rspamd-action": r"(?:reject|add header|rewrite subject)",
    "x-ms-exchange-organization-scl": r"[5-9]",
    "x-gm-spam": r"1",
    "x-barracuda-spam-status": r"yes\b",
}


def is_junk(headers: Headers, trusted: str) -> bool:
    """Whether it says so: where there is a trusted server, which puts its own word above all that came with the message."""
    return bool(trusted) and any(
        re.match(rf"\s*{says}", headers.get(name), re.IGNORECASE) for name, says in SAYS.items()
    )
