"""Every main page: without script, on a phone, in both themes, for everybody."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from cases.actions import (
    conversation,
    drafts,
    incident_updates,
    incidents,
    merging,
    notifications,
    promises,
    resolution,
    snooze,
    triage,
)
from cases.actions.conversation import ReplyTerms
from cases.actions.events import history
from cases.models import Macro
from tests.factories import CaseFactory, IncidentFactory

from .looks import WIDTHS, check_looks

PAGES = {
    "home": (None, "/"),
    "report": (None, "/cases/new/"),
    "sign in": (None, "/accounts/login/"),
    "sign up": (None, "/accounts/signup/"),
    "not found": (None, "/nowhere/"),
    "status": (None, "/incidents/"),
    "incident": (None, "/incidents/{incident}/"),
    "incident, over": (None, "/incidents/{over}/"),
    "report, known": (None, "/cases/new/?system={system}"),
    "report, chosen": (None, "/cases/new/?system={system}&incident={incident}"),
    "my cases": ("cleo", "/cases/"),
    "people": ("mona", "/organisation/"),
    "case": ("cleo", "/cases/{open}/"),
    "case to confirm": ("cleo", "/cases/{resolved}/"),
    "queue": ("ada", "/desk/"),
    "palette": ("ada", "/desk/palette/?q=reader"),
    "search": ("ada", "/desk/search/"),
    "search, found": ("ada", "/desk/search/?q=reader+or+look"),
    "desk case": ("ada", "/desk/cases/{open}/"),
    "desk case, macro chosen": ("ada", "/desk/cases/{open}/?macro={macro}"),
    "notices": ("ada", "/desk/notices/"),
    "macros": ("ada", "/desk/macros/"),
    "macro": ("ada", "/desk/macros/{macro}/"),
    "macro to delete": ("ada", "/desk/macros/{macro}/deletion/"),
    "case, merged": ("cleo", "/cases/{merged}/"),
    "case, received": ("cleo", "/cases/{host}/"),
    "desk case, planned": ("ada", "/desk/cases/{host}/"),
    "desk case, merged": ("ada", "/desk/cases/{merged}/"),
    "merge": ("ada", "/desk/cases/{open}/merge/?into={host}"),
    "what was said": ("ada", "/desk/cases/{merged}/conversation/"),
    "desk case, resolved": ("ada", "/desk/cases/{resolved}/"),
}


@pytest.fixture
def story(case, cleo, mona, ada):
    """Cases with everything in them that a page can show."""
    triage.set_severity(case, by=ada, severity=1)
    triage.set_priority(case, by=ada, priority=4)
    conversation.reply(
        case,
        by=ada,
        body="Please try:\n\n- `restart`\n- <https://example.com/a/very/long/address>\n\n> quoted",
    )
    conversation.add_note(
        case, by=ada, body="Internal, with averyveryveryveryveryveryveryverylongwordwithoutanybreakinit."
    )
    conversation.add_note(case, by=None, body="@ada please look at `this`.")
    notifications.follow(case, by=ada)
    macro = Macro.objects.create(
        name="Ask", owner=ada, body="Hello {customer} {nobody}.", priority=2, tags=["billing"], snooze_hours=7
    )
    resolved = CaseFactory(customer=cleo, summary="The drawer sticks")
    resolution.resolve(resolved, by=ada, resolution="Oiled.", root_cause="Dust.")
    merged, host = CaseFactory(customer=cleo), CaseFactory(customer=cleo)
    merging.merge(merged, by=ada, into=host)
    merging.link(host, by=ada, other=case)
    triage.set_tags(host, by=ada, tags=["vip", "averyverylongtagwithoutanybreakinit"])
    with history(timezone.now() - timedelta(days=1)):
        promises.promise(host, by=ada, due_at=timezone.now() - timedelta(hours=1))
    conversation.reply(host, by=ada, body="I will call you in 2 hours.", terms=ReplyTerms(keeps=[]))
    drafts.keep(host, by=ada, kind="reply", fields={"body": "We will post updates every 2 hours."}, seen=0)
    snooze.snooze(host, by=ada, until=timezone.now() + timedelta(days=1))
    incident, over = (IncidentFactory(system=case.system, by=ada) for _ in range(2))
    incident_updates.update(incident, by=ada, body="It is the `switch`, {customer}.", status="identified")
    incidents.attach(case, by=ada, incident=incident)
    incident_updates.resolve(over, by=ada, resolution="Replaced.")
    return {
        "incident": incident.number,
        "over": over.number,
        "system": case.system_id,
        "merged": merged.number,
        "host": host.number,
        "people": {"cleo": cleo, "mona": mona, "ada": ada, None: None},
        "open": case.number,
        "macro": macro.pk,
        "resolved": resolved.number,
    }


def opened(window, story, name, **options):
    who, path = PAGES[name]
    if name == "not found":
        window.expected = ["404"]
    return window(story["people"][who], path.format(**story), **options)


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_nothing_runs_over_the_edge(window, story, name):
    page = opened(window, story, name)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        page.reload()
        check_looks(page)


def test_the_whole_way_works_without_script(window, case, cleo, ada):
    customer = window(cleo, f"/cases/{case.number}/", java_script_enabled=False)
    expect(customer.locator("#indicator noscript")).to_be_visible()
    customer.get_by_label("Reply", exact=True).fill("Are you there?")
    customer.get_by_role("button", name="Send reply").click()
    expect(customer.get_by_text("Are you there?")).to_be_visible()

    agent = window(ada, "/desk/", java_script_enabled=False)
    agent.locator("summary", has_text="Filter").click()
    agent.get_by_label("Severity").select_option("High")
    agent.get_by_role("button", name="Apply", exact=True).click()
    agent.get_by_role("link", name="The card reader").click()
    agent.get_by_label("Priority").select_option("P2")
    agent.locator("form", has=agent.get_by_label("Priority")).get_by_role("button", name="Set").click()
    expect(agent.get_by_label("Priority")).to_have_value("2")
    agent.locator("summary", has_text="Internal note").click()
    agent.get_by_label("Internal note").fill("Hm.")
    agent.get_by_role("button", name="Add note").click()
    expect(agent.locator(".card.internal")).to_contain_text("Hm.")
    agent.locator("summary", has_text="Resolve").click()
    agent.get_by_label("Resolution").fill("Swapped the reader.")
    agent.get_by_role("button", name="Resolve and ask the customer").click()
    expect(agent.locator("#status")).to_contain_text("Resolved")

    customer.reload()
    customer.get_by_role("button", name="Yes, fixed").click()
    expect(customer.get_by_text("This case is closed")).to_be_visible()


def test_the_theme_is_chosen_kept_and_comes_without_a_flash(window):
    page = window(None, "/", color_scheme="light")
    page.locator(".menu summary").click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.goto("/cases/new/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_times_are_shown_in_the_viewers_zone(window, case, cleo):
    page = window(cleo, "/cases/", timezone_id="Asia/Tokyo")
    page.goto(f"/cases/{case.number}/")
    expect(page.locator("time").first).to_have_attribute("title", _ends_with("JST"))


def _ends_with(text):
    import re

    return re.compile(f"{text}$")


def test_what_a_customer_typed_is_there_when_they_come_back(window, case, cleo):
    page = window(cleo, f"/cases/{case.number}/")
    page.get_by_label("Reply", exact=True).click()
    page.keyboard.type("Half a")
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    page.get_by_role("link", name="My cases").click()
    page.get_by_role("link", name=case.summary).click()
    expect(page.get_by_label("Reply", exact=True)).to_have_value("Half a")


def test_leaving_with_unsent_text_that_is_kept_nowhere_asks_first(window, case, ada, cleo):
    resolution.resolve(case, by=ada, resolution="Restarted it.")
    page = window(cleo, f"/cases/{case.number}/")
    page.get_by_text("Not yet").click()
    page.get_by_label("What is still wrong?").click()
    page.keyboard.type("Half a")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_role("link", name="My cases").click()
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    expect(page.get_by_label("What is still wrong?")).to_have_value("Half a")
