"""A question to a team and its answer, by keyboard and live in three windows."""

import re

import pytest
from playwright.sync_api import expect

from cases.actions import escalations, triage
from cases.models import User
from tests.factories import TeamFactory, UserFactory

from .live import live

NOTE = "Looping in backend: is the queue stuck?"


@pytest.fixture
def bea(db):
    return UserFactory(name="Bea", role=User.Role.AGENT)


@pytest.fixture
def backend(bea):
    team = TeamFactory(name="Backend")
    team.members.add(bea)
    return team


def strip(page):
    return page.get_by_role("region", name="Escalation")


def test_a_team_is_asked_in_one_window_answers_in_another_and_the_owner_sees_it(
    window, case, ada, bea, cleo, backend
):
    triage.assign(case, by=ada, assignee=ada)
    engineer = window(bea, "/desk/")
    engineer.get_by_role("link", name="Escalated to my teams").click()
    expect(engineer.get_by_text("No cases match these filters.")).to_be_visible()
    live(engineer)
    customer = window(cleo, f"/cases/{case.number}/")
    live(customer)

    owner = window(ada, f"/desk/cases/{case.number}/")
    live(owner)
    owner.keyboard.press("g")
    expect(owner.locator("#escalation_team")).to_be_focused()
    owner.locator("#escalation_team").select_option("Backend")
    owner.get_by_label("What they should find out").fill(NOTE)
    owner.keyboard.press("Control+Enter")
    expect(strip(owner)).to_contain_text("With Backend for")
    expect(strip(owner)).to_contain_text(NOTE)
    expect(owner.get_by_text("Ada escalated the case to Backend")).to_be_visible()
    expect(owner.get_by_label("Assignee")).to_have_value(str(ada.pk))

    engineer.get_by_text("1 new, show").click()
    row = engineer.get_by_role("link", name=re.compile("The card reader"))
    expect(row).to_contain_text("with Backend")
    row.click()
    live(engineer)
    engineer.keyboard.press("Shift+G")
    expect(engineer.get_by_label("Answer only agents can see it")).to_be_focused()
    engineer.keyboard.type("It was stuck. Restarted.")
    engineer.keyboard.press("Control+Enter")
    expect(strip(engineer)).to_have_count(0)

    expect(owner.locator("#timeline").get_by_text("Bea answered for Backend")).to_be_visible()
    expect(owner.locator(".event.kind-note").last).to_contain_text("It was stuck. Restarted.")
    expect(strip(owner)).to_have_count(0)
    expect(customer.locator(".event")).to_have_count(2)


def test_an_answer_that_is_being_typed_survives_what_others_do_and_that_nobody_asks_any_more(
    window, case, ada, bea, backend
):
    window.expected = ["422"]
    escalations.escalate(case, by=ada, team=backend, note=NOTE)
    page = window(bea, f"/desk/cases/{case.number}/")
    live(page)
    page.keyboard.press("Shift+G")
    answer = page.get_by_label("Answer only agents can see it")
    answer.fill("It was stuck.")
    triage.set_severity(case, by=ada, severity=1)
    expect(page.get_by_text("changed the severity")).to_be_visible()
    escalations.withdraw(case, by=ada)
    expect(page.get_by_text("Ada withdrew the escalation to Backend")).to_be_visible()
    expect(answer).to_have_value("It was stuck.")
    page.get_by_role("button", name="Send answer").click()
    expect(strip(page).get_by_role("alert")).to_contain_text("No team is asked in case")
    expect(answer).to_have_value("It was stuck.")


def test_a_question_that_is_being_typed_is_kept_beside_what_is_wrong_with_it(window, case, ada, backend):
    window.expected = ["422"]
    page = window(ada, f"/desk/cases/{case.number}/")
    live(page)
    page.keyboard.press("g")
    note = page.get_by_label("What they should find out")
    note.fill(NOTE)
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Escalate", exact=True).click()
    expect(page.get_by_label("Details", exact=True).get_by_role("alert")).to_have_text(
        "Choose the team to ask."
    )
    triage.set_severity(case, by=ada, severity=1)
    expect(page.get_by_text("changed the severity")).to_be_visible()
    expect(note).to_have_value(NOTE)


def test_the_whole_way_works_without_script(window, case, ada, bea, backend):
    owner = window(ada, f"/desk/cases/{case.number}/", java_script_enabled=False)
    owner.locator("#rest > summary").click()
    owner.locator("#escalate summary").click()
    owner.locator("#escalation_team").select_option("Backend")
    owner.get_by_label("What they should find out").fill(NOTE)
    owner.get_by_role("button", name="Escalate", exact=True).click()
    expect(strip(owner)).to_contain_text("With Backend")
    engineer = window(bea, "/desk/?escalated=mine", java_script_enabled=False)
    engineer.get_by_role("link", name=re.compile("The card reader")).click()
    engineer.locator("#answer-escalation summary").click()
    engineer.get_by_label("Answer only agents can see it").fill("Restarted.")
    engineer.get_by_role("button", name="Send answer").click()
    expect(engineer.get_by_text("Bea answered for Backend")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1440])
def test_reports_fit_the_screen_and_are_sorted_by_links(window, case, ada, bea, backend, width):
    escalations.escalate(case, by=ada, team=backend, note=NOTE)
    escalations.answer(case, by=bea, note="Restarted.")
    page = window(ada, "/desk/reports/", viewport={"width": width, "height": 900})
    table = page.get_by_role("table", name="Escalations")
    expect(table.get_by_role("row")).to_have_text(
        [re.compile("Team"), re.compile(r"Backend\s*1\s*1\s*0\s*0\s*100")]
    )
    table.get_by_role("link", name="Per cent").click()
    expect(page).to_have_url(re.compile("sort=-percent"))
    with page.expect_download() as got:
        page.get_by_role("link", name="CSV of Escalations").click()
    assert got.value.suggested_filename == "escalations-by-team-30-days.csv"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
