"""A case in which there is something of everything, with one word in all that anybody wrote."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from cases.actions import (
    attachments,
    conversation,
    drafts,
    escalations,
    incident_updates,
    incidents,
    merging,
    notifications,
    promises,
    radar,
    requests,
    resolution,
    snooze,
    triage,
)
from cases.models import Case, Priority, ReceivedMail, Severity, Suggestion, System, User
from tests.factories import CaseFactory, OrganisationFactory, TeamFactory, UserFactory, upload


def customer(word: str, name: str) -> User:
    organisation = OrganisationFactory(name=f"{word} of {name}")
    return UserFactory(name=f"{name} {word}", email=f"{word}.{name}@example.com", organisation=organisation)


def reported(word: str, system: System, name: str, by: User | None = None) -> Case:
    """Several of these read like one outage."""
    return CaseFactory(
        system=system,
        customer=by or customer(word, name),
        customer_name=f"{name} {word}",
        summary=f"{word}: customers cannot complete the checkout",
        description=f"{word}: nobody can pay since nine. It is every till.",
    )


def case_with_everything(word: str, system: System, by: User, told: User) -> Case:
    """Merged, linked, escalated, promised, asked for, tagged, with a file, a draft and an incident; `by` is its agent,
    and `told` is mentioned in it and follows it."""
    case = reported(word, system, "main")
    others = [reported(word, system, name, case.customer) for name in ("merged", "linked")]
    team = TeamFactory()
    team.members.add(by)
    triage.assign(case, by=by, assignee=by)
    triage.assign_team(case, by=by, team=team)
    triage.set_tags(case, by=by, tags=[word])
    triage.set_priority(case, by=by, priority=Priority.P1)
    notifications.follow(case, by=told)
    conversation.add_note(case, by=by, body=f"@{told.name} {word}: look")
    merging.merge(others[0], by=by, into=case)
    merging.link(case, by=by, other=others[1])
    file: dict[str, Any] = {"attachments": [attachments.receive(upload(f"{word}.png"), by=case.customer)]}
    conversation.reply(case, by=case.customer, body=f"{word} once more", **file)
    requests.ask(case, by=by, what=f"the {word}")
    promises.promise(case, by=by, due_at=timezone.now() + timedelta(hours=1))
    escalations.escalate(case, by=by, team=team, note=f"{word}?")
    drafts.keep(case, by=by, kind="reply", fields={"body": f"{word} is"}, seen=0)
    incident = incidents.open_incident(
        system=system,
        title=f"{word} is down",
        by=by,
        severity=Severity.HIGH,
        public=False,
        cases=[case.number],
    )
    incident_updates.add_note(incident, by=by, body=f"{word} of the incident")
    ReceivedMail.objects.create(case=case, digest=word, subject=f"{word} again", folded=f"> {word}", size=1)
    solved = reported(word, system, "solved")
    resolution.resolve(solved, by=by, resolution=f"{word} is mended", root_cause=f"{word} broke")
    asleep = reported(word, system, "asleep")
    snooze.snooze(asleep, by=by, until=timezone.now() + timedelta(days=1))
    for name in ("first", "second"):
        radar.judge(reported(word, system, name))
    assert Suggestion.objects.exists()
    case.refresh_from_db()
    return case
