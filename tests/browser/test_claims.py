"""A visitor types somebody's address: what they, the desk and the owner of the address see."""

from playwright.sync_api import expect

from cases.actions import conversation
from cases.models import Case
from tests.factories import CaseFactory

MARK = "address not confirmed"


def test_a_typed_address_is_marked_until_its_owner_confirms_it(window, till, ada, cleo):
    window.expected = ["422", "401"]  # the merge that was not meant, and the visitor once they are out
    cleo.keep_address(verified=True)
    case = CaseFactory(customer=cleo, system=till, summary="The drawer does not open")
    visitor = window(None, "/cases/new/")
    visitor.get_by_label("Which system?").select_option(label="Till")
    visitor.get_by_label("Summary").fill("Receipts are empty")
    visitor.get_by_label("What happened?").fill("Every receipt comes out blank.")
    visitor.get_by_label("Medium: it slows us down, but there’s a workaround").check()
    visitor.get_by_label("Your name").fill("Not Cleo")
    visitor.get_by_label("Your email address").fill(cleo.email)
    visitor.get_by_role("button", name="Send the report").click()
    expect(visitor.get_by_text(MARK).first).to_be_visible()
    mine = Case.objects.get(unproven=True)

    desk = window(ada, "/desk/")
    expect(desk.locator(f"#row-{mine.number} .unproven")).to_have_attribute("title", "Address not confirmed")
    desk.goto(f"{desk.url}cases/{mine.number}/")
    expect(desk.locator("#status")).to_contain_text(f"Not Cleo {MARK}")
    conversation.reply(mine, by=ada, body="Which printer is it?")
    expect(visitor.get_by_text("Which printer is it?")).to_be_visible()

    desk.goto(f"{desk.url}merge/?into={case.number}")
    expect(desk.get_by_text(f"They see nothing of case {case.number}")).to_be_visible()
    desk.get_by_role("button", name="Merge").click()
    expect(
        desk.get_by_text("Confirm that you want to merge it although the address isn’t confirmed.")
    ).to_be_visible()

    owner = window(cleo, "/cases/")
    expect(owner.get_by_role("heading", name="Reported with your address. Was it you?")).to_be_visible()
    owner.get_by_role("button", name="Yes, it was me").click()
    expect(owner.get_by_text("Which printer is it?")).to_be_visible()
    expect(owner.get_by_text(MARK)).to_have_count(0)

    visitor.reload()
    expect(visitor.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
