"""Whoever is away keeps their cases. When one of these needs somebody, their team hears of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cases.actions import absences, conversation, promises, reminders, triage
from cases.models import AuditEntry, Kind, Notification, Refused, Severity
from cases.tasks import keep_time
from cases.wording.notices import news
from tests.factories import CaseFactory

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def away(person, by=None, start=-HOUR, end=DAY):
    now = timezone.now()
    return absences.say_away(person, by=by or person, start=now + start, end=now + end)


def told(kind):
    found = Notification.objects.filter(event__kind=kind).select_related("agent")
    return {(notice.agent.name, notice.why) for notice in found}


@pytest.fixture
def owned(team, till, ada, abe, lena, cleo):
    """A case of Abe's. Ada and Lena are in his team."""
    team.members.set([ada, abe, lena])
    till.team = team
    till.save()
    case = CaseFactory(customer=cleo, system=till)
    triage.assign(case, by=abe, assignee=abe)
    return case


def test_the_team_hears_when_the_customer_writes_to_somebody_who_is_away(owned, abe, lena, cleo):
    away(abe)
    away(lena)
    event = conversation.reply(owned, by=cleo, body="And now?")
    assert told(Kind.REPLY) == {("Abe", "replied"), ("Ada", "away")}
    assert news(Notification.objects.get(event=event, why="away")) == "Cleo wrote, and the assignee is away"


@pytest.mark.parametrize(("start", "end"), [(HOUR, DAY), (-2 * DAY, HOUR)])
def test_the_team_hears_nothing_before_somebody_goes_and_once_they_are_back(owned, abe, cleo, start, end):
    away(abe, start=start, end=end)
    if start < timedelta():
        absences.say_back(abe, by=abe)
    conversation.reply(owned, by=cleo, body="And now?")
    assert told(Kind.REPLY) == {("Abe", "replied")}


def test_the_team_hears_of_what_is_due_while_somebody_is_away(owned, abe):
    promises.promise(owned, by=abe, due_at=timezone.now() + HOUR)
    away(abe)
    reminders.act(owned.promises.get(), at=timezone.now() + HOUR - timedelta(minutes=1))
    assert told(Kind.WARNED) == {("Abe", "warned"), ("Ada", "away"), ("Lena", "away")}
    assert "is due by" in news(Notification.objects.filter(why="away").first())


def test_the_team_hears_when_a_case_of_somebody_away_becomes_critical(owned, abe, ada):
    away(abe)
    triage.set_severity(owned, by=ada, severity=Severity.CRITICAL)
    assert told(Kind.SEVERITY) == {("Abe", "critical"), ("Lena", "away")}


def test_administrators_hear_of_a_case_without_a_team(owned, abe, ada, adam, cleo):
    triage.assign_team(owned, by=ada, team=None)
    away(abe)
    conversation.reply(owned, by=cleo, body="And now?")
    assert ("Adam", "away") in told(Kind.REPLY)


@pytest.mark.parametrize(
    ("start", "end", "sentence"),
    [
        (HOUR, HOUR, "ends before it begins"),
        (-2 * DAY, -DAY, "has passed"),
        (DAY, 400 * DAY, "more than a year ahead"),
        (-400 * DAY, DAY, "more than a year ago"),
    ],
)
def test_an_absence_that_cannot_be_meant_is_refused(abe, start, end, sentence):
    with pytest.raises(Refused, match=sentence):
        away(abe, start=start, end=end)
    abe.refresh_from_db()
    assert not abe.goes_away


def test_a_lead_says_it_for_others_which_is_audited_and_an_agent_does_not(ada, abe, lena):
    with pytest.raises(Refused, match="Abe or a team lead says when Abe is away"):
        away(abe, by=ada)
    assert away(abe, by=lena)
    assert AuditEntry.objects.get(kind="person").details["changes"]["away"][0] == ""
    assert absences.say_back(abe, by=lena)
    assert not absences.say_back(abe, by=lena)
    assert AuditEntry.objects.filter(kind="person").count() == 2


def test_saying_it_again_as_it_is_changes_nothing(abe):
    now = timezone.now()
    span = {"start": now, "end": now + DAY}
    assert absences.say_away(abe, by=abe, **span)
    assert not absences.say_away(abe, by=abe, **span)


def test_time_passes_over_a_case_of_somebody_away(owned, abe):
    away(abe)
    keep_time(0)
    owned.refresh_from_db()
    assert owned.assignee == abe
