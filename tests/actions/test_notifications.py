import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from cases.actions import conversation, notifications, resolution, triage
from cases.actions.events import history
from cases.models import Follow, Kind, Notification, User
from tests.factories import CaseFactory, UserFactory

pytestmark = pytest.mark.django_db


def told(agent):
    """What the agent was told: of which kind of event, and why."""
    return list(Notification.objects.filter(agent=agent).order_by("pk").values_list("event__kind", "why"))


def followed_by(case):
    return {follow.agent for follow in case.follows.select_related("agent")}


def test_following_twice_is_following(case, ada):
    notifications.follow(case, by=ada)
    notifications.follow(case, by=ada)
    assert followed_by(case) == {ada}
    notifications.unfollow(case, by=ada)
    notifications.unfollow(case, by=ada)
    assert followed_by(case) == set()


def test_following_leaves_no_event(case, ada):
    before = case.events.count()
    notifications.follow(case, by=ada)
    assert case.events.count() == before


def test_who_follows_hears_of_messages_notes_and_turning_points(case, ada, abe, cleo):
    notifications.follow(case, by=ada)
    conversation.reply(case, by=cleo, body="Hello?")
    conversation.reply(case, by=abe, body="Which till?")
    conversation.add_note(case, by=abe, body="Hm.")
    resolution.resolve(case, by=abe, resolution="Done.")
    resolution.decline(case, by=cleo)
    resolution.close(case, by=abe)
    resolution.reopen(case, by=abe)
    kinds = ["reply", "reply", "note", "resolved", "declined", "reopened"]
    assert told(ada) == [(kind, "followed") for kind in kinds]


def test_who_follows_does_not_hear_of_details(case, ada, abe):
    notifications.follow(case, by=ada)
    triage.set_priority(case, by=abe, priority=1)
    triage.assign(case, by=abe, assignee=abe)
    resolution.close(case, by=abe)
    assert told(ada) == []


def test_nobody_hears_of_their_own_doing(case, ada):
    notifications.follow(case, by=ada)
    conversation.reply(case, by=ada, body="Which till?")
    conversation.add_note(case, by=ada, body="@ada, remember.")
    triage.assign(case, by=ada, assignee=ada)
    assert told(ada) == []


def test_who_is_given_a_case_hears_of_it(case, ada, abe):
    triage.assign(case, by=ada, assignee=abe)
    triage.assign(case, by=ada, assignee=None)
    assert told(abe) == [("assignee", "assigned")]


def test_who_is_given_a_case_by_nobody_hears_of_it(case, abe):
    triage.assign(case, by=None, assignee=abe)
    assert told(abe) == [("assignee", "assigned")]


def test_who_is_mentioned_hears_of_it_once_and_follows(case, ada, abe):
    notifications.follow(case, by=abe)
    conversation.add_note(case, by=ada, body="@abe and again @abe")
    assert told(abe) == [("note", "mentioned")]
    conversation.add_note(case, by=ada, body="Never mind.")
    assert told(abe) == [("note", "mentioned"), ("note", "followed")]
    assert followed_by(case) == {abe}


def test_a_mention_makes_a_follower(case, ada, abe, adam):
    conversation.add_note(case, by=ada, body="@abe @adam @ada")
    assert followed_by(case) == {abe, adam}


def test_an_at_in_a_reply_does_nothing(case, ada, abe, cleo):
    conversation.reply(case, by=ada, body="@abe will help.")
    conversation.reply(case, by=cleo, body="@abe help!")
    assert told(abe) == []
    assert followed_by(case) == set()


@pytest.mark.parametrize("fields", [{"is_active": False}, {"role": User.Role.CUSTOMER}])
def test_who_has_left_the_desk_is_told_no_more(case, ada, abe, fields):
    notifications.follow(case, by=abe)
    User.objects.filter(pk=abe.pk).update(**fields)
    conversation.add_note(case, by=ada, body="@abe?")
    assert told(abe) == []


def test_a_customer_cannot_be_mentioned(case, ada, cleo):
    conversation.add_note(case, by=ada, body="@cleo is right.")
    assert told(cleo) == []
    assert followed_by(case) == set()


def test_what_is_rolled_back_was_told_to_nobody(case, ada, abe):
    notifications.follow(case, by=abe)
    with transaction.atomic():
        conversation.add_note(case, by=ada, body="Hm.")
        transaction.set_rollback(True)
    assert told(abe) == []


def test_the_past_is_told_to_nobody(case, ada, abe):
    notifications.follow(case, by=abe)
    with history(case.opened_at):
        conversation.add_note(case, by=ada, body="@abe")
        triage.assign(case, by=ada, assignee=abe)
    assert told(abe) == []


def test_a_reply_costs_the_same_however_many_follow(ada, cleo, till):
    def cost(followers):
        case = CaseFactory(customer=cleo, system=till)
        for _ in range(followers):
            notifications.follow(case, by=UserFactory(role=User.Role.AGENT))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            conversation.reply(case, by=ada, body="Which till?")
        assert Notification.objects.filter(event__case=case).count() == followers
        return len(queries)

    assert cost(0) == cost(20)


def test_reading_a_case_reads_its_notices_and_no_other(case, ada, abe, cleo):
    other = CaseFactory(customer=cleo)
    for one in (case, other):
        notifications.follow(one, by=ada)
        notifications.follow(one, by=abe)
        conversation.reply(one, by=cleo, body="Hello?")
    notifications.read(case, by=ada)
    assert list(
        Notification.objects.filter(read_at=None, agent=ada).values_list("event__case", flat=True)
    ) == [other.pk]
    assert Notification.objects.filter(read_at=None, agent=abe).count() == 2
    notifications.read(by=ada)
    assert not Notification.objects.filter(read_at=None, agent=ada).exists()


def test_the_number_of_unread_is_known_to_a_hundred(case, ada):
    event = case.events.first()
    fresh = lambda: User.objects.get(pk=ada.pk).unread  # noqa: E731
    assert fresh() == 0
    conversation.add_note(case, by=None, body="@ada")
    assert fresh() == 1
    for _ in range(104):
        conversation.add_note(case, by=None, body="Hm.")
    assert fresh() == 100
    assert event.kind == Kind.OPENED
    assert Follow.objects.count() == 1
