"""One outage, told once to three customers in their own windows."""

import re

import pytest
from playwright.sync_api import expect

from cases.actions import bulk, incident_updates, incidents, resolution
from cases.models import Bulk, Case, Event, Status
from tests.factories import CaseFactory, UserFactory

from .live import NUDGED, live
from .looks import WIDTHS, check_looks


@pytest.fixture
def reports(till):
    """Three reports of one outage, by three customers."""
    people = [UserFactory(name=name) for name in ("Ines Roth", "Jon Dale", "Kim Lund")]
    return [CaseFactory(system=till, customer=one, summary="The checkout is dead") for one in people]


def work():
    for one in Bulk.objects.order_by("pk"):
        bulk.run(one)


def test_one_outage_is_told_and_resolved_once_and_one_customer_says_not_yet(window, ada, reports):
    customers = [window(case.customer, f"/cases/{case.number}/") for case in reports]
    for page in customers:
        live(page)

    desk = window(ada, f"/desk/cases/{reports[0].number}/")
    live(desk)
    desk.get_by_text("Attach to an incident").click()
    desk.get_by_role("link", name="New incident with this case").click()
    desk.get_by_label("Title").fill("Checkout fails for everyone")
    desk.get_by_role("button", name="Open the incident").click()
    live(desk)
    for case in reports[1:]:
        desk.get_by_label("Attach a case").fill(f"#{case.number}")
        desk.keyboard.press("Enter")
        expect(desk.locator("#attached").get_by_role("link", name=f"#{case.number}")).to_be_visible()
        expect(desk.get_by_label("Attach a case")).to_have_value("")
    expect(desk.locator("#head")).to_contain_text("3 cases of 3 customers")

    desk.locator("h1").click()
    desk.keyboard.press("r")
    desk.keyboard.type("Hello {customer}, we found the cause.")
    desk.get_by_label("Status").select_option("Identified")
    desk.get_by_role("button", name="Review recipients").click()
    expect(desk.get_by_role("heading", name="Goes to 3 customers, 3 cases")).to_be_visible()
    expect(desk.get_by_text("Hello Jon, we found the cause.")).to_be_visible()
    desk.get_by_role("button", name="Send", exact=True).click()
    expect(desk.get_by_text("The update has reached 0 of 3 cases.")).to_be_visible()
    work()
    for page, name in zip(customers, ["Ines", "Jon", "Kim"], strict=True):
        expect(page.get_by_text(f"Hello {name}, we found the cause.")).to_have_count(1, timeout=NUDGED)
        expect(page.get_by_text("Hello ")).to_have_count(1)
    expect(desk.get_by_text(re.compile("^Delivered"))).to_have_count(3)
    expect(desk.get_by_text("has reached")).to_have_count(0)

    live(desk)
    desk.keyboard.press("e")
    desk.get_by_label("Resolution").fill("The checkout works again.")
    desk.get_by_role("button", name="Resolve and ask every customer").click()
    expect(desk.locator("#head")).to_contain_text("Resolved")
    work()
    for page in customers:
        expect(page.get_by_text("Did this fix it?")).to_be_visible(timeout=NUDGED)

    customers[1].get_by_text("Not yet", exact=True).click()
    customers[1].get_by_role("button", name="Not fixed yet").click()
    expect(desk.get_by_text("1 not fixed yet")).to_be_visible()
    expect(desk.locator(".not-yet-fixed")).to_contain_text("Jon Dale")
    back = Case.objects.get(pk=reports[1].pk)
    assert back.status == Status.OPEN
    assert back.incident_id
    assert Event.objects.filter(kind="resolved").count() == 3


def test_two_agents_see_one_incident_live_and_what_is_typed_stays(window, ada, abe, reports):
    incident = incidents.open_incident(
        system=reports[0].system, title="Checkout fails", by=ada, severity=1, cases=[reports[0].number]
    )
    page = window(ada, f"/desk/incidents/{incident.number}/")
    live(page)
    page.keyboard.press("n")
    page.keyboard.type("Half a note")
    incidents.attach(reports[1], by=abe, incident=incident)
    expect(page.get_by_text(f"attached case #{reports[1].number}")).to_be_visible()
    expect(page.locator("#head")).to_contain_text("2 cases of 2 customers")
    incidents.change(incident, by=abe, title="Checkout fails for all")
    expect(page.locator("h1")).to_contain_text("Checkout fails for all")
    expect(page.get_by_label("Internal note")).to_have_value("Half a note")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#timeline .card.internal")).to_contain_text("Half a note")
    expect(page.get_by_label("Internal note")).to_have_value("")
    page.get_by_role("button", name=f"Take out case {reports[0].number}").click()
    expect(page.get_by_text("was taken out of the incident. Attach it by number to undo.")).to_be_visible()
    expect(page.locator("#head")).to_contain_text("1 case of 1 customer")


def test_a_broadcast_works_without_script(window, ada, reports):
    incident = incidents.open_incident(
        system=reports[0].system,
        title="Checkout fails",
        by=ada,
        severity=1,
        cases=[case.number for case in reports],
    )
    page = window(ada, f"/desk/incidents/{incident.number}/", java_script_enabled=False)
    page.get_by_label("Public update").fill("We look, {customer}.")
    page.get_by_role("button", name="Review recipients").click()
    page.get_by_role("checkbox", name="Kim Lund").uncheck()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("The update has reached 0 of 2 cases.")).to_be_visible()
    work()
    page.get_by_role("link", name="Reload").click()
    expect(page.get_by_text(re.compile("^Delivered"))).to_have_count(2)


@pytest.fixture
def outage(ada, reports):
    """An incident with everything in it that its page can show."""
    incident = incidents.open_incident(
        system=reports[0].system,
        title="Checkout fails with averyveryveryveryveryverylongwordwithoutanybreakinit",
        by=ada,
        severity=1,
        cases=[case.number for case in reports],
    )
    incident_updates.add_note(incident, by=ada, body="It is the bank.")
    incident_updates.resolve(
        incident, by=ada, resolution="Back.", root_cause="A disk.", area="backend", is_bug=True
    )
    work()
    resolution.decline(reports[0], by=reports[0].customer)
    incident_updates.reopen(incident, by=ada, body="It is back.")
    resolution.close(reports[1], by=ada)
    incident_updates.update(incident, by=ada, body="We look.", cases=[case.number for case in reports])
    work()
    return incident


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_and_nothing_runs_over_the_edge(window, ada, outage, reports, width):
    page = window(ada, "/desk/incidents/", viewport={"width": width, "height": 844})
    check_looks(page)
    page.goto(f"/desk/incidents/new/?case={reports[0].number}&case={reports[1].number}")
    check_looks(page)
    page.goto(f"/desk/cases/{reports[0].number}/")
    check_looks(page)
    page.goto(f"/desk/incidents/{outage.number}/")
    check_looks(page)
    page.get_by_label("Public update").fill("Hello {customer}, {nobody}.")
    page.get_by_role("button", name="Review recipients").click()
    expect(page.get_by_role("heading", name="Goes to 2 customers, 2 cases")).to_be_visible()
    check_looks(page)
    incident_updates.resolve(outage, by=ada, resolution="Back.")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"/desk/incidents/{outage.number}/")
    expect(page.get_by_text("The resolution has reached 0 of 1 case.")).to_be_visible()
    check_looks(page)


def test_news_that_come_while_a_case_is_being_attached_are_caught_up_with(window, hold, ada, abe, reports):
    incident = incidents.open_incident(
        system=reports[0].system, title="Checkout fails", by=ada, severity=1, cases=[reports[0].number]
    )
    page = window(ada, f"/desk/incidents/{incident.number}/")
    live(page)
    held = hold(page, "**/cases/attachment/")
    page.get_by_label("Attach a case").fill(f"#{reports[1].number}")
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    incidents.attach(reports[2], by=abe, incident=incident)
    page.wait_for_timeout(500)
    held.let_go()
    expect(page.locator("#head")).to_contain_text("3 cases of 3 customers")
    for case in reports:
        expect(page.locator("#attached").get_by_role("link", name=f"#{case.number}")).to_be_visible()


def test_what_is_typed_about_an_incident_outlives_reloading_and_errors(window, ada, outage, monkeypatch):
    path = f"/desk/incidents/{outage.number}/"
    page = window(ada, path)
    live(page)
    page.get_by_label("Public update").fill("We found the cause.")
    page.locator("#to-resolve").click()
    page.get_by_label("Resolution").fill("The disk was replaced.")
    page.get_by_label("Root cause").fill("It was full.")
    page.locator("#to-note").click()
    page.locator("#incidentnote_body").fill("Ask the bank.")
    page.goto("/desk/")
    page.goto(path)
    expect(page.get_by_label("Public update")).to_have_value("We found the cause.")
    expect(page.get_by_label("Resolution")).to_have_value("The disk was replaced.")
    expect(page.get_by_label("Root cause")).to_have_value("It was full.")
    expect(page.locator("#incidentnote_body")).to_have_value("Ask the bank.")

    live(page)
    page.locator("#to-note").click()
    page.get_by_role("button", name="Add note").click()
    expect(page.locator("#timeline")).to_contain_text("Ask the bank.")
    page.reload()
    expect(page.locator("#incidentnote_body")).to_have_value("")

    page.locator("#to-update").click()
    page.get_by_role("button", name="Review recipients").click()
    monkeypatch.setattr(incident_updates, "update", None)  # a fault of ours
    window.expected.append("500")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("heading", name="Something went wrong on our side")).to_be_visible()
    monkeypatch.undo()
    page.goto(path)
    expect(page.get_by_label("Public update")).to_have_value("We found the cause.")
    page.locator("#to-update").click()
    page.get_by_role("button", name="Review recipients").click()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#timeline")).to_contain_text("We found the cause.")
    page.goto(path)
    expect(page.get_by_label("Public update")).to_have_value("")


def test_an_open_page_of_a_customer_hears_that_the_incident_has_another_title(window, ada, outage, reports):
    customer, desk = reports[0].customer, window(ada, f"/desk/cases/{reports[0].number}/")
    page = window(customer, f"/cases/{reports[0].number}/")
    live(page)
    live(desk)
    incidents.change(outage, by=ada, title="Tills refuse cards")
    expect(page.locator("#incident")).to_contain_text("Tills refuse cards", timeout=NUDGED)
    expect(desk.locator("#details")).to_contain_text("Tills refuse cards", timeout=NUDGED)
