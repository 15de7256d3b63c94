"""Promises that are open: decided on, taken back, and shown to the customer."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.actions import conversation, promises
from cases.actions.conversation import ReplyTerms
from cases.models.promise import PromiseTerms
from cases.tasks import keep_time
from tests.actions.test_promises import passes

from .test_promises import HOUR, HTMX, SOON, fresh, in_tokyo, running


@pytest.fixture
def desk(ada, browser_of):
    browser = browser_of(ada)
    browser.cookies["tz"] = "Asia/Tokyo"
    return browser


@pytest.fixture
def send(desk, case):
    def send(body, url="desk_replies", headers=(), **held):
        return desk.post(reverse(url, args=[case.number]), {"body": body} | held, headers=dict(headers))

    return send


def test_without_script_what_is_read_in_a_reply_is_proposed_and_decided_on(desk, send, case):
    send(SOON)
    text = desk.get(reverse("desk_case", args=[case.number])).text
    assert "Your reply says “in 20 minutes”. Keep track of it?" in text
    one = case.promises.get()
    accept = reverse("desk_promise_acceptance", args=[case.number, one.pk])
    response = desk.post(accept, {"due_at": "2001-01-01T10:00"})
    assert response.status_code == 422
    assert "That time has passed." in response.text
    assert 'value="2001-01-01T10:00"' in response.text
    at = in_tokyo(timezone.now() + 3 * HOUR)
    assert desk.post(accept, {"due_at": at}).status_code == 302
    assert in_tokyo(fresh(case).promised_at) == at
    assert "Keep track of it?" not in desk.get(reverse("desk_case", args=[case.number])).text


def test_what_is_no_promise_is_dismissed(desk, send, case):
    send(SOON)
    one = case.promises.get()
    url = reverse("desk_promise_dismissal", args=[case.number, one.pk])
    text = desk.post(url, {"after": fresh(case).last_sequence}, headers=HTMX).text
    assert 'id="proposals"' in text
    assert "Keep track of it?" not in text
    assert not case.promises.exists()


def test_what_runs_is_listed_and_taken_back(desk, case, ada):
    conversation.reply(
        case,
        by=ada,
        body="Updates every 30 minutes.",
        terms=ReplyTerms(promises=[PromiseTerms(timezone.now() + HOUR / 2, "every 30 minutes", HOUR / 2)]),
    )
    text = desk.get(reverse("desk_case", args=[case.number])).text
    assert "every 30 min</span>" in text
    assert "“every 30 minutes”, Ada" in text
    url = reverse("desk_promise_removal", args=[case.number, running(case)[0].pk])
    text = desk.post(url, {"after": fresh(case).last_sequence}, headers=HTMX).text
    assert "withdrew a promise" in text
    assert fresh(case).promised_at is None
    assert desk.post(url).status_code == 302


def test_the_customer_sees_when_the_next_update_comes(case, ada, cleo, browser_of):
    customer = browser_of(cleo)
    customer.cookies["tz"] = "Asia/Tokyo"
    at = timezone.now() + HOUR / 5 + timedelta(seconds=30)
    conversation.reply(case, by=ada, body="More soon.", terms=ReplyTerms(promises=[PromiseTerms(at, "soon")]))
    text = customer.get(reverse("case", args=[case.number])).text
    clock = f"{at.astimezone(ZoneInfo('Asia/Tokyo')):%H:%M}</time>"
    assert "Next update by <time" in text
    assert clock in text
    assert "<span data-left>in 12 min</span>" in text
    assert "We are on it" in text
    assert "Promised: next update by" in text
    assert clock in customer.get(reverse("cases")).text


def test_the_customer_is_told_honestly_that_we_are_late(case, ada, cleo, browser_of):
    promises.promise(case, by=ada, due_at=timezone.now() + HOUR)
    customer = browser_of(cleo)
    page = reverse("case", args=[case.number])
    assert "<span data-late hidden>We promised an update by" in customer.get(page).text
    passes(case, 2 * HOUR)
    text = customer.get(page).text
    assert "<span data-late>We promised an update by" in text
    assert "data-due" not in text
    assert "<span data-late>overdue: </span>next update by" in customer.get(reverse("cases")).text


def test_a_reply_that_keeps_the_last_promise_says_nothing_of_a_next_one(case, ada, cleo, browser_of):
    promises.promise(case, by=ada, due_at=timezone.now() + HOUR)
    conversation.reply(case, by=ada, body="Here.", terms=ReplyTerms(promises=[]))
    text = browser_of(cleo).get(reverse("case", args=[case.number])).text
    assert "Next update by" not in text
    assert "next update by" not in text


def test_what_is_proposed_or_withdrawn_never_reaches_the_customer(case, ada, cleo, browser_of, send):
    send(SOON)
    text = browser_of(cleo).get(reverse("case", args=[case.number])).text
    assert "ext update by" not in text
    assert "Keep track" not in text


def test_a_notice_of_what_is_overdue_reads_well_and_leads_to_the_case(desk, case, ada):
    case.assignee = ada
    case.save()
    promises.promise(case, by=ada, due_at=timezone.now() + HOUR)
    passes(case, 2 * HOUR)
    keep_time(0)
    text = desk.get(reverse("notices")).text
    assert "The promised update has been overdue since" in text
    assert "PROMISE" not in text
    assert f"{reverse('desk_case', args=[case.number])}#event-{fresh(case).last_sequence}" in text
