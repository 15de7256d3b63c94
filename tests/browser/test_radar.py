"""Three reports of one outage, from the report form to the incident, as people live through it."""

import pytest
from playwright.sync_api import expect

from cases.actions import radar
from cases.models import Case, Incident
from tests.factories import SystemFactory

from .live import live

REPORTS = [
    ("Ines", "Customers cannot complete the checkout", "Nobody can pay since nine. It is every till."),
    ("Jon", "Payments are not going through", "All payments are declined at the last step, for everyone."),
    ("Kim", "503 after the payment step", "Every order ends in a 503 for all of our buyers."),
]


@pytest.fixture
def shop(db):
    return SystemFactory(name="Web shop")


def work():
    """What the job does."""
    for case in Case.objects.order_by("pk"):
        radar.judge(case)


def report(window, shop, name, summary, description):
    page = window(None, "/cases/new/")
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Your email address").fill(f"{name.lower()}@example.net")
    page.get_by_label("Which system?").select_option(str(shop.pk))
    page.get_by_label("Summary").fill(summary)
    page.get_by_label("What happened?").fill(description)
    page.get_by_label("High").check()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Thank you. Your report is case")).to_be_visible()
    live(page)
    return page


def test_three_reports_become_one_incident_and_each_customer_is_told_live(window, ada, shop):
    desk = window(ada, "/desk/")
    live(desk)
    customers = [report(window, shop, *words) for words in REPORTS]
    work()
    banner = desk.get_by_role("group", name="Suggestion")
    expect(banner).to_contain_text("Possible outage: 3 cases of 3 customers on Web shop")
    expect(banner).to_contain_text("checkout")
    expect(banner).to_contain_text("not working")
    desk.keyboard.press("y")
    expect(desk.get_by_role("heading", name="Is this one outage?")).to_be_visible()
    for _, summary, _ in REPORTS:
        expect(desk.get_by_label(summary)).to_be_checked()
    expect(desk.get_by_label("Title")).to_have_value("Checkout not working")
    desk.get_by_role("button", name="Make it an incident").click()
    expect(desk.locator("#head")).to_contain_text("3 cases of 3 customers")
    live(desk)
    for page in customers:
        expect(page.get_by_role("heading", name="This is part of incident")).to_contain_text(
            "Checkout not working"
        )
    assert Incident.objects.get().cases.count() == len(REPORTS) == Case.objects.count()


def test_a_late_report_is_offered_to_the_open_incident(window, ada, shop):
    for words in REPORTS[:2]:
        report(window, shop, *words)
    work()
    desk = window(ada, "/desk/")
    live(desk)
    expect(desk.get_by_role("group", name="Suggestion")).to_be_visible()
    desk.keyboard.press("y")
    desk.get_by_role("button", name="Make it an incident").click()
    desk.get_by_role("link", name="Queue", exact=True).click()
    live(desk)
    expect(desk.get_by_role("group", name="Suggestion")).to_have_count(0)
    report(window, shop, *REPORTS[2])
    work()
    expect(desk.get_by_role("group", name="Suggestion")).to_contain_text("1 new report reads like incident")
    desk.keyboard.press("y")
    desk.get_by_role("button", name="Attach to incident").click()
    expect(desk.locator("#head")).to_contain_text("3 cases of 3 customers")


def test_a_dismissed_suggestion_leaves_every_open_desk(window, ada, abe, shop):
    for words in REPORTS[:2]:
        report(window, shop, *words)
    work()
    one, other = window(ada, "/desk/"), window(abe, "/desk/")
    live(one)
    live(other)
    expect(one.get_by_role("group", name="Suggestion")).to_be_visible()
    expect(other.get_by_role("group", name="Suggestion")).to_be_visible()
    one.keyboard.press("y")
    one.get_by_role("button", name="Not one outage").click()
    expect(one.get_by_text("Dismissed. These cases won’t be suggested together again.")).to_be_visible()
    expect(other.get_by_role("group", name="Suggestion")).to_have_count(0)
