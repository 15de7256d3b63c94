"""What appears while an agent writes is not overlooked."""

from playwright.sync_api import expect

from cases.actions import conversation, triage
from cases.models import Kind

from .live import NUDGED, live


def test_an_answer_that_appears_while_one_types_is_pointed_out_and_asked_about_once(window, case, ada, cleo):
    window.expected = ["422"]
    page = window(ada, f"/desk/cases/{case.number}/")
    live(page)
    page.get_by_label("Reply", exact=True).fill("Have you tried another cable?")
    conversation.reply(case, by=cleo, body="It works again.")
    arrived = page.locator("#to-reply + form .arrived-since")
    expect(arrived).to_have_text("1 new message since you started writing · Show", timeout=NUDGED)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("after you began. Send anyway?")).to_be_visible()
    assert case.events.filter(author=ada, kind=Kind.REPLY).count() == 0
    page.get_by_role("button", name="Send anyway").click()
    expect(page.get_by_label("Reply", exact=True)).to_have_value("")
    expect(arrived).to_have_text("")


def test_ones_own_note_is_nothing_new(window, case, ada):
    page = window(ada, f"/desk/cases/{case.number}/")
    live(page)
    page.get_by_label("Reply", exact=True).fill("Have you tried another cable?")
    page.locator("#to-note").click()
    page.get_by_role("textbox", name="Internal note").fill("She did.")
    page.get_by_role("button", name="Add note").click()
    expect(page.locator(".kind-note")).to_have_count(1)
    expect(page.locator(".arrived-since").first).to_have_text("")


def test_on_a_phone_a_case_opens_at_its_title_with_its_details_folded(window, case, ada, abe):
    page = window(ada, f"/desk/cases/{case.number}/", viewport={"width": 390, "height": 600})
    live(page)
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport()
    expect(page.get_by_label("Severity", exact=True)).to_be_hidden()
    triage.set_severity(case, by=abe, severity=1)
    expect(page.get_by_text("changed the severity")).to_be_visible(timeout=NUDGED)
    expect(page.get_by_label("Severity", exact=True)).to_be_hidden()
    page.get_by_text("Details", exact=True).click()
    expect(page.get_by_label("Severity", exact=True)).to_be_visible()
