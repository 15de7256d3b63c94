"""What the server that received a message found of its sender (RFC 8601)."""

import re

from .headers import Headers

RESULT = re.compile(r"\b(dmarc|dkim|spf)\s*=\s*(\w+)([^;]*)", re.IGNORECASE)
OF_DOMAIN = re.compile(r"\bheader\.(?:d|i)\s*=\s*@?([\w.-]+)", re.IGNORECASE)


def verdict_of(headers: Headers, sender: str, trusted: str) -> str:
    """ "pass" where the trusted server says that the domain of the sender sent it, "fail" where it says the opposite.

    Only its uppermost word counts: it stands above all that came with the message. Without a trusted server nothing does.
    """
    for value in headers.all("authentication-results") if trusted else ():
        server, _, found = value.partition(";")
        if (server.split() or [""])[0].lower() == trusted.lower():
            return _judged(found, sender.rpartition("@")[2].lower())
    return ""


def _judged(found: str, domain: str) -> str:
    results = [(kind.lower(), result.lower(), rest) for kind, result, rest in RESULT.findall(found)]
    dmarc = {result for kind, result, _ in results if kind == "dmarc"}
    if dmarc:
        return "pass" if dmarc == {"pass"} else "fail" if "fail" in dmarc else ""
    signed = [
        said[1].lower()
        for kind, result, rest in results
        if (kind, result) == ("dkim", "pass") and (said := OF_DOMAIN.search(rest))
    ]
    return "pass" if domain in signed else ""
