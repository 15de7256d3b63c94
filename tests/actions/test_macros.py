import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from cases.actions import conversation, macros, resolution
from cases.models import Event, Kind, Macro, Refused, Status, User
from tests.factories import CaseFactory, UserFactory

pytestmark = pytest.mark.django_db


def kinds(case):
    return [event.kind for event in case.events.order_by("sequence")][2:]


@pytest.fixture
def everything(team):
    return Macro.objects.create(
        name="All",
        body="On it, {customer}.",
        status="investigating",
        severity=1,
        priority=2,
        area="network",
        assignee="me",
        team=team,
        tags=["billing", "card"],
        snooze_hours=24,
    )


def test_a_macro_sends_its_text_and_makes_its_changes_each_with_its_event(case, ada, team, everything):
    macros.apply(case, by=ada, macro=everything)
    assert kinds(case) == [
        "reply",
        "status",
        "severity",
        "priority",
        "area",
        "assignee",
        "team",
        "tags",
        "snoozed",
    ]
    case.refresh_from_db()
    assert (case.status, case.severity, case.priority, case.area) == ("investigating", 1, 2, "network")
    assert (case.assignee, case.team, case.tags) == (ada, team, ["billing", "card"])
    assert abs(case.snoozed_until - timezone.now() - timedelta(hours=24)) < timedelta(minutes=1)
    assert case.events.conversation().last().body == "On it, Cleo."


def test_it_says_in_words_what_it_changes(ada, everything):
    assert [change.words for change in macros.changes_of(everything, by=ada)] == [
        "status investigating", "severity critical", "priority P2", "area network", "assigned to you",
        "team Engineering", "tags billing, card", "snoozed for 1 day",
    ]  # fmt: skip


def test_what_is_already_so_leaves_no_event(case, ada, everything):
    macros.apply(case, by=ada, macro=everything)
    before = case.events.count()
    everything.body, everything.snooze_hours = "", None
    macros.apply(case, by=ada, macro=everything)
    assert case.events.count() == before


def test_what_is_left_out_is_not_changed(case, ada, everything):
    macros.apply(case, by=ada, macro=everything, only=["priority:2"])
    assert kinds(case) == ["reply", "priority"]


def test_tags_are_added_to_those_there_are(case, ada):
    macros.apply(case, by=ada, macro=Macro(name="x", tags=["b"]))
    macros.apply(case, by=ada, macro=Macro(name="x", tags=["a", "b"]))
    case.refresh_from_db()
    assert case.tags == ["a", "b"]


def test_typed_words_take_the_place_of_the_macros_own(case, ada):
    macros.apply(case, by=ada, macro=Macro(name="x", body="Template."), body="My own words.")
    assert case.events.last().body == "My own words."


def test_an_internal_macro_notes(case, ada):
    macros.apply(case, by=ada, macro=Macro(name="x", body="Hm, {customer}.", internal=True))
    event = case.events.last()
    assert (event.kind, event.public, event.body) == ("note", False, "Hm, Cleo.")


def test_the_text_of_a_macro_that_resolves_is_the_resolution(case, ada):
    macros.apply(case, by=ada, macro=Macro(name="x", body="We restarted it, {customer}.", status="resolved"))
    case.refresh_from_db()
    assert (case.status, case.resolution) == (Status.RESOLVED, "We restarted it, Cleo.")
    assert kinds(case) == ["resolved"]


@pytest.mark.parametrize("macro", [
    Macro(name="x", body="Still there?", tags=["a"], status="investigating"),
    Macro(name="x", internal=True, body="Hm.", priority=1, snooze_hours=1),
    Macro(name="x", tags=["a"], assignee="999999"),
])  # fmt: skip
def test_what_is_refused_leaves_nothing_half_done(case, ada, macro):
    resolution.resolve(case, by=ada, resolution="Done.")
    before = case.events.count()
    with pytest.raises(Refused):
        macros.apply(case, by=ada, macro=macro)
    case.refresh_from_db()
    assert (case.events.count(), case.tags, case.priority) == (before, [], None)


def test_it_is_refused_on_a_closed_case(case, ada):
    resolution.close(case, by=ada)
    with pytest.raises(Refused, match="closed"):
        macros.apply(case, by=ada, macro=Macro(name="x", body="Hello?", tags=["a"]))
    case.refresh_from_db()
    assert case.tags == []


def test_an_agent_who_has_left_gets_no_case(case, ada):
    gone = UserFactory(name="Gone", role=User.Role.AGENT, is_active=False)
    macro = Macro(name="x", body="Over to them.", assignee=str(gone.pk))
    assert macros.changes_of(macro, by=ada)[0].words == "assigned to someone who has left"
    with pytest.raises(Refused, match="no longer an agent"):
        macros.apply(case, by=ada, macro=macro)
    assert kinds(case) == []


@pytest.mark.parametrize("nobody", ["Ada", "²", "-1", "1.5", "9" * 20])
def test_an_assignee_that_makes_no_sense_gets_no_case(case, ada, nobody):
    macro = Macro(name="x", priority=1, assignee=nobody)
    with pytest.raises(Refused, match="no longer an agent"):
        macros.apply(case, by=ada, macro=macro)
    macros.apply(case, by=ada, macro=macro, only=["priority:1"])
    assert kinds(case) == ["priority"]


def test_a_form_received_twice_counts_once(case, ada):
    macro, token = Macro(name="x", body="Hm.", snooze_hours=5), uuid4()
    for _ in range(2):
        macros.apply(case, by=ada, macro=macro, body="Hm.", token=token)
    assert kinds(case) == ["reply", "snoozed"]


def test_each_of_many_cases_gets_its_own_words(ada, cleo, mallory):
    macro = Macro(name="x", body="Hello {customer}.", priority=1)
    for customer in (cleo, mallory):
        macros.apply(CaseFactory(customer=customer), by=ada, macro=macro)
    bodies = [event.body for event in Event.objects.filter(role="agent", kind=Kind.REPLY)]
    assert bodies == ["Hello Cleo.", "Hello Mallory."]


def test_a_macro_leaves_an_open_conversation_as_replies_do(case, ada):
    macros.apply(case, by=ada, macro=Macro(name="x", body="Which till?"))
    case.refresh_from_db()
    assert case.waiting_on == 1
    assert conversation.reply(case, by=case.customer, body="That one.")


@pytest.mark.django_db(transaction=True)
def test_two_agents_at_once_lose_neither_of_their_tags_and_send_one_form_once(case, ada, abe):
    gate, token, errors = threading.Barrier(4, timeout=20), uuid4(), []

    def send(agent, tag, token):
        gate.wait()
        try:
            macros.apply(
                case, by=agent, macro=Macro(name="x", body="Hm.", tags=[tag]), body="Hm.", token=token
            )
        except Exception as error:
            errors.append(error)
        connection.close()

    sent = [(ada, "a", token), (ada, "a", token), (abe, "b", uuid4()), (abe, "c", uuid4())]
    threads = [threading.Thread(target=send, args=args) for args in sent]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    case.refresh_from_db()
    assert errors == []
    assert case.tags == ["a", "b", "c"]
    assert kinds(case).count("reply") == 3
