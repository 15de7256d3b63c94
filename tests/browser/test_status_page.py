"""What customers and the public see of an incident."""

import re
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from cases.actions import conversation, incident_updates
from cases.models import Case, ReadReceipt, User
from cases.models.promise import PromiseTerms
from cases.queries.incident_cases import token_in
from cases.status_page import pages
from tests.factories import IncidentFactory

from .live import live


def test_a_visitor_finds_the_known_problem_joins_it_and_follows_it(window, till, ada):
    window.expected = ["422"]
    incident = IncidentFactory(system=till, by=ada)
    page = window(None, "/")
    page.get_by_role("link", name=re.compile("Status")).click()
    expect(page.get_by_role("heading", name="1 known problem")).to_be_visible()
    page.get_by_role("link", name="Card payments fail").click()
    expect(page.get_by_text("We have begun to look into it.")).to_be_visible()
    expect(page.locator("time").first).to_have_text("just now")

    page.get_by_role("link", name="Report a problem").click()
    expect(page.get_by_text("Is it this?")).to_have_count(0)
    expect(page.get_by_role("button", name="Is it one of these known problems?")).to_be_hidden()
    page.get_by_label("Summary").fill("Cards")
    page.get_by_label("Which system?").select_option(label="Till")
    expect(page.get_by_role("heading", name="Is it this?")).to_be_visible()
    page.get_by_role("button", name="Yes, it is this").click()
    expect(page.get_by_text("Tell us your name.")).to_be_visible()
    expect(page.get_by_label("Summary")).to_have_value("Cards")
    page.get_by_label("Your name").fill("Grete")
    page.get_by_label("Your email address").fill("grete@example.com")
    page.get_by_role("button", name="Send the report").click()

    expect(page.get_by_role("heading", name=re.compile("This is part of incident"))).to_be_visible()
    live(page)
    case = Case.objects.get()
    assert (case.incident, case.summary) == (incident, "Cards")
    update = incident_updates.update(incident, by=ada, body="The switch is broken.", status="identified")
    token = token_in(case.pk, update.token)
    event = conversation.reply(case, by=ada, body="The switch is broken.", token=token)
    expect(page.locator("#incident")).to_contain_text("Identified")
    expect(page.locator("#incident")).to_contain_text("The switch is broken.")
    expect(page.locator("#status")).to_contain_text(". We’ll post updates here.")
    expect(page.locator(f"#event-{event.public_sequence}")).to_be_attached()
    for _ in range(100):  # the page tells so as soon as it shows it
        if ReadReceipt.objects.get(case=case).sequence == event.sequence:
            break
        page.wait_for_timeout(50)
    assert ReadReceipt.objects.get(case=case).sequence == event.sequence


def test_enter_in_a_field_sends_the_report_and_chooses_no_known_problem(window, till, ada):
    window.expected = ["422"]
    IncidentFactory(system=till, by=ada)
    page = window(None, f"/cases/new/?system={till.pk}")
    page.get_by_label("Summary").fill("Cards")
    page.get_by_label("Summary").press("Enter")
    expect(page.get_by_text("Tell us what happened, so that we can help.")).to_be_visible()
    expect(page.get_by_role("button", name="Yes, it is this")).to_be_visible()


def test_the_status_page_keeps_the_theme_and_looks_again(window, till, ada, monkeypatch):
    monkeypatch.setattr(pages, "MAX_AGE", 0)  # seconds in which this browser would not ask again
    page = window(None, "/")
    page.context.add_cookies([{"name": "theme", "value": "dark", "url": page.url}])
    page.goto("/incidents/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.get_by_role("heading", name="All systems working")).to_be_visible()
    IncidentFactory(system=till, by=ada)
    pages.forget()
    page.get_by_role("link", name="Check again").click()
    expect(page.get_by_role("heading", name="1 known problem")).to_be_visible()
    assert [cookie["name"] for cookie in page.context.cookies()].count("sessionid") == 0


def test_its_times_are_written_as_on_every_other_page_in_whatever_language_the_browser_is(window, till, ada):
    incident = IncidentFactory(system=till, by=ada)
    soon = PromiseTerms(timezone.now() + timedelta(minutes=20), "in 20 minutes")
    incident_updates.update(incident, by=ada, body="More in 20 minutes.", promises=[soon])
    page = window(None, f"/incidents/{incident.number}/")
    expect(page.locator("time[data-exact]")).to_have_text(re.compile(r"^(\d\d? \w{3} \d{4}, )?\d\d:\d\d$"))
    title = re.compile(r"^\w{3} \d\d? \w{3} \d{4}, \d\d:\d\d \S+$")
    expect(page.locator("time").first).to_have_attribute("title", title)


def test_its_times_are_written_as_its_reader_chose_for_all_other_pages(window, till, ada):
    incident = IncidentFactory(system=till, by=ada)
    soon = PromiseTerms(timezone.now() + timedelta(minutes=20), "in 20 minutes")
    incident_updates.update(incident, by=ada, body="More in 20 minutes.", promises=[soon])
    User.objects.filter(pk=ada.pk).update(clock="12")
    page = window(ada, "/desk/")
    page.goto(f"/incidents/{incident.number}/")
    expect(page.locator("time[data-exact]")).to_have_text(
        re.compile(r"^(\d\d? \w{3} \d{4}, )?\d\d?:\d\d [ap]m$")
    )
