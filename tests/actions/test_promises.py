"""What agents promise is kept, moves on, is taken back, or is called broken, once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cases.actions import conversation, merging, promises, reminders, requests, resolution, triage
from cases.actions.conversation import ReplyTerms
from cases.clock.progress import ClockEventKind
from cases.models import Due, Promise, Refused, Role, WaitingOn
from cases.models.promise import PromiseTerms
from cases.queries.clock_events import events_of, moments
from cases.tasks import keep_time
from cases.wording.events import deed
from cases.wording.notices import news
from tests.factories import CaseFactory, TeamFactory

HOUR = timedelta(hours=1)
HALF = timedelta(minutes=30)


@pytest.fixture
def soon():
    return timezone.now() + HOUR


def fresh(case):
    case.refresh_from_db()
    return case


def passes(case, span):
    """Let time pass: everything that the case promised was promised so much earlier."""
    for one in case.promises.all():
        for field in ("made_at", "due_at", "next_check_at"):
            if at := getattr(one, field):
                setattr(one, field, at - span)
        one.save()
    at = fresh(case).promised_at
    type(case).objects.filter(pk=case.pk).update(promised_at=at and at - span, due_at=at and at - span)


def promised(case):
    return [one.outcome for one in case.promises.order_by("pk")]


def test_the_next_word_keeps_what_was_promised_by_hand(case, ada, soon):
    event = promises.promise(case, by=ada, due_at=soon)
    assert event.public
    assert deed(event).startswith("promised an update, the next one by")
    assert promises.promise(case, by=ada, due_at=soon) is None
    assert (fresh(case).promised_at, case.due_at, case.due_for) == (soon, soon, Due.PROMISE)
    conversation.reply(case, by=ada, body="Here it is.", terms=ReplyTerms(promises=[]))
    assert (fresh(case).promised_at, case.due_at, case.due_for) == (None, None, None)
    assert promised(case) == ["kept"]


def test_what_is_promised_by_hand_again_takes_the_place_of_what_was(case, ada, soon):
    promises.promise(case, by=ada, due_at=soon)
    promises.promise(case, by=ada, due_at=soon + HOUR)
    assert fresh(case).promised_at == soon + HOUR
    assert promised(case) == ["taken_back", ""]


def test_a_promise_is_taken_back_and_all_of_them(case, ada, soon):
    promises.promise(case, by=ada, due_at=soon)
    assert promises.take_back(case, by=ada, promise=case.promises.get().pk)
    assert fresh(case).promised_at is None
    assert promises.take_back(case, by=ada, promise=case.promises.get().pk) is None
    assert promises.take_all_back(case, by=ada) is None


def test_what_is_taken_back_is_told_in_the_zone_of_whoever_reads(case, ada, soon):
    promises.promise(case, by=ada, due_at=soon)
    with timezone.override("Asia/Tokyo"):
        event = promises.take_back(case, by=ada, promise=case.promises.get().pk)
    assert f"{soon:%H:%M}" in deed(event)


def test_while_a_reply_promises_more_it_stays_our_turn(case, ada, soon):
    conversation.reply(
        case, by=ada, body="More by three.", terms=ReplyTerms(promises=[PromiseTerms(soon, "by three")])
    )
    assert (fresh(case).waiting_on, case.promised_at) == (WaitingOn.US, soon)
    assert case.waiting_since == case.events.latest("sequence").at
    conversation.reply(case, by=ada, body="Is it better?", terms=ReplyTerms(promises=[]))
    assert (fresh(case).waiting_on, case.promised_at) == (WaitingOn.CUSTOMER, None)


def test_a_repeated_promise_moves_on_with_each_word_and_ends_with_the_resolution(case, ada):
    at = timezone.now()
    conversation.reply(
        case,
        by=ada,
        body="Updates every 30 minutes.",
        terms=ReplyTerms(promises=[PromiseTerms(at + HALF, "every 30", every=HALF)]),
    )
    conversation.reply(case, by=ada, body="Still at it.", terms=ReplyTerms(promises=[]))
    assert promised(case) == ["kept", ""]
    assert abs(fresh(case).promised_at - case.events.latest("sequence").at - HALF) < timedelta(seconds=1)
    assert case.waiting_on == WaitingOn.US
    resolution.resolve(case, by=ada, resolution="Mended.")
    assert promised(case) == ["kept", "kept"]
    assert fresh(case).promised_at is None


def test_the_next_update_of_a_repeated_promise_is_not_promised_twice(case, ada):
    at = timezone.now()
    conversation.reply(
        case, by=ada, body="a", terms=ReplyTerms(promises=[PromiseTerms(at + HALF, "every 30", every=HALF)])
    )
    conversation.reply(
        case,
        by=ada,
        body="b",
        terms=ReplyTerms(promises=[PromiseTerms(at + HALF, "in 30 minutes"), PromiseTerms(at + HOUR)]),
    )
    assert [(one.phrase, one.outcome) for one in case.promises.order_by("pk")] == [
        ("every 30", "kept"),
        ("every 30", ""),
        ("", ""),
    ]


def test_a_new_interval_takes_the_place_of_the_old_one(case, ada):
    at = timezone.now()
    conversation.reply(
        case, by=ada, body="a", terms=ReplyTerms(promises=[PromiseTerms(at + HALF, "every 30", every=HALF)])
    )
    conversation.reply(
        case, by=ada, body="b", terms=ReplyTerms(promises=[PromiseTerms(at + HOUR, "hourly", every=HOUR)])
    )
    assert promised(case) == ["kept", ""]
    assert fresh(case).promised_at == at + HOUR


def test_a_word_keeps_what_is_due_next_and_what_is_overdue_and_nothing_else(case, ada, soon):
    conversation.reply(
        case,
        by=ada,
        body="Two.",
        terms=ReplyTerms(
            promises=[PromiseTerms(soon, "by three"), PromiseTerms(soon + 24 * HOUR, "tomorrow")]
        ),
    )
    conversation.reply(case, by=ada, body="By three.", terms=ReplyTerms(promises=[]))
    assert promised(case) == ["kept", ""]
    assert fresh(case).promised_at == soon + 24 * HOUR


def test_the_author_says_which_promises_a_word_keeps(case, ada, soon):
    conversation.reply(
        case,
        by=ada,
        body="Two.",
        terms=ReplyTerms(promises=[PromiseTerms(soon, "by three"), PromiseTerms(soon + HOUR, "by four")]),
    )
    later = case.promises.get(phrase="by four")
    conversation.reply(case, by=ada, body="Four.", terms=ReplyTerms(promises=[], keeps=[later.pk]))
    assert {one.phrase: one.outcome for one in case.promises.all()} == {"by three": "", "by four": "kept"}
    conversation.reply(case, by=ada, body="Which browser?", terms=ReplyTerms(promises=[], keeps=[]))
    assert fresh(case).promised_at == soon


def test_the_customers_word_and_a_note_keep_nothing(case, ada, cleo, soon):
    promises.promise(case, by=ada, due_at=soon)
    conversation.reply(case, by=cleo, body="Hurry.")
    conversation.add_note(case, by=ada, body="I try.")
    assert fresh(case).promised_at == soon


def test_what_comes_too_late_is_kept_late(case, ada, soon):
    promises.promise(case, by=ada, due_at=soon)
    passes(case, 2 * HOUR)
    conversation.reply(case, by=ada, body="Sorry.", terms=ReplyTerms(promises=[]))
    assert promised(case) == ["late"]


def test_what_is_closed_owes_nothing_and_what_was_broken_stays_so(case, ada, soon):
    promises.promise(case, by=ada, due_at=soon)
    resolution.close(case, by=ada)
    assert promised(case) == ["ended"]
    other = CaseFactory()
    promises.promise(other, by=ada, due_at=soon)
    passes(other, 2 * HOUR)
    resolution.close(other, by=ada)
    assert promised(other) == ["broken"]


def test_what_nobody_can_keep_or_that_contradicts_itself_is_refused(case, ada, soon):
    with pytest.raises(Refused, match="has passed"):
        promises.promise(case, by=ada, due_at=timezone.now() - HALF)
    with pytest.raises(Refused, match="more than a year"):
        promises.promise(case, by=ada, due_at=timezone.now() + timedelta(days=3650))
    with pytest.raises(Refused, match="You promised two different intervals"):
        conversation.reply(
            case,
            by=ada,
            body="?",
            terms=ReplyTerms(promises=[PromiseTerms(soon, every=HALF), PromiseTerms(soon, every=HOUR)]),
        )
    with pytest.raises(Refused, match="Choose an interval between a minute and a month"):
        conversation.reply(
            case,
            by=ada,
            body="?",
            terms=ReplyTerms(promises=[PromiseTerms(soon, every=timedelta(seconds=1))]),
        )
    with pytest.raises(Refused, match="up to 10 open promises"):
        conversation.reply(case, by=ada, body="?", terms=ReplyTerms(promises=[PromiseTerms(soon)] * 11))
    resolution.close(case, by=ada)
    with pytest.raises(Refused, match="closed, so nothing can be promised"):
        promises.promise(case, by=ada, due_at=soon)
    assert not case.promises.exists()


def test_the_assignee_is_warned_before_and_told_with_the_lead_after_once(case, ada, abe, soon):
    team = TeamFactory(lead=abe)
    triage.assign(case, by=abe, assignee=ada)
    triage.assign_team(case, by=ada, team=team)
    promises.promise(case, by=ada, due_at=soon)
    ada.notices.all().delete()
    keep_time(0)
    assert not ada.notices.exists()
    passes(case, 46 * timedelta(minutes=1))
    keep_time(0)
    keep_time(0)
    assert [news(notice) for notice in ada.notices.all()] == [
        f"The promised update is due by {fresh(case).due_at:%H:%M}"
    ]
    assert not abe.notices.exists()
    passes(case, HOUR)
    keep_time(0)
    keep_time(0)
    assert [notice.why for notice in ada.notices.order_by("pk")] == ["warned", "broken"]
    assert [notice.why for notice in abe.notices.all()] == ["broken"]
    assert [event.kind for event in case.events.filter(role=Role.SYSTEM)] == ["warned", "broken"]
    assert case.promises.get().broken_at


def test_after_downtime_what_is_overdue_is_said_without_a_warning(ada, soon):
    cases = [CaseFactory() for _ in range(3)]
    for case in cases:
        promises.promise(case, by=ada, due_at=soon)
        passes(case, 3 * HOUR)
    keep_time(0)
    for case in cases:
        assert [event.kind for event in case.events.filter(role=Role.SYSTEM)] == ["broken"]


def test_an_answer_that_comes_first_leaves_nothing_to_be_called_broken(case, ada, soon):
    promises.promise(case, by=ada, due_at=soon)
    passes(case, 2 * HOUR)
    stale = case.promises.get()
    conversation.reply(case, by=ada, body="Here.", terms=ReplyTerms(promises=[]))
    assert reminders.act(stale, at=timezone.now()) is None


def test_many_promises_that_came_together_stop_nobodys_reply(case, ada, cleo, till, soon):
    into = CaseFactory(customer=cleo, system=till)
    for one in (case, into):
        words = [PromiseTerms(soon + number * HOUR, f"{number}") for number in range(10)]
        conversation.reply(one, by=ada, body="Much.", terms=ReplyTerms(promises=words))
    merging.merge(case, by=ada, into=into)
    assert conversation.reply(into, by=ada, body="The first of it.", terms=ReplyTerms(promises=[], keeps=[]))


def test_promises_go_with_a_case_that_is_merged_and_come_back(case, ada, cleo, till, soon):
    into = CaseFactory(customer=cleo, system=till)
    promises.promise(case, by=ada, due_at=soon)
    merging.merge(case, by=ada, into=into)
    assert (fresh(case).promised_at, fresh(into).promised_at) == (None, soon)
    merging.unmerge(case, by=ada)
    assert (fresh(case).promised_at, fresh(into).promised_at) == (soon, None)


def test_what_is_read_in_a_reply_waits_for_a_yes(case, ada, soon):
    event = conversation.reply(case, by=ada, body="Hm.", terms=ReplyTerms(promises=[]))
    promises.write(
        event, [PromiseTerms(soon, "within the hour"), PromiseTerms(soon, "shortly")], proposed=True
    )
    assert fresh(case).promised_at is None
    first, second = case.promises.order_by("pk")
    assert promises.accept(case, by=ada, promise=first.pk)
    assert promises.accept(case, by=ada, promise=first.pk) is None
    promises.dismiss(case, promise=second.pk)
    assert (fresh(case).promised_at, case.waiting_on) == (soon, WaitingOn.US)
    assert Promise.objects.get(case=case).outcome == ""


def test_a_reply_that_leaves_another_promise_running_leaves_the_turn_with_us(case, ada, soon):
    for number in (1, 2):
        word = PromiseTerms(soon + number * HOUR, f"word {number}")
        conversation.reply(case, by=ada, body="More.", terms=ReplyTerms(promises=[word], keeps=[]))
    first = case.promises.order_by("pk")[0]
    conversation.reply(case, by=ada, body="The first.", terms=ReplyTerms(promises=[], keeps=[first.pk]))
    assert (promised(case), fresh(case).waiting_on) == (["kept", ""], WaitingOn.US)
    conversation.reply(case, by=ada, body="The second.", terms=ReplyTerms(promises=[]))
    assert (promised(case), fresh(case).waiting_on) == (["kept", "kept"], WaitingOn.CUSTOMER)


def test_what_we_ask_for_while_a_promise_runs_leaves_the_turn_with_us(case, ada, soon):
    promises.promise(case, by=ada, due_at=soon)
    requests.ask(case, by=ada, what="a photo")
    assert fresh(case).waiting_on == WaitingOn.US
    assert [one.kind for one in moments(events_of(case))][-2:] == [
        ClockEventKind.PROMISED,
        ClockEventKind.UPDATED,
    ]
