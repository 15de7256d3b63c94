"""The progress of a case's clocks reads right to somebody who was not there."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.urls import reverse

from cases.actions import conversation, resolution, snooze, triage
from cases.actions.conversation import ReplyTerms
from cases.actions.events import history, record
from cases.models import BusinessHours, Kind, OpenHours, Policy, Severity, Target
from cases.wording.clocks import ROUNDS, clock_histories
from tests.factories import CaseFactory

HTMX = {"HX-Request": "true"}


def at(day, hour, minute=0):
    """A time in the week of Monday, 2 March 2026."""
    return datetime(2026, 3, 2, hour, minute, tzinfo=UTC) + timedelta(days=day)


MONDAY, FRIDAY, NEXT_MONDAY, NEXT_TUESDAY = 0, 4, 7, 8


@pytest.fixture
def policy(db):
    hours = BusinessHours.objects.create(name="Office", time_zone="UTC")
    for day in range(5):
        OpenHours.objects.create(business_hours=hours, day=day, opens=time(9), closes=time(17))
    policy = Policy.objects.create(name="Gold", usual=True, business_hours=hours)
    Target.objects.create(
        policy=policy, severity=Severity.HIGH, first_response=60, next_update=120, resolution=480
    )
    return policy


@pytest.fixture
def story(policy, cleo, ada):
    """Reported on Friday afternoon, slept on for forty minutes, a screenshot asked for, then the weekend."""
    with history(at(FRIDAY, 15)):
        case = CaseFactory(customer=cleo)
    with history(at(FRIDAY, 15, 25)):
        conversation.reply(case, by=ada, body="We look.", terms=ReplyTerms(promises=[]))
        case = case.locked()
        record(case, Kind.REQUESTED, by=ada, details={"request": "a screenshot"})
    with history(at(FRIDAY, 16)):
        conversation.reply(case, by=cleo, body="Here it is.")
    with history(at(FRIDAY, 16, 5)):
        conversation.reply(case, by=ada, body="And the log?", terms=ReplyTerms(promises=[]))
    with history(at(FRIDAY, 16, 10)):
        conversation.reply(case, by=cleo, body="Here.")
    with history(at(FRIDAY, 16, 20)):
        snooze.snooze(case, by=ada, until=at(FRIDAY, 17))
    with history(at(FRIDAY, 16, 50)):
        snooze.wake(case, by=ada)
    return case


def said(case, now):
    """What is said of each clock, by its name."""
    return {clock.name: " ".join(clock.sentences) for clock in clock_histories(case, now).clocks}


def test_tells_what_is_due_what_ran_and_what_did_not_count(story):
    assert said(story, at(NEXT_MONDAY, 10)) == {
        "First response": "Answered 6 Mar, 15:25, after 25 min of 1 h.",
        "Next update": "Due 9 Mar, 10:40. Ran 1 h 20 min of 2 h."
        " Paused 30 min while snoozed; 2 d 16 h outside business hours.",
        "Resolution": "Due 9 Mar, 16:10. Ran 1 h 50 min of 8 h."
        " Paused 35 min while waiting for a screenshot, 5 min while waiting for the customer,"
        " 30 min while snoozed; 2 d 16 h outside business hours.",
    }


def test_each_stretch_has_its_times(story):
    solved = clock_histories(story, at(NEXT_MONDAY, 10)).clocks[-1]
    assert [(f"{stretch.start:%a %H:%M}", words) for stretch, words in solved.stretches] == [
        ("Fri 15:00", "Ran 25 min"),
        ("Fri 15:25", "Paused 35 min while waiting for a screenshot"),
        ("Fri 16:00", "Ran 5 min"),
        ("Fri 16:05", "Paused 5 min while waiting for the customer"),
        ("Fri 16:10", "Ran 10 min"),
        ("Fri 16:20", "Paused 30 min while snoozed"),
        ("Fri 16:50", "Ran 1 h 10 min, 2 d 16 h outside business hours"),
    ]


def test_what_is_overdue_stays_so_while_it_is_paused(story, ada):
    assert said(story, at(NEXT_MONDAY, 12))["Next update"].startswith(
        "Overdue since 9 Mar, 10:40. Ran 3 h 20 min of 2 h."
    )
    with history(at(NEXT_MONDAY, 12)):
        snooze.snooze(story, by=ada, until=at(NEXT_TUESDAY, 12))
    assert said(story, at(NEXT_MONDAY, 14))["Next update"] == (
        "Overdue since 9 Mar, 10:40. Now paused while snoozed. Ran 3 h 20 min of 2 h."
        " Paused 2 h 30 min while snoozed; 2 d 16 h outside business hours."
    )


def test_a_clock_that_is_paused_says_why_and_what_is_left(story, ada):
    with history(at(NEXT_MONDAY, 10)):
        conversation.reply(story, by=ada, body="One more thing?", terms=ReplyTerms(promises=[]))
    assert said(story, at(NEXT_MONDAY, 11))["Resolution"].startswith(
        "Paused while waiting for the customer, with 6 h 10 min left. Ran 1 h 50 min of 8 h."
    )


def test_a_late_answer_is_told_as_such(policy, cleo, ada):
    with history(at(MONDAY, 10)):
        case = CaseFactory(customer=cleo)
    with history(at(MONDAY, 12, 30)):
        conversation.reply(case, by=ada, body="Sorry.", terms=ReplyTerms(promises=[]))
    assert said(case, at(MONDAY, 13))["First response"] == (
        "Answered 2 Mar, 12:30, too late: it was due 2 Mar, 11:00. Ran 2 h 30 min of 1 h."
    )


def test_a_resolution_ends_all_and_not_yet_lets_it_go_on(story, ada, cleo):
    with history(at(NEXT_MONDAY, 10)):
        resolution.resolve(story, by=ada, resolution="Mended.")
    assert said(story, at(NEXT_MONDAY, 11))["Resolution"].startswith(
        "Resolved 9 Mar, 10:00, after 1 h 50 min of 8 h. Paused"
    )
    with history(at(NEXT_MONDAY, 12)):
        resolution.decline(story, by=cleo)
    assert "2 h while resolved" in said(story, at(NEXT_MONDAY, 13))["Resolution"]


def test_of_many_updates_the_latest_are_told_and_the_others_counted(policy, cleo, ada):
    with history(at(MONDAY, 9)):
        case = CaseFactory(customer=cleo)
    for minute in range(0, 3 * (ROUNDS + 3), 3):
        with history(at(MONDAY, 9, minute)):
            conversation.reply(case, by=ada, body="And now?", terms=ReplyTerms(promises=[]))
        with history(at(MONDAY, 9, minute + 1)):
            conversation.reply(case, by=cleo, body="No.")
    clocks = clock_histories(case, at(MONDAY, 10))
    assert [clock.name for clock in clocks.clocks].count("Next update") == ROUNDS
    assert clocks.earlier == "3 earlier updates: 3 in time."


def test_what_came_as_a_document_has_none(story):
    type(story).objects.filter(pk=story.pk).update(imported=True)
    story.refresh_from_db()
    assert clock_histories(story, at(NEXT_MONDAY, 10)).clocks == []


class TestThePage:
    @pytest.fixture
    def case(self, policy, cleo):
        return CaseFactory(customer=cleo)

    def page(self, browser, case, name="desk_clocks", **headers):
        return browser.get(reverse(name, args=[case.number]), headers=headers)

    def test_shows_each_clock_with_its_state_on_the_case(self, browser_of, ada, case):
        text = self.page(browser_of(ada), case, "desk_case").text
        assert "How this was worked out" in text
        for name in ("First response", "Resolution"):
            assert f"<dt>{name}</dt>" in text
        conversation.reply(case, by=ada, body="Which one?", terms=ReplyTerms(promises=[]))
        text = self.page(browser_of(ada), case, "desk_case").text
        assert "Met" in text
        assert "Paused" in text

    def test_says_the_policy_and_the_whole_course(self, browser_of, ada, case):
        text = self.page(browser_of(ada), case).text
        assert "Service levels “Gold”, high severity." in text
        assert "Ran 0 min of 8 h." in text or "Ran less than a minute of 8 h." in text

    def test_is_fetched_alone_by_the_fold(self, browser_of, ada, case):
        text = self.page(browser_of(ada), case, **HTMX).text
        assert text.strip().startswith('<div id="clocks"')

    def test_says_that_a_case_whose_severity_nobody_stated_is_a_medium_one(self, browser_of, ada, case):
        triage.set_severity(case, by=ada, severity=Severity.UNSTATED)
        assert "as of medium severity, since none is stated" in self.page(browser_of(ada), case).text

    def test_says_that_there_are_none(self, browser_of, ada, case):
        Policy.objects.all().delete()
        assert "No service level applies to this case." in self.page(browser_of(ada), case).text

    def test_is_not_for_customers(self, browser_of, cleo, case):
        assert self.page(browser_of(cleo), case).status_code == 403
        text = self.page(browser_of(cleo), case, "case").text
        for word in ("Gold", "Clocks", "First response", "Overdue", "Due by"):
            assert word not in text

    def test_costs_the_same_after_many_updates(
        self, browser_of, ada, cleo, case, django_assert_max_num_queries
    ):
        for _ in range(20):
            conversation.reply(case, by=ada, body="And now?", terms=ReplyTerms(promises=[]))
            conversation.reply(case, by=cleo, body="No.")
        desk = browser_of(ada)
        self.page(desk, case)
        with django_assert_max_num_queries(8):
            self.page(desk, case)
