"""Administration in Chromium: axe finds nothing, in both themes, wide and narrow, and it reads like the desk."""

import pytest
from playwright.sync_api import expect

from cases.models import Macro, Tag, Team
from tests.factories import job

from .looks import WIDTHS, check_looks

PAGES = (
    "",
    *("cases/user/", "cases/user/{cleo}/change/", "cases/invitation/add/", "cases/organisation/"),
    *("cases/limit/add/", "cases/team/", "cases/team/{team}/change/", "cases/team/{team}/delete/"),
    *("cases/system/", "cases/system/{system}/change/", "cases/policy/", "cases/policy/add/"),
    *("cases/businesshours/add/", "cases/macro/", "cases/macro/{macro}/change/"),
    *("cases/mailbox/add/", "cases/mailtext/add/", "cases/receivedmail/"),
    *("cases/case/", "cases/case/{case}/change/", "cases/case/import/", "cases/incident/"),
    "jobs/",
    *("cases/tag/", "cases/tag/{tag}/change/"),
)


@pytest.fixture
def numbers(case, cleo, ada):
    team = Team.objects.create(name="First line")
    team.members.add(ada)
    macro = Macro.objects.create(name="Ask for a log", body="Hello {customer}.", tags=["logs"])
    for status in ("todo", "doing", "failed"):
        job(status)
    return {
        "case": case.number,
        "cleo": cleo.pk,
        "team": team.pk,
        "system": case.system_id,
        "macro": macro.pk,
        "tag": Tag.objects.create(name="vip").pk,
    }


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_in_administration(window, numbers, adam, path):
    page = window(adam, f"/admin/{path}".format(**numbers))
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        page.reload()
        check_looks(page)


def test_administration_has_the_theme_of_the_desk_and_the_way_back_to_it(window, adam):
    page = window(adam, "/admin/", color_scheme="light")
    page.get_by_label("Account and theme").click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_role("link", name="Teams").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.get_by_role("heading", name="Teams", level=1)).to_be_visible()
    page.get_by_role("link", name="Queue").click()
    expect(page.get_by_role("navigation", name="Views")).to_be_visible()
