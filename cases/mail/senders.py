"""As whom a mail about a case goes out."""

from email.utils import formataddr, parseaddr

from django.conf import settings

from cases.models import Case, System, Team
from cases.models.sender import MailSender
from cases.queries.brand import brand


def sender_of(case: Case) -> MailSender | None:
    """The team of a case, or else its system, where it has a sender of its own."""
    return next((one for one in (case.team, case.system) if one and one.mails_as), None)


def from_header(sender: MailSender | None) -> str:
    """The name and the address that readers see. Bounces go to ours, whatever they are."""
    name, address = parseaddr(settings.MAIL_FROM)
    ours = name or brand().name
    if sender is None:
        return formataddr((ours, address))
    return formataddr((_one_line(sender.mail_name) or ours, sender.mail_address or address))


def named(sender: MailSender | None, address: str) -> str:
    """An address to answer to, with the name of the sender, where it has one."""
    return formataddr((_one_line(sender.mail_name), address)) if sender else address


def _one_line(name: str) -> str:
    return " ".join(name.split())


def is_a_senders(address: str) -> bool:
    """Whether a team or a system mails from this address, in its one spelling."""
    return any(model.objects.filter(mail_address=address).exists() for model in (Team, System))


def is_at_our_domain(address: str) -> bool:
    """Whether its domain is that of the sender for all, for which the mail server may surely send."""
    ours = parseaddr(settings.MAIL_FROM)[1].rpartition("@")[2].lower()
    domain = address.rpartition("@")[2]
    return domain == ours or domain.endswith(f".{ours}")
