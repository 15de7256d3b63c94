"""What is typed into the report form outlives tabs, sign-in and the network."""

import pytest
from playwright.sync_api import expect

from cases.actions import conversation
from cases.models import Case, User
from tests.factories import CaseFactory

from .live import live

NEW = "/cases/new/"
PHONE = {"viewport": {"width": 390, "height": 844}}


def fill(page):
    page.get_by_label("Which system?").select_option(label="Till")
    page.get_by_label("Summary").fill("Nothing prints")
    page.get_by_label("What did you try to do?").fill("Print a receipt.")
    page.get_by_label("What happened?").fill("The printer is dead.")
    page.get_by_label("Since when?").fill("nine o'clock")
    page.get_by_label("Some colleagues").check()
    page.get_by_label("High: something important doesn’t work").check()


def expect_all(page):
    expect(page.get_by_label("Which system?").locator("option:checked")).to_have_text("Till")
    expect(page.get_by_label("Summary")).to_have_value("Nothing prints")
    expect(page.get_by_label("What did you try to do?")).to_have_value("Print a receipt.")
    expect(page.get_by_label("What happened?")).to_have_value("The printer is dead.")
    expect(page.get_by_label("Since when?")).to_have_value("nine o'clock")
    expect(page.get_by_label("Some colleagues")).to_be_checked()
    expect(page.get_by_label("High: something important doesn’t work")).to_be_checked()


def another_tab(page, path):
    tab = page.context.new_page()
    page.close()
    tab.goto(path)
    return tab


@pytest.mark.parametrize("options", [{}, PHONE], ids=["wide", "phone"])
def test_a_report_outlives_its_tab_until_it_is_sent(window, till, options):
    page = window(None, NEW, **options)
    expect(page.get_by_text("Your draft stays on this device until you send it.")).to_be_hidden()
    fill(page)
    expect(page.get_by_text("Your draft stays on this device until you send it.")).to_be_visible()
    page = another_tab(page, NEW)
    expect_all(page)
    page.get_by_label("Your name").fill("Grete")
    page.get_by_label("Your email address").fill("grete@example.com")
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_text("The printer is dead.")).to_be_visible()
    page.goto(NEW)
    expect(page.get_by_label("Summary")).to_have_value("")
    expect(page.get_by_text("Your draft stays on this device until you send it.")).to_be_hidden()
    assert Case.objects.count() == 1


def sign_in(page, password):
    page.locator("input[name=login]").fill("cleo@example.com")
    page.locator("input[name=password]").fill(password)
    page.get_by_role("button", name="Sign in").click()


@pytest.fixture
def password(cleo):
    cleo.keep_address(verified=True)
    cleo.set_password("long enough to be one")
    cleo.save()
    return "long enough to be one"


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_report_outlives_signing_in(window, till, password, script):
    page = window(None, NEW, java_script_enabled=script)
    fill(page)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    sign_in(page, password)
    expect_all(page)
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_text("The printer is dead.")).to_be_visible()
    assert Case.objects.get().customer == User.objects.get(email="cleo@example.com")


def test_a_report_outlives_the_other_way_to_sign_in(window, till, password):
    page = window(None, NEW)
    fill(page)
    page.get_by_role("banner").get_by_role("link", name="Sign in").click()
    sign_in(page, password)
    expect_all(page)


def test_a_report_outlives_errors_and_a_lost_connection(window, cleo, till):
    window.expected = ["422", "ERR_"]
    page = window(cleo, NEW)
    fill(page)
    page.get_by_label("Summary").fill("")
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_text("Say in one line what is wrong.")).to_be_visible()
    page.get_by_label("Summary").fill("Nothing prints")
    page.route("**/cases/new/", lambda route: route.abort(), times=1)
    page.get_by_role("button", name="Send the report").click()
    page = another_tab(page, NEW)
    expect_all(page)
    assert not Case.objects.exists()


def test_what_is_kept_is_cleared_on_demand_and_by_signing_out(window, cleo, till):
    page = window(cleo, NEW)
    fill(page)
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_label("Summary")).to_have_value("")
    page.reload()
    expect(page.get_by_label("Summary")).to_have_value("")
    fill(page)
    page.get_by_label("Account and theme").click()
    page.get_by_role("button", name="Sign out").click()
    page.goto(NEW)
    expect(page.get_by_label("Summary")).to_have_value("")


def test_a_known_problem_is_offered_again_with_what_was_kept(window, cleo, carl, till):
    CaseFactory(customer=carl, system=till, summary="No receipts")
    page = window(cleo, NEW)
    fill(page)
    expect(page.get_by_text("Has it already been reported?")).to_be_visible()
    page = another_tab(page, NEW)
    expect(page.get_by_text("Has it already been reported?")).to_be_visible()
    expect_all(page)


def test_a_reply_outlives_its_tab_until_it_is_sent(window, cleo, case):
    page = window(cleo, f"/cases/{case.number}/")
    live(page)
    page.get_by_label("Reply", exact=True).fill("Half a thought")
    page = another_tab(page, f"/cases/{case.number}/")
    expect(page.get_by_label("Reply", exact=True)).to_have_value("Half a thought")
    page.get_by_label("Reply", exact=True).fill("A whole thought.")
    page.get_by_role("button", name="Send reply").click()
    expect(page.locator(".event.kind-reply").last).to_contain_text("A whole thought.")
    page.reload()
    live(page)
    expect(page.get_by_label("Reply", exact=True)).to_have_value("")


def test_what_is_kept_of_a_reply_is_no_obstacle_to_what_happens(window, cleo, ada, case):
    page = window(cleo, f"/cases/{case.number}/")
    page.get_by_label("Reply", exact=True).fill("Half a thought")
    page = another_tab(page, f"/cases/{case.number}/")
    live(page)
    conversation.reply(case, by=ada, body="Which till?")
    expect(page.get_by_text("Which till?")).to_be_visible()
    expect(page.get_by_label("Reply", exact=True)).to_have_value("Half a thought")
