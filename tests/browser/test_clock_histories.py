"""What the clocks of a case say, in Chromium: fetched when it is opened, and open while the case goes on."""

import pytest
from playwright.sync_api import expect

from cases.actions import conversation
from cases.actions.conversation import ReplyTerms
from cases.models import Policy, Severity, Target
from tests.factories import CaseFactory

from .live import live


@pytest.fixture
def case(cleo, till):
    policy = Policy.objects.create(name="Gold", usual=True)
    Target.objects.create(policy=policy, severity=Severity.HIGH, first_response=60, resolution=480)
    return CaseFactory(customer=cleo, system=till)


def test_the_course_is_fetched_when_it_is_opened_and_follows_what_happens(window, ada, abe, case):
    page = window(ada, f"/desk/cases/{case.number}/")
    levels = page.locator(".levels")
    expect(levels).not_to_contain_text("Gold")
    levels.get_by_text("How this was worked out").click()
    expect(levels).to_contain_text("Service levels “Gold”, high severity.")
    expect(levels).to_contain_text("of 8 h.")
    live(page)
    conversation.reply(case, by=abe, body="Which reader is it?", terms=ReplyTerms(promises=[]))
    expect(levels.locator(".met")).to_have_text("Met")
    expect(levels).to_contain_text("Paused while waiting for the customer")


def test_without_script_it_is_a_page(window, ada, case):
    page = window(ada, f"/desk/cases/{case.number}/", java_script_enabled=False)
    page.get_by_text("How this was worked out").click()
    page.get_by_role("link", name="Show it").click()
    expect(page.get_by_role("heading", name="How the times were worked out")).to_be_visible()
    expect(page.locator("#clocks")).to_contain_text("First response")


def test_a_change_of_a_policy_is_shown_before_it_is_applied(window, adam, case):
    page = window(adam, f"/admin/cases/policy/{Policy.objects.get().pk}/change/")
    quick = page.get_by_label("First response").nth(1)
    quick.fill("15 min")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#main")).to_contain_text("This changes 1 open case: 1 becomes due sooner.")
    page.get_by_role("button", name="Go back").click()
    expect(quick).to_have_value("15 min")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("button", name="Apply").click()
    page.get_by_role("link", name="Progress").click()
    expect(page.locator("#progress")).to_contain_text("Starting in a moment…")
