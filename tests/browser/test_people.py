"""From a case or a name to the page of a customer, without a mouse; and how such pages look."""

import re

from playwright.sync_api import expect

from cases.actions import cards, conversation, profiles
from tests.factories import upload

from .live import live
from .looks import WIDTHS, check_looks


def test_a_customer_is_opened_by_a_key_or_by_name_and_noted_of(window, case, cleo, ada):
    page = window(ada, f"/desk/cases/{case.number}/")
    live(page)
    page.keyboard.press("C")
    expect(page.get_by_role("heading", name="Cleo")).to_be_visible()
    page.keyboard.press("e")
    page.get_by_label("Phone").fill("+49 30 123")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("+49 30 123").first).to_be_visible()
    assert cards.card_of(cleo).phone == "+49 30 123"
    page.goto("/desk/macros/")
    page.keyboard.press("Control+k")
    expect(page.locator("dialog#palette input")).to_be_focused()
    page.keyboard.type("cle")
    expect(page.get_by_role("option", selected=True)).to_contain_text("Cleo")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/desk/customers/{cleo.pk}/$"))


def test_axe_finds_nothing_and_nothing_runs_over_the_edge(window, case, cleo, ada):
    profiles.show_face(upload(), by=cleo)
    conversation.reply(case, by=cleo, body="Look.")
    cards.write(cleo, by=ada, seen=0, phone="+49 30 123", note="Rings **early**.")
    cards.write(cleo, by=ada, seen=1, note="averyveryveryveryveryveryveryverylongwordwithoutanybreakinit")
    page = window(ada, "/desk/")
    for path in (
        f"/desk/customers/{cleo.pk}/",
        f"/desk/customers/{cleo.pk}/card/",
        f"/desk/organisations/{cleo.organisation_id}/",
        "/accounts/profile/",
    ):
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 844})
            page.goto(path)
            check_looks(page)
