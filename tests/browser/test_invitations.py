"""Invited people from the mail to their first day: an agent, and the colleague of an organisation's manager."""

from playwright.sync_api import expect

from cases.models import Case, User
from tests.actions.test_invitations import link

from .looks import check_looks


def test_an_administrator_invites_an_agent_who_has_the_desk(window, adam, case):
    window.expected = ["422"]
    office = window(adam, "/admin/cases/user/")
    office.get_by_role("link", name="Invite someone").click()
    office.get_by_label("Address").fill("Agnes@Example.com")
    office.get_by_label("Role").select_option(label="Agent")
    office.get_by_role("button", name="Save", exact=True).click()
    expect(office.get_by_role("cell", name="Pending until")).to_be_visible()

    agnes = window(None, link())
    assert agnes.url.endswith("/invitation/")
    expect(agnes.get_by_text("invites you to join the desk as agent")).to_be_visible()
    check_looks(agnes)
    agnes.get_by_role("button", name="Accept").click()
    expect(agnes.get_by_text("Tell us your name.")).to_be_visible()
    agnes.get_by_label("Your name").fill("Agnes")
    agnes.get_by_role("button", name="Accept").click()
    expect(agnes.get_by_role("link", name=case.summary)).to_be_visible()
    assert User.objects.get(email="agnes@example.com").role == User.Role.AGENT


def test_a_manager_invites_a_colleague_who_reports(window, mona, cleo, till):
    office = window(mona, "/cases/")
    office.get_by_role("link", name="People").click()
    check_looks(office)
    office.get_by_label("Your colleague’s email address").fill("anna@example.com")
    office.get_by_role("button", name="Invite").click()
    expect(office.get_by_text("We’ll email an invitation to anna@example.com.")).to_be_visible()
    check_looks(office)

    anna = window(None, link(), java_script_enabled=False)
    expect(anna.get_by_text("invites you to join Bakery")).to_be_visible()
    anna.get_by_label("Your name").fill("Anna")
    anna.get_by_role("button", name="Accept").click()
    expect(anna.get_by_text("You belong to Bakery.")).to_be_visible()
    anna.get_by_role("link", name="Report", exact=False).first.click()
    anna.get_by_label("Which system?").select_option(label="Till")
    anna.get_by_label("Summary").fill("Receipts are empty")
    anna.get_by_label("What happened?").fill("Every receipt comes out blank.")
    anna.get_by_label("Medium: it slows us down, but there’s a workaround").check()
    anna.get_by_role("button", name="Send the report").click()
    expect(anna.get_by_role("heading", name="Receipts are empty")).to_be_visible()

    office.goto("/organisation/")
    office.get_by_role("link", name="Cases of Anna").click()
    expect(office.get_by_role("link", name="Receipts are empty")).to_be_visible()
    office.goto("/organisation/")
    office.get_by_role("link", name="Remove Anna").click()
    check_looks(office)
    office.get_by_role("button", name="Remove Anna").click()
    expect(office.get_by_text("Anna no longer belongs to Bakery.")).to_be_visible()
    assert Case.objects.get().organisation == mona.organisation
