"""An agent's first day, limited to one system and with an app for the second factor; and the last one."""

from playwright.sync_api import expect

from cases import tasks
from cases.actions import triage
from cases.models import Bulk, Case, Limit
from tests.actions.test_invitations import link
from tests.factories import CaseFactory, SystemFactory

from .looks import check_looks
from .test_sign_in import shown


def test_an_agent_is_invited_to_one_system_sets_up_an_app_and_sees_that_system_alone(window, adam, case):
    Limit.objects.create(name="The till", systems=[case.system_id])
    hidden = CaseFactory(system=SystemFactory(name="Scale"), summary="The scale shows nothing")
    office = window(adam, "/admin/cases/invitation/add/")
    office.get_by_label("Address").fill("agnes@example.com")
    office.get_by_label("Role").select_option(label="Agent")
    office.get_by_label("Limit").select_option(label="The till")
    office.get_by_role("button", name="Save", exact=True).click()
    expect(office.get_by_role("cell", name="Pending until")).to_be_visible()

    agnes = window(None, link())
    agnes.get_by_label("Your name").fill("Agnes")
    agnes.get_by_role("button", name="Accept").click()
    expect(agnes.get_by_role("link", name=case.summary)).to_be_visible()
    expect(agnes.get_by_text(hidden.summary)).to_have_count(0)
    agnes.goto("/accounts/security/")
    agnes.get_by_role("link", name="Set up").click()
    agnes.get_by_label("The code that the app shows now").fill(shown(agnes.locator(".secret").inner_text()))
    agnes.get_by_role("button", name="Set it up").click()
    expect(agnes.locator(".codes li").first).to_be_visible()
    window.expected = ["404"]
    agnes.goto(f"/desk/cases/{hidden.number}/")
    expect(agnes.get_by_text(hidden.summary)).to_have_count(0)


def test_who_leaves_is_out_and_somebody_else_has_the_cases(window, lena, ada, abe, case):
    window.expected = ["401", "403", "404"]
    triage.assign(case, by=ada, assignee=ada)
    theirs, abes = window(ada, "/desk/"), window(abe, f"/desk/cases/{case.number}/")
    expect(theirs.get_by_role("link", name=case.summary)).to_be_visible()

    lead = window(lena, "/desk/people/")
    lead.get_by_role("link", name=f"Leaves… {ada}").click()
    expect(lead.get_by_text("Cases that are not closed")).to_be_visible()
    check_looks(lead)
    lead.get_by_label("Who takes over?").select_option(label=str(abe))
    lead.get_by_role("button", name=f"Hand over and deactivate {ada}").click()
    expect(lead.get_by_text(f"{ada} is deactivated")).to_be_visible()

    tasks.run_bulk(bulk=Bulk.objects.get().pk)
    expect(abes.get_by_label("Assignee")).to_have_value(str(abe.pk))
    assert Case.objects.get().assignee == abe
    theirs.goto("/desk/")
    expect(theirs.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
