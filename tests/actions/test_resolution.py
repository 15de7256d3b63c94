from datetime import timedelta
from uuid import uuid4

import pytest

from cases.actions import conversation, merging, resolution
from cases.models import Area, Case, Event, Kind, Refused, Status, WaitingOn
from tests.factories import CaseFactory


@pytest.fixture
def resolved(case, ada):
    resolution.resolve(
        case,
        by=ada,
        resolution="Restarted the gateway.",
        root_cause="Certificate expired.",
        is_bug=True,
        area=Area.NETWORK,
    )
    case.refresh_from_db()
    return case


def test_resolving_keeps_what_was_done_and_asks_the_customer(resolved):
    assert resolved.status == Status.RESOLVED
    assert (resolved.resolution, resolved.root_cause) == ("Restarted the gateway.", "Certificate expired.")
    assert (resolved.is_bug, resolved.area) == (True, Area.NETWORK)
    assert resolved.resolved_at
    assert resolved.waiting_on == WaitingOn.CUSTOMER


def test_resolving_twice_is_recorded_once(resolved, ada):
    assert resolution.resolve(resolved, by=ada, resolution="Restarted the gateway.") is None


def test_who_resolves_in_other_words_after_somebody_else_is_told(resolved, abe):
    with pytest.raises(Refused, match="already resolved"):
        resolution.resolve(resolved, by=abe, resolution="Swapped the cable.")
    resolved.refresh_from_db()
    assert resolved.resolution == "Restarted the gateway."


def test_what_is_said_while_reopening_is_kept_when_somebody_else_was_quicker(case, ada, cleo):
    resolution.resolve(case, by=ada, resolution="Done.")
    resolution.reopen(case, by=ada)
    resolution.decline(case, by=cleo, body="Till two still refuses.")
    resolution.reopen(case, by=cleo, body="And till three.")
    assert [event.body for event in case.events.order_by("-sequence")[:2]] == [
        "And till three.",
        "Till two still refuses.",
    ]


def test_resolving_keeps_what_was_known_and_is_not_said_again(case, ada):
    resolution.resolve(case, by=ada, resolution="A.", root_cause="Known.", is_bug=False, area=Area.BACKEND)
    resolution.reopen(case, by=ada)
    resolution.resolve(case, by=ada, resolution="B.")
    case.refresh_from_db()
    assert (case.resolution, case.root_cause, case.is_bug, case.area) == ("B.", "Known.", False, Area.BACKEND)


class TestAResolutionThatNobodyAnswers:
    """It closes by itself, unless somebody says or does something before."""

    def closes_at(self, case):
        return Case.objects.get(pk=case.pk).closes_at

    def test_has_a_week(self, resolved):
        assert self.closes_at(resolved) == resolved.resolved_at + timedelta(hours=168)

    def test_has_as_long_as_is_set(self, case, ada, settings):
        settings.CONFIRM_HOURS = 1.5
        resolution.resolve(case, by=ada, resolution="Done.")
        case.refresh_from_db()
        assert case.closes_at - case.resolved_at == timedelta(minutes=90)

    def test_never_closes_where_that_is_set(self, case, ada, settings):
        settings.CONFIRM_HOURS = 0
        resolution.resolve(case, by=ada, resolution="Done.")
        assert self.closes_at(case) is None

    @pytest.mark.parametrize(
        "answer",
        [
            lambda case, ada, cleo: resolution.confirm(case, by=cleo),
            lambda case, ada, cleo: resolution.decline(case, by=cleo),
            lambda case, ada, cleo: resolution.decline(case, by=cleo, body="Not at till two."),
            lambda case, ada, cleo: conversation.reply(case, by=cleo, body="It is back."),
            lambda case, ada, cleo: resolution.reopen(case, by=ada),
            lambda case, ada, cleo: resolution.close(case, by=ada),
            lambda case, ada, cleo: resolution.close(case, by=None),
            lambda case, ada, cleo: merging.merge(case, by=ada, into=CaseFactory(customer=cleo)),
        ],
        ids=[
            "yes",
            "not yet",
            "not yet, with words",
            "reply",
            "reopened",
            "closed",
            "closed by time",
            "merged",
        ],
    )
    def test_does_not_once_it_is_answered(self, resolved, ada, cleo, answer):
        answer(resolved, ada, cleo)
        assert self.closes_at(resolved) is None

    def test_still_does_after_what_the_desk_says(self, resolved, ada):
        conversation.reply(resolved, by=ada, body="Tell us whether it is.")
        conversation.add_note(resolved, by=ada, body="Waiting.")
        assert self.closes_at(resolved)

    def test_has_its_whole_time_again_when_it_is_resolved_anew(self, resolved, ada, cleo):
        first = self.closes_at(resolved)
        resolution.decline(resolved, by=cleo)
        resolution.resolve(resolved, by=ada, resolution="Swapped the cable.")
        assert self.closes_at(resolved) > first


def test_a_closed_case_cannot_be_resolved(case, ada):
    resolution.close(case, by=ada)
    with pytest.raises(Refused, match="is closed and cannot become resolved"):
        resolution.resolve(case, by=ada, resolution="Late.")


def test_a_confirmed_fix_closes_the_case(resolved, cleo):
    event = resolution.confirm(resolved, by=cleo)
    resolved.refresh_from_db()
    assert (resolved.status, resolved.waiting_on) == (Status.CLOSED, WaitingOn.NOBODY)
    assert (event.kind, event.author) == (Kind.CONFIRMED, cleo)


def test_confirming_twice_is_recorded_once(resolved, cleo):
    resolution.confirm(resolved, by=cleo)
    assert resolution.confirm(resolved, by=cleo) is None


def test_nothing_is_confirmed_before_it_is_resolved(case, cleo):
    with pytest.raises(Refused, match="nothing to confirm"):
        resolution.confirm(case, by=cleo)


def test_not_yet_opens_the_case_again_with_the_customers_words(resolved, cleo):
    resolution.decline(resolved, by=cleo, body="Still refused at till two.")
    resolved.refresh_from_db()
    assert (resolved.status, resolved.waiting_on) == (Status.OPEN, WaitingOn.US)
    assert (resolved.resolved_at, resolved.resolution) == (None, "")
    assert [e.kind for e in resolved.events.order_by("-sequence")[:2]] == [Kind.REPLY, Kind.DECLINED]


def test_not_yet_said_twice_is_recorded_once(resolved, cleo):
    resolution.decline(resolved, by=cleo)
    assert resolution.decline(resolved, by=cleo) is None


@pytest.mark.parametrize("body", ["", "Still refused at till two."])
def test_not_yet_received_again_does_not_undo_a_later_resolution(resolved, ada, cleo, body):
    token = uuid4()
    resolution.decline(resolved, by=cleo, body=body, token=token)
    resolution.resolve(resolved, by=ada, resolution="Swapped the cable.")
    assert resolution.decline(resolved, by=cleo, body=body, token=token) is None
    resolved.refresh_from_db()
    assert resolved.resolution == "Swapped the cable."


def test_a_yes_that_comes_late_does_not_confirm_a_later_resolution(resolved, ada, cleo):
    first = resolved.resolved_at
    resolution.decline(resolved, by=cleo)
    resolution.resolve(resolved, by=ada, resolution="Swapped the cable.")
    with pytest.raises(Refused, match="resolved again"):
        resolution.confirm(resolved, by=cleo, resolved_at=first)
    resolved.refresh_from_db()
    assert resolved.status == Status.RESOLVED
    assert resolution.confirm(resolved, by=cleo, resolved_at=resolved.resolved_at)


def test_not_yet_after_closing_is_refused_with_a_way_out(case, ada, cleo):
    resolution.close(case, by=ada)
    with pytest.raises(Refused, match="Reopen it"):
        resolution.decline(case, by=cleo)


def test_closing_without_resolving_leaves_a_time_of_resolution(case, ada):
    resolution.close(case, by=ada)
    case.refresh_from_db()
    assert case.status == Status.CLOSED
    assert case.resolved_at


def test_closing_twice_is_recorded_once(case, ada):
    resolution.close(case, by=ada)
    assert resolution.close(case, by=ada) is None


def test_reopening_a_closed_case_waits_on_us_whoever_does_it(case, ada):
    resolution.close(case, by=ada)
    resolution.reopen(case, by=ada)
    case.refresh_from_db()
    assert (case.status, case.waiting_on) == (Status.OPEN, WaitingOn.US)


def test_reopening_carries_what_is_said_with_it(case, ada, cleo):
    resolution.close(case, by=ada)
    resolution.reopen(case, by=cleo, body="It is back.")
    assert case.events.latest("sequence").body == "It is back."


def test_a_reopening_received_again_does_not_open_what_was_closed_since(case, ada, cleo):
    token = uuid4()
    resolution.close(case, by=ada)
    resolution.reopen(case, by=cleo, body="It is back.", token=token)
    resolution.close(case, by=ada)
    assert resolution.reopen(case, by=cleo, body="It is back.", token=token) is None
    case.refresh_from_db()
    assert case.status == Status.CLOSED


def test_a_reopening_without_words_that_comes_late_does_not_open_what_was_resolved_anew(resolved, ada):
    first = resolved.resolved_at
    resolution.reopen(resolved, by=ada, resolved_at=first)
    resolution.resolve(resolved, by=ada, resolution="Swapped the cable.")
    with pytest.raises(Refused, match="resolved again"):
        resolution.reopen(resolved, by=ada, resolved_at=first)
    resolved.refresh_from_db()
    assert resolved.status == Status.RESOLVED


def test_an_open_case_is_not_reopened(case, ada):
    assert resolution.reopen(case, by=ada) is None


def test_the_whole_way_from_report_to_confirmed_fix(case, ada, cleo):
    conversation.reply(case, by=ada, body="Which till?")
    conversation.reply(case, by=cleo, body="All of them.")
    resolution.resolve(case, by=ada, resolution="Gateway restarted.")
    resolution.confirm(case, by=cleo)
    case.refresh_from_db()
    assert list(case.events.values_list("sequence", flat=True)) == list(range(1, 7))
    assert case.status == Status.CLOSED


def test_resolving_again_in_the_same_words_takes_over_what_else_is_said(case, ada, cleo):
    resolution.resolve(case, by=ada, resolution="Done.", root_cause="A cable.")
    public = Event.objects.visible_to(cleo).count()
    resolution.resolve(case, by=ada, resolution="Done.", root_cause="A disk.", is_bug=True, area="database")
    case.refresh_from_db()
    assert (case.root_cause, case.is_bug, case.area) == ("A disk.", True, "database")
    assert case.events.get(kind=Kind.NOTE).body == "Root cause: A disk.\n\nThis is a bug."
    assert Event.objects.visible_to(cleo).count() == public
    again = resolution.resolve(case, by=ada, resolution="Done.", root_cause="A disk.", is_bug=True)
    assert again is None
