"""What went wrong with a mail is shown where somebody can do something about it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cases.actions import conversation
from cases.models import Delivery, User
from cases.queries.deliveries import trouble_with

pytestmark = pytest.mark.django_db

COMES_BACK = "Email to cleo@example.com comes back: mailbox unknown."


@pytest.fixture
def reply(case, ada):
    return conversation.reply(case, by=ada, body="Which till?")


def mailed(event, address="cleo@example.com", state="refused", reason="mailbox unknown", ago=timedelta()):
    at = timezone.now() - ago
    return Delivery.objects.create(
        event=event, address=address, message_id="<1@x>", state=state, reason=reason, at=at, asked_at=at
    )


def desk(browser_of, agent, case):
    return browser_of(agent).get(f"/desk/cases/{case.number}/").text


def test_the_timeline_of_the_desk_marks_the_event_whose_mail_did_not_arrive(
    case, reply, ada, cleo, browser_of
):
    assert "Not delivered" not in desk(browser_of, ada, case)
    mailed(reply)
    page = desk(browser_of, ada, case)
    assert page.count("Not delivered to cleo@example.com: mailbox unknown") == 1
    assert COMES_BACK in page


@pytest.mark.parametrize("state", ["queued", "sent", "delivered", "deferred"])
def test_it_says_nothing_of_what_went_well_or_is_tried_still(case, reply, ada, browser_of, state):
    mailed(reply, state=state)
    page = desk(browser_of, ada, case)
    assert "delivered" not in page
    assert "Email to cleo" not in page


def test_what_is_tried_for_an_hour_is_told(case, reply, ada, browser_of):
    mailed(reply, state="deferred", reason="mailbox full", ago=timedelta(hours=2))
    page = desk(browser_of, ada, case)
    assert "Not delivered to cleo@example.com yet: mailbox full" in page
    assert "Email to cleo" not in page


def test_a_complaint_is_told_as_what_it_is(case, reply, ada, browser_of):
    mailed(reply, state="complained", reason="")
    page = desk(browser_of, ada, case)
    assert "Marked as spam by cleo@example.com" in page
    assert "cleo@example.com marked our mail as spam" in page


def test_what_the_desk_page_shows_of_it_takes_no_query(
    case, reply, ada, browser_of, django_assert_max_num_queries
):
    with django_assert_max_num_queries(100) as before:
        desk(browser_of, ada, case)
    for number in range(20):
        mailed(conversation.reply(case, by=ada, body=f"{number}"))
    with django_assert_max_num_queries(len(before)):
        assert desk(browser_of, ada, case).count("Not delivered to") == 20


def test_the_customer_reads_that_mail_to_them_comes_back_and_where_to_mend_it(
    case, reply, cleo, carl, browser_of
):
    mailed(reply)
    page = browser_of(cleo).get(f"/cases/{case.number}/").text
    assert COMES_BACK in page
    assert 'href="/accounts/email/"' in page
    assert "Not delivered" not in page
    assert COMES_BACK in browser_of(cleo).get("/accounts/email/").text
    assert "Email to cleo" not in browser_of(carl).get(f"/cases/{case.number}/").text
    assert "Email to cleo" not in browser_of(carl).get("/accounts/email/").text


def test_the_browser_of_a_visitor_reads_it_too(claimed, cleo, guest_of):
    mailed(claimed.events.earliest("sequence"))
    assert COMES_BACK in guest_of(claimed).get(f"/cases/{claimed.number}/").text
    assert "/accounts/email/" not in guest_of(claimed).get(f"/cases/{claimed.number}/").text


@pytest.mark.parametrize(
    ("state", "ago", "clears"),
    [
        ("delivered", timedelta(), True),
        ("sent", timedelta(hours=2), True),
        ("sent", timedelta(), False),  # it may come back yet
        ("deferred", timedelta(hours=2), False),
        ("expired", timedelta(hours=2), False),
    ],
)
def test_the_next_mail_that_arrives_clears_it(case, reply, ada, cleo, state, ago, clears):
    mailed(reply, state="bounced", ago=timedelta(days=1))
    assert trouble_with(cleo.email)
    mailed(conversation.reply(case, by=ada, body="Again."), state=state, ago=ago)
    assert (trouble_with(cleo.email) is None) is clears


def test_a_new_address_has_no_trouble(case, reply, ada, cleo, browser_of):
    mailed(reply)
    User.objects.filter(pk=cleo.pk).update(email="cleo@elsewhere.example")
    page = desk(browser_of, ada, case)
    assert "Email to cleo" not in page
    assert "Not delivered to cleo@example.com" in page  # which stays true of that mail


def test_a_new_event_brings_its_mark_to_the_open_page(case, reply, ada, abe, browser_of):
    new = conversation.reply(case, by=ada, body="Hello?")
    mailed(new)
    page = browser_of(abe).get(f"/desk/cases/{case.number}/live/?after={reply.sequence}").text
    assert "Not delivered to cleo@example.com" in page


def test_what_a_mail_server_says_cannot_break_out(case, reply, ada, browser_of):
    row = mailed(reply, reason="<script>")
    Delivery.objects.filter(pk=row.pk).update(answer='550 "><script>alert(1)</script>')
    assert "<script>alert" not in desk(browser_of, ada, case)
