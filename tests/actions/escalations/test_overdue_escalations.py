"""A team that does not answer in time."""

import pytest
from django.utils import timezone

from cases.actions import conversation, escalations, notifications
from cases.actions.conversation import ReplyTerms
from cases.models import (
    Case,
    Due,
)
from cases.tasks import keep_time
from cases.wording.events import sentence
from tests.factories import CaseFactory

from .test_escalations import MINUTE, fresh, kinds, news, running

pytestmark = pytest.mark.django_db


def pass_time(case, *, warned):
    """As if the answer were due in a minute, or since a minute."""
    due_at = timezone.now() + (MINUTE if warned else -MINUTE)
    case.escalations.filter(ended_at=None).update(due_at=due_at, next_check_at=timezone.now() - 2 * MINUTE)
    Case.objects.filter(pk=case.pk).update(due_at=due_at)
    keep_time(0)


def test_the_team_is_warned_before_its_answer_is_due(asked, ada, bea, backend):
    notifications.read(by=bea)
    pass_time(asked, warned=True)
    assert kinds(asked)[-1] == "warned"
    assert ("warned", "warned") in news(bea)
    assert ("warned", "warned") not in news(ada)


def test_what_is_not_answered_rises_once_to_the_lead_and_the_owner(asked, ada, abe, bea, backend):
    backend.lead = abe
    backend.save()
    CaseFactory()
    pass_time(asked, warned=False)
    keep_time(0)
    assert kinds(asked).count("broken") == 1
    assert sentence(asked.events.latest("sequence")).startswith(
        "Caseline noticed: the team's answer has been overdue"
    )
    assert ("broken", "broken") in news(abe)
    assert ("broken", "broken") in news(ada)
    assert ("broken", "broken") not in news(bea)
    assert running(asked).broken_at
    escalations.answer(asked, by=bea, note="Sorry.")
    row = asked.escalations.get()
    assert row.answered
    assert row.broken_at


def test_without_a_lead_it_rises_to_the_whole_team(asked, bea):
    pass_time(asked, warned=False)
    assert ("broken", "broken") in news(bea)


def test_an_overdue_answer_stays_what_is_due_first(asked, ada):
    pass_time(asked, warned=False)
    conversation.reply(asked, by=ada, body="We look into it.", terms=ReplyTerms(promises=[]))
    case = fresh(asked)
    assert (case.due_at, case.due_for) == (running(asked).due_at, Due.ESCALATION)
