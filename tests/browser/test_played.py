"""Whole ways, played through as people go them, with the clock moved on."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from cases.actions import triage
from cases.models import Policy, Rating, Severity, Status, Target
from cases.tasks import keep_time
from tests.factories import CaseFactory, TeamFactory, picture

from .live import NUDGED, live
from .test_attachments import PASTE, bring, chosen
from .test_macros import reply_box

MINUTES = timedelta(minutes=1)
HALF_AN_HOUR = re.compile("in (29|30) min")  # it is promised to the minute
UTC = {"timezone_id": "UTC"}
PHONE = UTC | {"viewport": {"width": 390, "height": 844}}


@pytest.fixture
def later(monkeypatch):
    """Moves the portal's clock on, and that of the windows, and lets the job of the time look once."""
    began, passed = timezone.now, [timedelta()]
    monkeypatch.setattr(timezone, "now", lambda: began() + passed[0])

    def pass_on(minutes, *pages):
        passed[0] += minutes * MINUTES
        keep_time(0)
        for page in pages:
            page.clock.set_system_time(timezone.now())

    return pass_on


@pytest.fixture
def case(cleo, till):
    policy = Policy.objects.create(name="Gold", usual=True)
    Target.objects.create(policy=policy, severity=Severity.HIGH, first_response=60, resolution=480)
    return CaseFactory(customer=cleo, system=till)


def say(page, text):
    reply_box(page).fill(text)
    page.keyboard.press("Control+Enter")


def test_a_promise_from_its_words_to_the_report(window, case, ada, abe, cleo, later):
    team = TeamFactory(name="First line", lead=abe)
    triage.assign(case, by=abe, assignee=ada)
    triage.assign_team(case, by=abe, team=team)
    customer, agent = (
        window(cleo, f"/cases/{case.number}/", **UTC),
        window(ada, f"/desk/cases/{case.number}/", **UTC),
    )
    standing = customer.get_by_role("region", name="Where it stands")
    live(customer)
    live(agent)

    reply_box(agent).fill("We are looking into it. Updates every 30 minutes until it is solved.")
    expect(agent.locator("#promises")).to_contain_text("every 30 min")
    agent.keyboard.press("Control+Enter")
    expect(standing).to_contain_text("We’ll reply here.")
    expect(standing.locator("[data-left]")).to_have_text(HALF_AN_HOUR, timeout=NUDGED)

    later(24, customer, agent)
    expect(agent.locator("#timeline")).to_contain_text("warned: the promised update is due by")
    expect(standing.locator("[data-left]")).to_have_text(re.compile("in [56] min"), timeout=NUDGED)
    assert case.events.get(kind="warned").notices.get().agent == ada

    say(agent, "Still at it: the reader answers again, the gateway does not.")
    expect(standing.locator("[data-left]")).to_have_text(HALF_AN_HOUR, timeout=NUDGED)
    assert [one.outcome for one in case.promises.order_by("pk")] == ["kept", ""]

    later(31, customer, agent)
    expect(standing.get_by_text("and we’re late")).to_be_visible(timeout=NUDGED)
    expect(agent.locator("#timeline")).to_contain_text("noticed: the promised update has been overdue since")
    expect(agent.locator("#status .overdue")).to_contain_text("overdue")
    assert {notice.agent for notice in case.events.get(kind="broken").notices.all()} == {ada, abe}

    say(agent, "Sorry for the silence. It is the gateway of the bank.")
    expect(standing.get_by_text("and we’re late")).to_be_hidden()
    expect(standing).to_contain_text("Next update by")
    later(31)
    report = window(abe, "/desk/reports/", **UTC)
    row = report.get_by_role("row").filter(has_text="Ada").first
    expect(row).to_contain_text("33.3")


def test_a_screenshot_is_asked_for_given_and_the_fix_declined_confirmed_and_rated(
    window, case, ada, cleo, later
):
    triage.assign(case, by=ada, assignee=ada)
    customer, agent = (
        window(cleo, f"/cases/{case.number}/", **PHONE),
        window(ada, f"/desk/cases/{case.number}/", **UTC),
    )
    standing = customer.get_by_role("region", name="Where it stands")
    live(customer)
    live(agent)

    later(20, customer, agent)
    reply_box(agent).fill("Could you please send us a screenshot of the payment screen?")
    expect(agent.get_by_label("What this asks for")).to_have_value("a screenshot of the payment screen")
    agent.keyboard.press("Control+Enter")
    expect(standing).to_contain_text("we need a screenshot of the payment screen from you")

    later(130, customer, agent)
    bring(customer, PASTE, picture(size=(800, 500)), "image.png", "image/png", where=".request textarea")
    expect(chosen(customer)).to_have_count(1)
    customer.locator(".request").get_by_role("button", name="Send").click()
    expect(agent.locator(".event .attached img")).to_be_visible(timeout=NUDGED)
    expect(customer.get_by_text("We need a screenshot")).to_have_count(0)
    expect(standing).to_contain_text("We’ll reply here.")

    later(10, customer, agent)
    agent.locator(".levels").get_by_text("How this was worked out").click()
    progress = agent.locator("#clocks")
    expect(progress).to_contain_text("Paused 2 h 10 min while waiting for a screenshot of the payment screen")
    expect(progress).to_contain_text("Ran 30 min of 8 h")

    def resolve(text):
        agent.get_by_text("Resolve", exact=True).first.click()
        agent.get_by_label("Resolution").fill(text)
        agent.get_by_role("button", name="Resolve and ask the customer").click()

    resolve("Restarted the gateway.")
    customer.get_by_text("Not yet").click()
    customer.get_by_label("What is still wrong?").fill("Till two still refuses.")
    customer.get_by_role("button", name="Not fixed yet").click()
    expect(agent.get_by_text("Till two still refuses.")).to_be_visible(timeout=NUDGED)
    expect(progress).to_contain_text("of 8 h")
    resolve("Swapped the cable of till two.")
    customer.get_by_role("button", name="Yes, fixed").click()
    expect(standing).to_contain_text("This case is closed")
    customer.get_by_role("button", name="Good", exact=True).click()
    expect(agent.get_by_text("Cleo rated the help as good")).to_be_visible(timeout=NUDGED)
    case.refresh_from_db()
    assert (case.status, Rating.objects.get().good) == (Status.CLOSED, True)
    assert not customer.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
