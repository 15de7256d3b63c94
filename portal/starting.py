"""What a portal refuses to start with: what everybody knows, and where everybody would be one."""

from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from django.conf import settings

from cases.demo.sample import known_sign_ins


class Refused(Exception):
    """The message is a sentence for whoever starts it."""


def check_settings(host: str = "127.0.0.1") -> None:
    """Raise Refused when pages would not work, or reach whom they are not for. `host` is where it listens."""
    for proxy in settings.PROXIES:
        try:
            ip_network(proxy)
        except ValueError:
            raise Refused(
                f"CASELINE_PROXIES names addresses and networks, as 127.0.0.1 or 10.0.0.0/8, and “{proxy}” is none."
            ) from None
    if settings.URL.startswith("https://") and not settings.PROXIES:
        raise Refused(
            "CASELINE_URL begins with https, so a proxy stands before Caseline. Name its address in CASELINE_PROXIES, "
            "such as 127.0.0.1: who is not named there is not believed where a visitor comes from."
        )
    public = [name for name in (host, urlsplit(settings.URL).hostname or "") if not _is_this_machine(name)]
    if settings.DEMO and public:
        raise Refused(
            f"CASELINE_DEMO=1, as make run sets it, is for this machine alone, since everyone knows its passwords, and "
            f"not for {public[0]}. Leave HOST and CASELINE_URL out, or CASELINE_DEMO."
        )


def check_people() -> None:
    """Raise Refused outside the demo when somebody can sign in with the password of the sample data."""
    if not settings.DEMO and (known := known_sign_ins()):
        more = f" and {len(known) - 1} more" if len(known) > 1 else ""
        raise Refused(
            f"{known[0]}{more} can sign in with the password of the sample data, which everyone knows. Deactivate them, "
            "give them another one with manage.py changepassword, or start with another database."
        )


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
