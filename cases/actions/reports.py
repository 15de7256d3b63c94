"""What somebody reports, each report once: customers, visitors, and agents for a customer."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone

from cases.models import Attachment, Case, Refused, System, User, Viewer

from .accounts import customer_for
from .conversation import open_case, reply

SAME_REPORT = timedelta(minutes=15)


def report(
    *,
    by: Viewer,
    system: System,
    summary: str,
    description: str,
    attachments: Sequence[Attachment] = (),
    email: str = "",
    name: str = "",
    **said: Any,
) -> Case:
    """Return the case that this report opens, or the one that the same words opened a moment ago.

    The Back button sends a report again, as a new form: files that the case does not have yet are added to it.
    `email` and `name` are those that a visitor gives, or of the customer for whom an agent reports. `said` is what else
    `open_case` takes.
    """
    case = _same_report(by, email, system, summary, description)
    if case is None:
        if isinstance(by, User) and by.is_agent and not by.sees(Case(system=system)):
            raise Refused("You wouldn’t have access to this case. Ask someone who sees all cases to open it.")
        said |= {"system": system, "summary": summary, "description": description, "attachments": attachments}
        return open_case(by=by, **said, **_whose(by, email, name))
    known = set(case.attachments.values_list("sha256", flat=True))
    if new := [attachment for attachment in attachments if attachment.sha256 not in known]:
        reply(case, by=by, body="", attachments=new)
    return case


def _same_report(by: Viewer, email: str, system: System, summary: str, description: str) -> Case | None:
    recent = Case.objects.visible_to(by).filter(opened_at__gte=timezone.now() - SAME_REPORT)
    alike = recent.filter(system=system, summary=summary)
    if isinstance(by, User):
        alike = alike.filter(customer=User.objects.of_address(email) if email else by)
    else:
        alike = alike.filter(claimed_email=email)
    return alike.filter(events__sequence=2, events__body=description).first()


def _whose(by: Viewer, email: str, name: str) -> dict[str, Any]:
    """One's own case, the case of the customer whom an agent names, or of the address that a visitor claims."""
    if not isinstance(by, User):
        return {"claimed_email": email, "customer_name": name}
    if by.is_agent:
        return {"customer": customer_for(email, name), "customer_name": name}
    return {"customer": by}
