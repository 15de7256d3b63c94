"""A message about something else goes on in a case of its own. It stays where it was said, too."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from cases.models import YES, Answer, Attachment, Case, Event, Kind, Refused, Role, System, User
from cases.queries.teams import team_of

from .events import now, record
from .tokens import already_recorded


def may_split(case: Case, event: Event) -> Answer:
    """Whether this may go on in a case of its own: what a customer wrote, in a case that goes on in no other one."""
    if case.merged_into_id:
        return Answer(f"Case {case.number} goes on in case {case.merged_into_id}. Separate the two first.")
    if case.spam:
        return Answer(f"Case {case.number} is marked as spam.")
    if event.kind != Kind.REPLY or event.role != Role.CUSTOMER:
        return Answer("Only what a customer wrote can go on in a case of its own.")
    return YES


@transaction.atomic
def split(
    case: Case,
    *,
    by: User,
    event: int,
    summary: str,
    system: System,
    attachments: Sequence[Attachment] = (),
    token: UUID | None = None,
) -> Case:
    """Open a case of the same customer with this message, by its number, and return it. Both cases say so.

    `attachments` are copies of its files. The customer is mailed as for any case that is opened for them. A form that
    was received before returns what it opened. Raises Refused for what nobody of a customer's side wrote.
    """
    case = case.locked()
    if already_recorded(token):
        return Case.objects.get(events__token=token)
    said = case.events.filter(sequence=event).select_related("author").first()
    if said is None:
        raise Refused("That message is no longer there.")
    may_split(case, said).check()
    team = team_of(system)
    new = Case.objects.create(
        system=system,
        summary=summary,
        customer=case.customer,
        customer_name=case.customer_name,
        first_name_given=case.first_name_given,
        organisation=case.organisation,
        unproven=case.unproven,
        claimed_email=case.claimed_email,
        opened_at=now(),
    )
    record(
        new,
        Kind.OPENED,
        by=by,
        token=token,
        details={"team": team.name} if team else {},
        severity=case.severity,
        team_id=team and team.pk,
    )
    author = said.author if said.author and said.author.sees(new) else case.customer
    record(
        new,
        Kind.REPLY,
        by=author,
        role=Role.CUSTOMER,
        body=said.body,
        attachments=attachments,
        mail=False,
        details={
            "said_at": said.details.get("said_at", said.at.isoformat()),
            **{name: said.details[name] for name in ("mailed_by", "forwarded_by") if name in said.details},
        },
    )
    record(new, Kind.SPLIT, by=by, details={"case": case.number})
    record(case, Kind.SPLIT, by=by, details={"case": new.number, "message": said.pk})
    return new
