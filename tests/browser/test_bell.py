"""The bell in all tabs at once, be they hidden, and what it says beyond them."""

import json
import re

from playwright.sync_api import expect

from cases.actions import conversation, notifications
from cases.live import stream
from cases.models import Notification
from tests.factories import CaseFactory

from .live import NUDGED, live

HIDE = """hidden => {
    Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});
    document.dispatchEvent(new Event('visibilitychange'));
}"""


def tab(page, path):
    """Another one of the same browser."""
    other = page.context.new_page()
    other.goto(path)
    return other


def test_hidden_tabs_say_how_much_is_unread_and_read_nothing_by_that(window, case, ada, cleo):
    notifications.follow(case, by=ada)
    pages = [window(ada, f"/desk/cases/{case.number}/")]
    pages += [tab(pages[0], path) for path in (f"/desk/cases/{case.number}/", "/desk/macros/")]
    for page in pages:
        expect(page.locator("#bell")).to_be_visible()
    live(pages[0])
    title = pages[0].title()
    for page in pages:
        page.evaluate(HIDE, True)
    conversation.reply(case, by=cleo, body="Hello?")
    for page in pages:
        expect(page.locator("#bell b")).to_have_text("1", timeout=NUDGED)
        expect(page).to_have_title(re.compile(r"^\(1\) "))
        expect(page.locator("link[rel=icon]")).to_have_attribute("href", re.compile("mark_unread"))
    assert Notification.objects.get().read_at is None
    expect(pages[0].get_by_text("Hello?")).to_have_count(0)

    pages[0].close()  # whichever led, another one goes on
    conversation.reply(case, by=cleo, body="Anybody?")
    for page in pages[1:]:
        expect(page.locator("#bell b")).to_have_text("2", timeout=NUDGED)
    pages[1].evaluate(HIDE, False)
    for page in pages[1:]:
        expect(page.locator("#bell b")).to_have_count(0, timeout=NUDGED)
        expect(page.locator("link[rel=icon]")).not_to_have_attribute("href", re.compile("mark_unread"))
    expect(pages[1]).to_have_title(title)


def test_a_hidden_page_that_leads_counts_as_old_as_what_it_shows(window, case, ada):
    window.expected = ["Failed to load resource"]
    page = window(ada, f"/desk/cases/{case.number}/", clock=True)
    live(page)
    page.evaluate(HIDE, True)
    with page.expect_request("**/live/?*on=notices*"):
        page.clock.run_for(120_000)  # the stream is silent meanwhile, and begun anew
    expect(page.locator("#indicator")).to_have_attribute("data-state", "live")
    page.context.route("**/live/**", lambda route: route.abort())
    page.evaluate(HIDE, False)
    page.clock.run_for(1000)
    expect(page.locator("#indicator")).to_contain_text("Reconnecting, last updated 2 min ago")


def test_a_hidden_page_without_a_stream_looks_at_once_when_it_is_shown(window, case, ada, cleo, monkeypatch):
    monkeypatch.setitem(stream.MOST_OF, "user", 0)
    page = window(ada, f"/desk/cases/{case.number}/", clock=True)
    expect(page.locator("#indicator")).to_contain_text("Checks every 20 s")
    expect(page.locator(".htmx-request")).to_have_count(0)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate(HIDE, True)
    conversation.reply(case, by=cleo, body="Hello?")
    with page.expect_response("**/desk/notices/count/"):
        page.clock.run_for(21_000)
    assert not any(f"/cases/{case.number}/live/" in url for url in asked)
    page.evaluate(HIDE, False)
    expect(page.get_by_text("Hello?")).to_be_visible(timeout=NUDGED)


def test_the_menu_of_the_bell_goes_by_keyboard_and_reads_all_at_once(window, hold, case, ada, cleo):
    notifications.follow(case, by=ada)
    page = window(ada, "/desk/macros/")
    page.keyboard.press("b")
    expect(page.get_by_text("No notices yet.")).to_be_visible()
    page.keyboard.press("Escape")
    event = conversation.reply(case, by=cleo, body="Hello?")
    expect(page.locator("#bell b")).to_have_text("1", timeout=NUDGED)
    page.keyboard.press("b")
    newest = page.get_by_role("list", name="Newest notices").get_by_role("link")
    expect(newest).to_be_focused()
    button = page.get_by_role("button", name="Mark all as read")
    held = hold(page, "**/desk/notices/reading/")
    with page.expect_response("**/desk/notices/count/*"):  # of the nudge, which comes before the answer
        button.press("Enter")
        held.wait()
    expect(button).to_be_hidden()
    expect(newest).to_be_focused()
    held.let_go()
    expect(page.locator(".htmx-request")).to_have_count(0)
    expect(newest).to_be_focused()
    assert Notification.objects.get().read_at
    newest.press("Enter")
    expect(page).to_have_url(re.compile(f"/desk/cases/{case.number}/#event-{event.sequence}$"))


def shown(page):
    """The notifications that the browser shows, by what is on them."""
    script = "async () => (await (await navigator.serviceWorker.ready).getNotifications()).map(n => [n.title, n.body])"
    return page.evaluate(script)


def until_shown(page, *wanted):
    for _ in range(100):
        if shown(page) == [*wanted]:
            return
        page.wait_for_timeout(100)
    assert shown(page) == [*wanted]


def push_to(page, message):
    """Hand the worker what its push service would, decrypted."""
    session, found = page.context.new_cdp_session(page), []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda told: found.extend(told["registrations"]))
    session.send("ServiceWorker.enable")
    while not found:
        page.wait_for_timeout(50)
    origin = page.evaluate("location.origin")
    which = next(one["registrationId"] for one in found if one["scopeURL"] == f"{origin}/")
    sent = {"origin": origin, "registrationId": which, "data": json.dumps(message)}
    session.send("ServiceWorker.deliverPushMessage", sent)


def test_a_case_at_night_rings_the_bell_and_its_notification_opens_it(window, ada, till, team):
    team.members.add(ada)
    till.team = team
    till.save()
    page = window(ada, "/accounts/notifications/", permissions=["notifications"])
    page.get_by_label("Show a notification").check()
    expect(page.get_by_text("Saved for this device.")).to_be_visible()
    other = tab(page, "/desk/macros/")
    for one in (page, other):
        one.evaluate(HIDE, True)
    night = CaseFactory(system=till, summary="The till burns", customer_name="Nina Night")
    for one in (page, other):
        expect(one).to_have_title(re.compile(r"^\(1\) "), timeout=NUDGED)
    until_shown(page, [f"Case {night.number}", "New for your team"])

    worker = page.context.service_workers[0]
    opened = worker.evaluate(
        """async () => {
            const opened = [];
            clients.openWindow = (address) => opened.push(address);
            const [notification] = await registration.getNotifications();
            dispatchEvent(new NotificationEvent('notificationclick', { notification }));
            while (!opened.length) await new Promise((done) => setTimeout(done, 20));
            return opened;
        }"""
    )
    assert shown(page) == []
    other.goto(opened[0])
    expect(other.get_by_role("heading", name="The till burns")).to_be_visible()
    expect(page.locator("#bell b")).to_have_count(0, timeout=NUDGED)
    other.evaluate(HIDE, False)
    live(other)

    # What the case in front shows is read there, and told nowhere else.
    conversation.reply(night, by=None, role="customer", body="Still.")
    expect(other.get_by_text("Still.")).to_be_visible()
    other_case = CaseFactory(system=till, summary="The scale too")
    until_shown(page, [f"Case {other_case.number}", "New for your team"])


def test_where_no_tab_can_lead_nothing_can_be_chosen(window, ada):
    page = window(ada, "/desk/")
    page.add_init_script("Object.defineProperty(Navigator.prototype, 'locks', {get: () => undefined})")
    page.goto("/accounts/notifications/")
    expect(page.get_by_text("Sounds and notifications are off")).to_be_visible()
    for name in (
        "Play a sound",
        "Show a notification",
        "Include who wrote and what the case is about, also on a locked screen",
        "Also by push when none of our pages is open",
    ):
        expect(page.get_by_label(name)).to_be_disabled()


def test_without_a_network_the_page_says_so_and_holds_nothing_of_anybodys(window, case, ada):
    page = window(ada, "/accounts/notifications/", permissions=["notifications"])
    page.get_by_label("Show a notification").check()
    expect(page.get_by_text("Saved for this device.")).to_be_visible()
    page.get_by_role("button", name="Try it").click()
    until_shown(page, ["Like this", ""])
    push_to(
        page,
        {"title": "Case 9", "body": "New for your team", "address": "/desk/cases/9/#event-1", "tag": "9"},
    )
    until_shown(page, ["Case 9", "New for your team"], ["Like this", ""])
    page.goto(f"/desk/cases/{case.number}/")
    page.context.set_offline(True)
    window.expected = ["ERR_INTERNET_DISCONNECTED"]
    page.goto("/desk/macros/")
    expect(page.get_by_role("heading", name="No connection")).to_be_visible()
    kept = page.evaluate(
        "async () => { const texts = []; for (const name of await caches.keys()) { const cache = await caches.open(name);"
        " for (const request of await cache.keys()) texts.push(await (await cache.match(request)).text()) }"
        " return texts.join() }"
    )
    assert "No connection" in kept
    assert ada.name not in kept
    assert case.summary not in kept
    page.context.set_offline(False)
    page.get_by_role("link", name="Try again").click()
    expect(page.get_by_role("heading", name="Macros")).to_be_visible()
    page.evaluate("localStorage.setItem('tells.sound', 'on')")
    page.get_by_label("Account and theme").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in", exact=True)).to_be_visible()
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('tells'))") == []
