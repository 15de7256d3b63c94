"""Who follows a case, and what agents are told of: on the desk and by mail. Following is personal and leaves no event."""

import json
from contextlib import suppress

from django.db import connection, transaction
from django.utils import timezone

from cases.live.nudge import notices_topic, nudge
from cases.mail.notices import ask_for_mail_of_notices, ask_for_push_of_notices
from cases.models import Case, Event, Follow, Kind, Notification, Role, Severity, User, Way, Why
from cases.models.kinds import SPEAKS
from cases.models.notification import HAPPENINGS
from cases.models.people import agents
from cases.models.rights import Right, roles_with
from cases.queries.concerned import concerned_by
from cases.text.mentions import mentions_in

USUAL = json.dumps({why: sorted(happening.usual) for why, happening in HAPPENINGS.items()})


def follow(case: Case, *, by: User) -> None:
    """Tell this agent from now on of what happens in the case."""
    Follow.objects.bulk_create([Follow(case=case, agent=by)], ignore_conflicts=True)


def unfollow(case: Case, *, by: User) -> None:
    """Tell them no more, unless somebody mentions them."""
    Follow.objects.filter(case=case, agent=by).delete()


def notify(event: Event, *, mail: bool = True) -> list[int]:
    """Write a notice for each agent whom the event concerns, except for its author, and ask for their mail, each as they
    chose. Returns those who have it on the desk. Without `mail` nobody is mailed. What comes to spam concerns nobody.

    Belongs to the transaction that records the event, and costs the same however many it concerns.
    """
    if event.case.spam and event.role != Role.AGENT:
        return []
    mentioned = _mentioned(event) if event.kind == Kind.NOTE and "mailed_by" not in event.details else []
    if mentioned:
        Follow.objects.bulk_create(
            [Follow(case_id=event.case_id, agent_id=agent) for agent in mentioned], ignore_conflicts=True
        )
    told = [(agent, Why.MENTIONED) for agent in mentioned] + concerned_by(event)
    if event.kind not in SPEAKS and not told:
        return []
    ways = _write_notices(event, told, mail=mail)
    is_critical = event.case.severity == Severity.CRITICAL
    if not ways and is_critical and any(why in (Why.NEW, Why.CRITICAL) for _, why in told):
        ways = _write_notices(event, told, mail=mail, whatever_they_chose=True)
    ask_for_mail_of_notices([agent for agent, way in ways if way == Way.MAIL])
    ask_for_push_of_notices([agent for agent, way in ways if way == Way.PUSH])
    return [agent for agent, way in ways if way == Way.DESK]


def _mentioned(event: Event) -> list[int]:
    if "@" not in event.body:
        return []
    return [
        agent.pk
        for agent in mentions_in(event.body, agents(event.case)).agents
        if agent.pk != event.author_id
    ]


def _write_notices(
    event: Event, told: list[tuple[int, Why]], *, mail: bool, whatever_they_chose: bool = False
) -> list[tuple[int, Way]]:
    """One statement reads the followers, writes the notices of all, and what they are to be mailed.

    `told` names each for the most important reason first.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH concerned AS (
                SELECT DISTINCT ON (id) id, why FROM (
                    SELECT id, why, rank
                    FROM unnest(%(people)s::bigint[], %(whys)s::text[]) WITH ORDINALITY AS named (id, why, rank)
                    UNION ALL
                    SELECT agent_id, %(followed)s, NULL FROM cases_follow
                    WHERE case_id = %(case)s AND %(followers_too)s
                ) AS all_of_them ORDER BY id, rank
            ), told AS (
                SELECT person.id, concerned.why, way FROM concerned JOIN cases_user AS person USING (id)
                LEFT JOIN cases_noticechoice AS choice
                    ON choice.person_id = person.id AND choice.why = concerned.why AND NOT %(whatever)s
                CROSS JOIN LATERAL unnest(coalesce(
                    choice.ways, ARRAY(SELECT jsonb_array_elements_text(%(usual)s::jsonb -> concerned.why))
                )) AS way
                WHERE (limit_id IS NULL OR limit_id IN (
                    SELECT within.id FROM cases_limit AS within
                    WHERE %(system)s = ANY (within.systems) OR within.teams && %(teams)s::bigint[]
                )) AND (way <> %(push)s OR EXISTS (SELECT FROM cases_pushdevice WHERE person_id = person.id))
                AND is_active AND role = ANY(%(agents)s) AND person.id IS DISTINCT FROM %(author)s::bigint
            ), on_desk AS (
                INSERT INTO cases_notification (agent_id, event_id, why)
                SELECT id, %(event)s, why FROM told WHERE way = %(desk)s
            ), by_mail AS (
                INSERT INTO cases_tomail (person_id, event_id, why, way)
                SELECT id, %(event)s, why, way FROM told WHERE way <> %(desk)s AND %(mails)s
            )
            SELECT id, way FROM told WHERE way = %(desk)s OR %(mails)s ORDER BY id
            """,
            {
                "event": event.pk,
                "case": event.case_id,
                "author": event.author_id,
                "system": event.case.system_id,
                "teams": [event.case.team_id, event.case.escalated_to_id],
                "people": [agent for agent, _ in told],
                "whys": [why for _, why in told],
                "followed": Why.FOLLOWED,
                "followers_too": event.kind in SPEAKS,
                "usual": USUAL,
                "whatever": whatever_they_chose,
                "desk": Way.DESK,
                "push": Way.PUSH,
                "mails": mail,
                "agents": roles_with(Right.WORK_ON_CASES),
            },
        )
        return [(agent, Way(way)) for agent, way in cursor.fetchall()]


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
