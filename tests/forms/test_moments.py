"""Times that people choose on a clock that is set forward and back."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from cases.forms import MomentForm, moments
from cases.forms.composer import PromiseFormSet, Row, field_time
from cases.models.promise import PromiseTerms

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def at(monkeypatch):
    """Makes it a time in Berlin."""

    def made(*parts, fold=0):
        now = datetime(*parts, tzinfo=BERLIN, fold=fold).astimezone(UTC)
        monkeypatch.setattr("django.utils.timezone.now", lambda: now)

    with timezone.override(BERLIN):
        yield made


def chosen(text):
    form = MomentForm("until", moments.SNOOZE, {"at": text})
    assert form.is_valid(), form.errors
    return form.cleaned_data["until"]


def test_a_time_that_the_clock_leaves_out_is_as_much_later(at):
    at(2026, 3, 28, 12)
    assert chosen("2026-03-29T02:30") == datetime(2026, 3, 29, 3, 30, tzinfo=BERLIN)


def test_of_a_time_that_comes_twice_the_first_is_meant_that_lies_ahead(at):
    at(2026, 10, 24, 12)
    first, second = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
    assert chosen("2026-10-25T02:30") == first
    at(2026, 10, 25, 2, 40)
    assert chosen("2026-10-25T02:30") == second


def test_what_is_no_time_is_refused(at):
    at(2026, 3, 28, 12)
    assert MomentForm("until", moments.SNOOZE, {"at": "soon"}).errors["at"] == ["Choose a day and a time."]


@pytest.mark.parametrize("hour", [0, 1])
def test_a_promise_in_the_hour_that_comes_twice_is_the_one_that_the_text_means(at, hour):
    at(2026, 10, 25, 0, 30)
    due_at = datetime(2026, 10, 25, hour, 30, tzinfo=UTC)
    shown = {
        "promises-TOTAL_FORMS": "1", "promises-INITIAL_FORMS": "0", "promises-0-key": "in a while",
        "promises-0-chosen": "on", "promises-0-read": field_time(due_at), "promises-0-due_at": field_time(due_at),
    }  # fmt: skip
    [form] = PromiseFormSet([Row("in a while", PromiseTerms(due_at, "in a while"))], shown)
    assert form.terms().due_at == due_at


def test_a_reply_that_promises_in_that_hour_is_sent(at, ada, case, browser_of):
    at(2026, 10, 25, 0, 30)
    desk = browser_of(ada)
    desk.cookies["tz"] = "Europe/Berlin"
    text = "I will send an update in 2 hours."
    due_at = timezone.now() + timedelta(hours=2)
    response = desk.post(
        f"/desk/cases/{case.number}/replies/",
        {
            "body": text, "promises-TOTAL_FORMS": "1", "promises-INITIAL_FORMS": "0", "promises-0-key": "in 2 hours",
            "promises-0-chosen": "on", "promises-0-read": field_time(due_at), "promises-0-due_at": field_time(due_at),
        },
    )  # fmt: skip
    assert response.status_code == 302
    assert case.promises.get().due_at == due_at
