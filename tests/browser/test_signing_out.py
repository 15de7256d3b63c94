"""Who signs out leaves nothing behind that the next one at this computer could go back to."""

import os
import re
import shutil

import pytest
from playwright.sync_api import expect

SIGN_IN = re.compile("/accounts/login/")


@pytest.fixture(scope="session")
def keeping(chromium):
    """Chromium as people have it. It keeps the pages that one leaves, to show them at once when one goes back."""
    browser = chromium.browser_type.launch(
        executable_path=os.environ.get("CHROMIUM")
        or shutil.which("chromium")
        or shutil.which("google-chrome"),
        args=["--no-sandbox", "--disable-gpu"],
        ignore_default_args=["--disable-back-forward-cache"],
    )
    yield browser
    browser.close()


@pytest.fixture
def tabs(keeping, portal, browser_of):
    """The tabs of somebody's browser, each at an address: `tabs(ada, "/desk/")`."""
    contexts = []

    def opened(person, *addresses, **options):
        context = keeping.new_context(base_url=portal.address, **options)
        contexts.append(context)
        session = browser_of(person).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": portal.address}])
        pages = [context.new_page() for _ in addresses]
        for page, address in zip(pages, addresses, strict=True):
            page.goto(address)
        return pages

    yield opened
    for context in contexts:
        context.close()
    portal.rest()


def sign_out(page):
    page.locator("summary[aria-label='Account and theme']").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile(r":\d+/$"))


def go_back(page):
    """Press Back. A page that the browser kept does not load, so there is nothing else to wait for."""
    page.go_back(wait_until="commit")


@pytest.mark.parametrize(
    ("name", "start", "path"), [("cleo", "/cases/", "/cases/"), ("ada", "/desk/", "/desk/cases/")]
)
def test_back_shows_nothing_after_signing_out(tabs, case, request, name, start, path):
    [page] = tabs(request.getfixturevalue(name), start)
    page.goto(f"{path}{case.number}/")
    sign_out(page)
    for _ in range(2):
        go_back(page)
        expect(page).to_have_url(SIGN_IN)
        assert case.summary not in page.content()


def test_back_shows_nothing_where_no_script_runs(tabs, case, cleo):
    [page] = tabs(cleo, f"/cases/{case.number}/", java_script_enabled=False)
    sign_out(page)
    go_back(page)
    expect(page).to_have_url(SIGN_IN)


def test_back_from_a_case_brings_the_queue_as_it_was_left(tabs, case, ada):
    """Without being made anew, which is what the guard must not cost."""
    [page] = tabs(ada, "/desk/")
    page.reload()  # the first page came before the browser had told that it runs scripts
    page.evaluate("window.left = 'as it was'")
    page.locator("[data-row] a").first.click()
    expect(page).to_have_url(re.compile("/desk/cases/"))
    go_back(page)
    expect(page.locator("[data-row] a").first).to_be_visible()
    assert page.evaluate("window.left") == "as it was"


def test_other_tabs_leave_too_be_something_typed_in_them(tabs, case, ada):
    [page, other] = tabs(ada, "/desk/", f"/desk/cases/{case.number}/")
    other.locator("textarea[name=body]").first.fill("They have not paid")
    sign_out(page)
    expect(other).to_have_url(SIGN_IN)
    assert case.summary not in other.content()
