"""An empty installation, from the link that its start prints to the first answered case."""

import re
import time
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from cases.actions import first_administrator
from cases.models import Case, Policy, System, User

from .live import NUDGED, live
from .looks import check_looks
from .test_macros import reply_box


@pytest.fixture
def watch(capsys):
    """Tells how long each step took, for whoever runs it with `-s`."""

    @contextmanager
    def step(name):
        began = time.monotonic()
        yield
        print(f"{name}: {time.monotonic() - began:.1f} s")

    return step


def go_on(page, link, heading):
    page.get_by_role("link", name=link, exact=True).click()
    expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()


def test_from_an_empty_installation_to_the_first_answered_case(window, watch, settings):
    settings.MAIL_GOES = False
    expected = window(None, "/")
    expect(expected.get_by_role("heading", name="We’re not open yet")).to_be_visible()
    check_looks(expected)

    with watch("account"):
        link = urlsplit(first_administrator.link())
        page = window(None, f"{link.path}?{link.query}", timezone_id="Europe/Berlin")
        assert page.url.endswith("/setup/first/")
        check_looks(page)
        page.get_by_label("Your name").fill("Nora")
        page.get_by_label("Your email address").fill("nora@example.com")
        page.get_by_label("A password").fill("a long way home")
        page.get_by_role("button", name="Make my account").click()
        expect(page.get_by_role("heading", name="Set-up")).to_be_visible()
        check_looks(page)

    with watch("system"):
        go_on(page, "Add a system", "Systems")
        check_looks(page)
        page.get_by_label("Name").fill("Web shop")
        page.get_by_label("Description").fill("Where you order.")
        expect(page.get_by_label("Show it to customers")).to_be_checked()
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Customers report problems with Web shop.")).to_be_visible()

    with watch("who hears"):
        go_on(page, "Choose", "Who hears of new cases")
        expect(page.get_by_label("Nora")).to_be_checked()
        check_looks(page)
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Nora gets each new case")).to_be_visible()

    with watch("colleague"):
        go_on(page, "Invite a colleague", "Colleagues")
        check_looks(page)
        page.get_by_label("Their name").fill("Ada")
        page.get_by_label("Their email address").fill("ada@example.com")
        page.get_by_role("button", name="Make their account").click()
        expect(page.locator("code.secret")).to_have_text(re.compile(r"(\w{4}-){3}\w{4}"))
        check_looks(page)

    with watch("hours and service level"):
        page.goto("/setup/hours/")
        expect(page.get_by_label("Time zone")).to_have_value("Europe/Berlin")
        check_looks(page)
        page.get_by_role("button", name="Save").click()
        go_on(page, "Choose one", "A service level")
        check_looks(page)
        page.get_by_role("button", name="Choose “Standard”").click()
        expect(page.get_by_text("holds for every case that has no other service level.")).to_be_visible()

    with watch("mail"):
        go_on(page, "How to set it", "Mail")
        check_looks(page)
        page.goto("/setup/")
        page.get_by_role("button", name="Skip: Mail").click()
        expect(page.get_by_role("button", name="Take up again: Mail")).to_be_visible()

    with watch("a customer reports"):
        go_on(page, "Try it", "Your first case")
        check_looks(page)
        customer = window(None, "/")
        customer.get_by_role("link", name="Report a problem").first.click()
        customer.get_by_label("Which system?").select_option(label="Web shop")
        customer.get_by_label("Summary").fill("The basket is empty")
        customer.get_by_label("What happened?").fill("What I put in is gone.")
        customer.get_by_label("High: something important doesn’t work").check()
        customer.get_by_label("Your name").fill("Cleo")
        customer.get_by_label("Your email address").fill("cleo@elsewhere.example")
        customer.get_by_role("button", name="Send the report").click()
        expect(customer.get_by_role("heading", name="The basket is empty")).to_be_visible()
        live(customer)

    with watch("it is answered"):
        page.get_by_role("link", name="I have reported one").click()
        page.get_by_role("link", name="Answer it").click()
        reply_box(page).fill("We look into it, and tell you at once.")
        page.get_by_role("button", name="Send reply").click()
        expect(customer.get_by_text("We look into it, and tell you at once.")).to_be_visible(timeout=NUDGED)

    page.set_viewport_size({"width": 390, "height": 844})
    for name in ("", "systems", "team", "colleagues", "mail", "hours", "level", "case"):
        page.goto(f"/setup/{name}{'/' if name else ''}")
        check_looks(page)
    expect(page.get_by_text("was answered.")).to_be_visible()
    page.goto("/desk/")
    expect(page.get_by_text("Still to set up:")).to_have_count(0)
    case = Case.objects.get()
    assert case.system == System.objects.get(public=True)
    assert case.team.members.filter(name="Nora").exists()
    assert Policy.objects.get(usual=True).business_hours.time_zone == "Europe/Berlin"
    assert User.objects.filter(role=User.Role.ADMINISTRATOR).count() == 1
