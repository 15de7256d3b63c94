"""The first week of a small team, by what its pages say: from the one-time link to a case at night."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import expect

from cases.actions import first_administrator
from cases.models import Case

from .live import NUDGED, live
from .looks import WIDTHS, check_looks
from .test_bell import HIDE
from .test_macros import reply_box

PHONE = {"viewport": {"width": 390, "height": 844}}
KEY = "AKIAIOSFODNN7EXAMPLE"


def check_both(page):
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        check_looks(page)


def set_up(page):
    """An account, a brand, two systems and who hears of new cases."""
    page.get_by_label("Your name").fill("Nora")
    page.get_by_label("Your email address").fill("nora@example.com")
    page.get_by_label("A password").fill("a long way home")
    page.get_by_role("button", name="Make my account").click()
    page.get_by_role("link", name="Name and brand").click()
    page.get_by_label("Name", exact=True).fill("Meadow Tools")
    page.get_by_label("Colour").fill("#0b6e4f")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("you are “Meadow Tools”")).to_be_visible()
    for name, link in (("Web shop", "Add a system"), ("Scanner", "Systems")):
        page.get_by_role("link", name=link, exact=True).click()
        page.get_by_label("Name").fill(name)
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text(f"“{name}” is saved.")).to_be_visible()
    page.get_by_role("link", name="Choose", exact=True).click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Nora gets each new case")).to_be_visible()


def colleague(window, page, name, email):
    """Their window, signed in with the password that the administrator hands them."""
    page.goto("/setup/colleagues/")
    page.get_by_label("Their name").fill(name)
    page.get_by_label("Their email address").fill(email)
    page.get_by_role("button", name="Make their account").click()
    expect(page.get_by_role("status").filter(has_text=email)).to_be_visible()
    password = page.locator("code.secret").inner_text()
    theirs = window(None, "/accounts/login/")
    expect(theirs.get_by_role("button", name="Email me a code")).to_have_count(0)  # no mail goes
    theirs.get_by_label("Email").fill(email)
    theirs.get_by_label("Password").fill(password)
    theirs.get_by_role("button", name="Sign in", exact=True).click()
    expect(theirs.locator("#bell")).to_be_visible()
    return theirs


def report(page, name, summary, words="It stopped this morning.", severity="Medium"):
    page.get_by_role("link", name="Report a problem").first.click()
    page.get_by_label("Which system?").select_option(label="Web shop")
    page.get_by_label("Summary").fill(summary)
    page.get_by_label("What happened?").fill(words)
    page.get_by_label(f"{severity}: ").check()
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Your email address").fill(f"{name.lower()}@elsewhere.example")
    page.get_by_role("button", name="Send the report").click()


def reported(page, summary):
    expect(page.get_by_role("heading", name=summary)).to_be_visible()
    live(page)
    return page


def open_rest(page):
    if page.locator("#panel > summary").is_visible():  # on a phone the details fold
        page.locator("#panel > summary").click()
    page.locator("#rest > summary").click()


def correct(page, link):
    open_rest(page)
    page.locator("#correct > summary").click()
    page.get_by_role("link", name=link).click()


def test_a_week_of_a_small_team(window, settings):
    settings.MAIL_GOES = False
    window.expected = ["422"]
    link = urlsplit(first_administrator.link())
    nora = window(None, f"{link.path}?{link.query}")
    set_up(nora)
    ada = colleague(window, nora, "Ada", "ada@example.com")

    # The first customers: one by phone, one in the dark, and one whom nobody asked for.
    cleo = window(None, "/", **PHONE)
    report(cleo, "Cleo", "The basket is empty", severity="High")
    reported(cleo, "The basket is empty")
    expect(
        cleo.get_by_text(
            "You can only open this case in this browser: email is off here, so your address can’t be confirmed."
        )
    ).to_be_visible()
    check_looks(cleo)
    carl = window(None, "/", color_scheme="dark")
    report(carl, "Carl", "It beeps twice", f"The key is {KEY}, look yourself.")
    carl.get_by_role("button", name="Send anyway").click()
    reported(carl, "It beeps twice")
    watches = window(None, "/")
    report(watches, "Best", "Cheap watches", severity="Critical")
    reported(watches, "Cheap watches")

    # All three were told of; the menu of the bell leads on, on a phone too.
    ada.goto("/desk/")
    expect(ada.locator("#bell b")).to_have_text("3", timeout=NUDGED)
    ada.set_viewport_size(PHONE["viewport"])
    ada.locator("#bell").click()
    expect(ada.get_by_role("list", name="Newest notices").get_by_role("link")).to_have_count(3)
    expect(ada.get_by_role("link", name="How you are told")).to_be_in_viewport(ratio=1)
    check_both(ada)

    # A wrong system and a pasted key are put right, and the customer reads it at once.
    ada.goto(f"/desk/cases/{Case.objects.get(summary='It beeps twice').number}/")
    live(ada)
    correct(ada, "Correct the system")
    ada.get_by_label("System").select_option(label="Scanner")
    check_both(ada)
    ada.get_by_role("button", name="Go on").click()
    check_both(ada)
    ada.get_by_role("button", name="Change the system").click()
    expect(ada.get_by_text("is now about Scanner.")).to_be_visible()
    expect(carl.get_by_text("changed the system to Scanner")).to_be_visible(timeout=NUDGED)
    live(ada)
    ada.get_by_role("link", name="Remove…").click()
    check_both(ada)
    ada.get_by_role("button", name="Remove it", exact=True).click()
    expect(ada.get_by_text("[removed]")).to_be_visible()
    expect(carl.get_by_text(KEY)).to_have_count(0, timeout=NUDGED)

    # Spam leaves the queue.
    ada.goto(f"/desk/cases/{Case.objects.get(summary='Cheap watches').number}/")
    live(ada)
    open_rest(ada)
    ada.get_by_role("button", name="Mark as spam").click()
    expect(ada.get_by_role("button", name="Not spam")).to_be_visible()
    check_both(ada)
    ada.goto("/desk/")
    expect(ada.get_by_role("link", name="It beeps twice")).to_be_visible()
    expect(ada.get_by_role("link", name="Cheap watches")).to_have_count(0)

    # An answer takes the case, and reaches the phone.
    ada.get_by_role("link", name="The basket is empty").click()
    reply_box(ada).fill("It is back: please look again.")
    ada.get_by_role("button", name="Send reply and take the case").click()
    expect(cleo.get_by_text("It is back: please look again.")).to_be_visible(timeout=NUDGED)

    # A colleague comes, and a case at night reaches both, whose tabs are hidden.
    abe = colleague(window, nora, "Abe", "abe@example.com")
    ada.goto("/desk/macros/")
    for page in (ada, abe):
        page.evaluate(HIDE, True)
    night = window(None, "/", **PHONE, color_scheme="dark")
    report(night, "Nina", "The shop is down", severity="Critical")
    reported(night, "The shop is down")
    for page in (ada, abe):
        expect(page).to_have_title(re.compile(r"^\(\d\) "), timeout=NUDGED)
        page.evaluate(HIDE, False)
    abe.locator("#bell").click()
    abe.get_by_role("list", name="Newest notices").get_by_role("link", name="The shop is down").click()
    expect(abe.get_by_role("heading", name="The shop is down")).to_be_visible()
    live(abe)
    check_both(abe)
