"""Snoozing, tagging and merging by keyboard, live in two windows."""

import re

from playwright.sync_api import expect

from cases.actions import conversation, merging, triage
from tests.factories import CaseFactory

from .live import live


def details(page):
    return page.get_by_label("Details", exact=True)


def test_a_case_is_snoozed_and_woken_by_keyboard(window, case, ada):
    page = window(ada, f"/desk/cases/{case.number}/")
    live(page)
    page.keyboard.press("z")
    expect(page.get_by_role("button", name="In 1 hour")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Snoozed until")).to_be_visible()
    expect(page.get_by_text("Ada snoozed the case until")).to_be_visible()
    expect(page.get_by_role("button", name="In 1 hour")).to_be_hidden()
    expect(page.locator("#saved")).to_have_text("Saved")
    case.refresh_from_db()
    assert case.snoozed_until
    page.get_by_role("button", name="End snooze").press("Enter")
    expect(page.get_by_text("Snoozed until")).to_have_count(0)
    expect(page.get_by_text("Ada ended the snooze")).to_be_visible()


def test_a_time_of_ones_own_is_typed_and_a_mistake_stays_beside_it(window, case, ada):
    window.expected = ["422"]
    page = window(ada, f"/desk/cases/{case.number}/")
    live(page)
    page.keyboard.press("d")
    page.get_by_label("Or by").fill("2020-01-01T09:00")
    page.keyboard.press("Enter")
    expect(details(page).get_by_role("alert")).to_have_text("That time has passed. Choose a later one.")
    expect(page.get_by_label("Or by")).to_have_value("2020-01-01T09:00")
    expect(page.get_by_label("Or by")).to_be_focused()


def test_tags_are_typed_one_after_the_other(window, case, ada):
    page = window(ada, f"/desk/cases/{case.number}/")
    live(page)
    page.keyboard.press("t")
    for tag in ("billing", "vip"):
        page.keyboard.type(tag)
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name=tag, exact=True)).to_be_visible()
        expect(page.get_by_label("Add a tag")).to_have_value("")
        expect(page.get_by_label("Add a tag")).to_be_focused()
    page.get_by_role("button", name="Remove the tag billing").click()
    expect(page.get_by_role("link", name="billing", exact=True)).to_have_count(0)
    case.refresh_from_db()
    assert case.tags == ["vip"]


def test_a_note_of_a_handover_survives_what_others_change_meanwhile(window, case, ada, abe):
    page = window(ada, f"/desk/cases/{case.number}/")
    live(page)
    page.keyboard.press("h")
    page.get_by_label("To", exact=True).select_option("Abe")
    note = details(page).get_by_label("What they should know")
    note.fill("The bank called.")
    triage.set_severity(case, by=abe, severity=1)
    expect(page.get_by_text("changed the severity")).to_be_visible()
    expect(note).to_have_value("The bank called.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".event.kind-note")).to_contain_text("The bank called.")
    expect(page.get_by_label("Assignee")).to_have_value(str(abe.pk))


def test_an_open_menu_stays_open_while_something_else_happens(window, case, ada, abe):
    page = window(ada, f"/desk/cases/{case.number}/")
    live(page)
    page.keyboard.press("z")
    triage.set_severity(case, by=abe, severity=1)
    expect(page.get_by_label("Severity")).to_have_value("1")
    expect(page.get_by_role("button", name="In 1 hour")).to_be_visible()


def test_a_case_is_merged_and_separated_by_keyboard_and_the_customer_is_led_on(window, case, ada, cleo):
    other = CaseFactory(customer=cleo, system=case.system, summary="The drawer does not open")
    customer = window(cleo, f"/cases/{case.number}/")
    live(customer)
    page = window(ada, f"/desk/cases/{case.number}/")
    live(page)
    page.keyboard.press("Shift+M")
    expect(page.get_by_role("link", name="The drawer does not open").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(
        page.get_by_role("heading", name=f"Merge case {case.number} into case {other.number}?")
    ).to_be_visible()
    page.get_by_role("button", name="Merge").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/desk/cases/{other.number}/$"))
    page.get_by_role("link", name="Show its conversation").press("Enter")
    expect(page.locator(f"#conversation-{case.number}")).to_contain_text(
        "Since this morning every card is refused."
    )
    expect(customer.get_by_text(f"This case continues in case {other.number}", exact=True)).to_be_visible()
    expect(customer.get_by_role("button", name="Send reply")).to_have_count(0)
    page.get_by_role("button", name="Separate again").press("Enter")
    expect(page).to_have_url(re.compile(f"/desk/cases/{case.number}/$"))
    expect(customer.get_by_role("button", name="Send reply")).to_be_visible()


def test_what_a_customer_types_during_a_merge_is_kept_and_arrives(window, case, ada, cleo):
    other = CaseFactory(customer=cleo, system=case.system)
    customer = window(cleo, f"/cases/{case.number}/")
    live(customer)
    customer.get_by_label("Reply", exact=True).fill("It also smells.")
    merging.merge(case, by=ada, into=other)
    expect(customer.get_by_text("This case continues in case")).to_be_visible()
    expect(customer.get_by_label("Reply", exact=True)).to_have_value("It also smells.")
    customer.get_by_role("button", name="Send reply").click()
    expect(customer).to_have_url(re.compile(f"/cases/{other.number}/$"))
    expect(customer.locator(".event.kind-reply").last).to_contain_text("It also smells.")


def test_the_whole_way_of_merging_works_without_script(window, case, ada, cleo):
    other = CaseFactory(customer=cleo, system=case.system)
    page = window(ada, f"/desk/cases/{case.number}/", java_script_enabled=False)
    page.locator("#rest > summary").click()
    page.locator("#merge summary").click()
    page.locator("#merge").get_by_label("Number").fill(f"#{other.number}")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Merge").click()
    page.get_by_role("link", name="Show its conversation").click()
    expect(page.locator(".timeline")).to_contain_text("Since this morning every card is refused.")
    customer = window(cleo, f"/cases/{case.number}/", java_script_enabled=False)
    customer.get_by_role("link", name=f"case {other.number},").click()
    expect(customer.get_by_role("button", name="Send reply")).to_be_visible()


def test_brackets_walk_the_queue(window, case, ada):
    other = CaseFactory()
    conversation.reply(case, by=ada, body="Please try.")
    page = window(ada, "/desk/")
    page.get_by_role("link", name=re.compile("The card reader")).first.click()
    expect(page).to_have_url(re.compile(f"/desk/cases/{other.number}/$"))
    page.keyboard.press("]")
    expect(page).to_have_url(re.compile(f"/desk/cases/{case.number}/$"))
    page.keyboard.press("[")
    expect(page).to_have_url(re.compile(f"/desk/cases/{other.number}/$"))
