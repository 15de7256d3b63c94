"""Who follows a case, and what agents are told of on the desk. Following is personal and leaves no event."""

from contextlib import suppress

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from cases.live.nudge import notices_topic, nudge
from cases.mail.outbound import ask_for_mail_of_mention
from cases.models import Case, Due, Event, Follow, Kind, Notification, Team, User
from cases.models.kinds import SPEAKS
from cases.models.people import agents
from cases.models.rights import Right, roles_with
from cases.queries.deadlines import open_escalation
from cases.text.mentions import mentions_in


def follow(case: Case, *, by: User) -> None:
    """Tell this agent from now on of what happens in the case."""
    Follow.objects.bulk_create([Follow(case=case, agent=by)], ignore_conflicts=True)


def unfollow(case: Case, *, by: User) -> None:
    """Tell them no more, unless somebody mentions them."""
    Follow.objects.filter(case=case, agent=by).delete()


def notify(event: Event) -> list[int]:
    """Write a notice for each agent whom the event concerns, except for its author, and return them.

    Belongs to the transaction that records the event, and costs the same however many follow the case.
    """
    mentioned = _mentioned(event) if event.kind == Kind.NOTE and "mailed_by" not in event.details else []
    if mentioned:
        Follow.objects.bulk_create(
            [Follow(case_id=event.case_id, agent_id=agent) for agent in mentioned], ignore_conflicts=True
        )
    new_assignee = event.changes.get("assignee_id", [None, None])[1] if event.kind == Kind.ASSIGNEE else None
    concerned = _concerned(event)
    if event.kind not in SPEAKS and new_assignee is None and not concerned:
        return []
    notified = _write_notices(event, mentioned, new_assignee, concerned)
    ask_for_mail_of_mention(event, [agent for agent in mentioned if agent in notified])
    return notified


def _mentioned(event: Event) -> list[int]:
    if "@" not in event.body:
        return []
    return [
        agent.pk
        for agent in mentions_in(event.body, agents(event.case)).agents
        if agent.pk != event.author_id
    ]


def _concerned(event: Event) -> list[int]:
    """Whom it concerns though they need not follow the case: of what is due, who owes it; of what is overdue and
    of a bad rating, also who leads them."""
    case = event.case
    leads = Team.objects.filter(Q(pk=case.team_id) | Q(members=case.assignee_id), lead__isnull=False)
    owner = [case.assignee_id] if case.assignee_id else []
    match event.kind:
        case Kind.WARNED | Kind.BROKEN if event.details["due"] == Due.ESCALATION.name:
            return _concerned_of_escalation(event)
        case Kind.WARNED if case.assignee_id:
            return [case.assignee_id]
        case Kind.WARNED | Kind.BROKEN:
            return [*owner, *leads.values_list("lead", flat=True)]
        case Kind.ESCALATED | Kind.ANSWERED:
            return _concerned_of_escalation(event)
        case Kind.RATED if not event.details["good"]:
            return [*owner, *leads.values_list("lead", flat=True)]
    return []


def _concerned_of_escalation(event: Event) -> list[int]:
    """The team that is asked; of its answer, and of its silence, whoever asked and owns the case. Its silence rises to
    its lead, or while it has none to all of it."""
    asked = open_escalation(event.case)
    if asked is None:
        return []
    team = list(asked.team.members.values_list("pk", flat=True))
    askers = [pk for pk in (event.case.assignee_id, asked.by_id) if pk]
    match event.kind:
        case Kind.ANSWERED:
            return askers
        case Kind.BROKEN:
            return [*askers, *([asked.team.lead_id] if asked.team.lead_id else team)]
    return team


def _write_notices(
    event: Event, mentioned: list[int], assignee: int | None, concerned: list[int]
) -> list[int]:
    """One statement reads the followers and writes their notices."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO cases_notification (agent_id, event_id, why)
            SELECT id, %(event)s, CASE
                WHEN id = ANY(%(mentioned)s::bigint[]) THEN %(is_mentioned)s
                WHEN id = %(assignee)s THEN %(is_assigned)s
                WHEN id = ANY(%(concerned)s::bigint[]) THEN %(kind)s
                ELSE %(is_followed)s END
            FROM cases_user
            WHERE (limit_id IS NULL OR limit_id IN (
                SELECT within.id FROM cases_limit AS within
                WHERE %(system)s = ANY (within.systems) OR within.teams && %(teams)s::bigint[]
            )) AND id IN (
                SELECT agent_id FROM cases_follow WHERE case_id = %(case)s AND %(followers_too)s
                UNION SELECT unnest(%(mentioned)s::bigint[] || %(concerned)s::bigint[] || %(assignee)s::bigint)
            ) AND is_active AND role = ANY(%(agents)s) AND id IS DISTINCT FROM %(author)s::bigint
            RETURNING agent_id
            """,
            {
                "event": event.pk,
                "case": event.case_id,
                "author": event.author_id,
                "system": event.case.system_id,
                "teams": [event.case.team_id, event.case.escalated_to_id],
                "mentioned": mentioned,
                "assignee": assignee,
                "concerned": concerned,
                "kind": event.kind if event.kind in Notification.Why else Notification.Why.FOLLOWED,
                "followers_too": event.kind in SPEAKS,
                "is_mentioned": Notification.Why.MENTIONED,
                "is_assigned": Notification.Why.ASSIGNED,
                "is_followed": Notification.Why.FOLLOWED,
                "agents": roles_with(Right.WORK_ON_CASES),
            },
        )
        return [agent for (agent,) in cursor.fetchall()]


@transaction.atomic
def read(case: Case | None = None, *, by: User) -> None:
    """Mark as read what this agent was told of the case, or of all cases, and tell their other pages."""
    notices = Notification.objects.visible_to(by).filter(read_at=None)
    if case:
        notices = notices.filter(event__in=Event.objects.filter(case=case))
    if notices.update(read_at=timezone.now()):
        with suppress(AttributeError):
            del by.unread
        nudge(notices_topic(by.pk))
