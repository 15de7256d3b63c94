"""Files in a real browser: pasted, dropped, chosen, seen by the other side; and uploads that break off."""

import base64
import socket
import time
from urllib.parse import urlsplit

import pytest
from django.test import Client
from playwright.sync_api import expect

from cases.actions import attachments, conversation, resolution
from cases.models import Attachment, Case
from tests.factories import picture, upload

from .live import NUDGED, live

PASTE = """([content, name, type, where]) => {
  const bytes = Uint8Array.from(atob(content), (char) => char.charCodeAt(0));
  const clipboardData = new DataTransfer();
  clipboardData.items.add(new File([bytes], name, { type }));
  document.querySelector(where).dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""
DROP = """([content, name, type, where]) => {
  const bytes = Uint8Array.from(atob(content), (char) => char.charCodeAt(0));
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([bytes], name, { type }));
  for (const kind of ["dragover", "drop"])
    document.querySelector(where).dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }));
}"""


def bring(page, how, content, name, kind, where="textarea[name=body]"):
    page.evaluate(how, [base64.b64encode(content).decode(), name, kind, where])


def choose(page, *files, area="[data-attach]:visible"):
    payload = [{"name": name, "mimeType": "text/plain", "buffer": content} for name, content in files]
    page.locator(f"{area} input[type=file]").first.set_input_files(payload)


def chosen(page):
    return page.locator("[data-attach]:visible .files li")


def is_wide(page):
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


@pytest.mark.parametrize("width", [1440, 390])
def test_a_pasted_screenshot_and_a_dropped_file_are_seen_by_the_agent_within_a_second(
    window, case, ada, cleo, width
):
    view = {"viewport": {"width": width, "height": 800}}
    customer = window(cleo, f"/cases/{case.number}/", **view)
    agent = window(ada, f"/desk/cases/{case.number}/", **view)
    live(customer)
    live(agent)
    bring(customer, PASTE, picture(size=(800, 500)), "image.png", "image/png")
    bring(customer, DROP, b"ERROR 17\n" * 100, "till.log", "text/plain")
    expect(chosen(customer)).to_have_count(2)
    expect(chosen(customer).first).to_contain_text("Screenshot")
    assert not is_wide(customer)
    customer.get_by_label("Reply", exact=True).fill("That is what it shows.")
    customer.get_by_role("button", name="Send reply").click()
    message = agent.locator(".event").filter(has_text="That is what it shows.")
    expect(message.locator(".attached li")).to_have_count(2, timeout=NUDGED)
    expect(message.get_by_role("link", name="till.log")).to_be_visible()
    shown = message.locator("img")
    shown.scroll_into_view_if_needed()
    agent.wait_for_function(
        "(image) => image.complete && image.naturalWidth === 640", arg=shown.element_handle()
    )
    assert not is_wide(agent)
    expect(chosen(customer)).to_have_count(0)
    message.locator(".picture").click()
    large = agent.get_by_role("dialog", name="Picture").locator("img")
    agent.wait_for_function("(image) => image.naturalWidth === 800", arg=large.element_handle())


def test_a_file_is_chosen_by_key_and_removed(window, case, cleo):
    page = window(cleo, f"/cases/{case.number}/")
    page.get_by_label("Reply", exact=True).focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.type") == "file"
    choose(page, ("a.txt", b"a"), ("b.txt", b"b"))
    expect(page.locator(".files [name=attachments]")).to_have_count(2)
    with page.expect_response("**/removal/"):
        page.get_by_role("button", name="Remove a.txt").press("Enter")
    expect(chosen(page)).to_have_count(1)
    page.get_by_role("button", name="Send reply").click()
    expect(page.locator(".attached li")).to_have_text("b.txt 1\xa0byte")
    assert [one.name for one in Attachment.objects.all()] == ["b.txt"]


def test_a_file_that_is_removed_as_it_arrives_is_not_kept(window, case, cleo, hold):
    page = window(cleo, f"/cases/{case.number}/")
    held = hold(page, "**/attachments/?*")
    choose(page, ("a.txt", b"a"))
    held.wait()
    assert Attachment.objects.exists()
    page.get_by_role("button", name="Remove a.txt").click()
    with page.expect_response("**/removal/"):
        held.let_go()
    assert not Attachment.objects.exists()


def test_what_cannot_be_taken_is_said_beside_it_and_the_rest_goes(window, case, cleo, settings):
    settings.ATTACHMENT_MB = 1
    window.expected.append("422")
    page = window(cleo, f"/cases/{case.number}/")
    choose(
        page,
        ("empty.txt", b""),
        ("large.bin", b"x" * 1_100_000),
        ("good.txt", b"good"),
        ("twice.txt", b"good"),
    )
    expect(page.get_by_text("“empty.txt” is empty: it has 0 bytes.")).to_be_visible()
    expect(page.get_by_text("“large.bin” is too large: a file may have up to 1 MB.")).to_be_visible()
    expect(page.get_by_text("“twice.txt” is here already. We kept one.")).to_be_visible()
    page.get_by_role("button", name="Send reply").click()
    expect(page.locator(".attached li")).to_have_count(1)


def test_more_than_fit_are_left_out_with_a_sentence(window, case, cleo):
    page = window(cleo, f"/cases/{case.number}/")
    choose(page, *((f"{n}.txt", b"%d" % n) for n in range(100)))
    expect(page.get_by_text("20 files fit in one message: 80 left out.")).to_be_visible()
    expect(page.locator(".files [name=attachments]")).to_have_count(20)


def test_a_message_that_is_sent_while_its_file_is_on_its_way_takes_it_along(window, case, cleo, hold):
    page = window(cleo, f"/cases/{case.number}/")
    held = hold(page, "**/attachments/?*")
    choose(page, ("a.txt", b"a"))
    page.get_by_label("Reply", exact=True).fill("With it.")
    page.get_by_role("button", name="Send reply").click()
    expect(page.get_by_text("This sends as soon as the files are uploaded.")).to_be_visible()
    assert not case.events.filter(body="With it.").exists()
    held.let_go()
    expect(page.locator(".event").filter(has_text="With it.").locator(".attached li")).to_have_count(1)


def test_an_upload_that_did_not_arrive_is_tried_again(window, case, cleo):
    window.expected.append("ERR_FAILED")
    page = window(cleo, f"/cases/{case.number}/")
    page.route("**/attachments/?*", lambda route: route.abort(), times=1)
    choose(page, ("a.txt", b"a"))
    expect(page.get_by_text("We couldn’t reach the server. Try again.")).to_be_visible()
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".files [name=attachments]")).to_have_count(1)


def test_what_an_agent_chose_is_there_after_a_reload(window, case, ada):
    page = window(ada, f"/desk/cases/{case.number}/")
    live(page)
    with page.expect_response("**/drafts/reply/"):
        choose(page, ("a.txt", b"a"))
    page.reload()
    expect(chosen(page)).to_have_text("a.txt 1\xa0byte")


def test_what_others_do_takes_no_chosen_file_away(window, case, ada, cleo):
    page = window(cleo, f"/cases/{case.number}/")
    live(page)
    choose(page, ("a.txt", b"a"))
    expect(page.locator(".files [name=attachments]")).to_have_count(1)
    resolution.resolve(case, by=ada, resolution="Done.")
    expect(page.get_by_text("Did this fix it?")).to_be_visible()
    expect(page.locator("#composer .files [name=attachments]")).to_have_count(1)


def test_a_visitor_reports_with_a_screenshot(window, till):
    page = window(None, "/cases/new/")
    page.get_by_label("Which system?").select_option(label="Till")
    page.get_by_label("Summary").fill("Nothing prints")
    page.get_by_label("What happened?").fill("Dead since nine.")
    page.get_by_label("High: something important doesn’t work").check()
    page.get_by_label("Your name").fill("Grete")
    page.get_by_label("Your email address").fill("grete@example.com")
    bring(page, PASTE, picture(), "image.png", "image/png", "textarea[name=description]")
    expect(page.locator(".files [name=attachments]")).to_have_count(1)
    page.get_by_role("button", name="Send the report").click()
    expect(page.locator(".attached img")).to_be_visible()


def test_without_script_a_file_goes_with_the_form(window, case, cleo):
    window.expected.append("422")
    page = window(cleo, f"/cases/{case.number}/", java_script_enabled=False)
    choose(page, ("a.txt", b"a"), ("empty.txt", b""))
    page.get_by_label("Reply", exact=True).fill("Look.")
    page.get_by_role("button", name="Send reply").click()
    expect(page.get_by_text("“empty.txt” is empty: it has 0 bytes.")).to_be_visible()
    expect(page.get_by_label("Reply", exact=True)).to_have_value("Look.")
    expect(page.get_by_role("checkbox", name="a.txt")).to_be_checked()
    page.get_by_role("button", name="Send reply").click()
    expect(page.locator(".attached li")).to_have_count(1)


HTML = b"GIF89a<!DOCTYPE html><script>document.title = 'ran'</script>"


def test_nothing_that_was_uploaded_runs(window, case, cleo):
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>document.title = "ran"</script></svg>'
    files = [attachments.receive(upload(name, content), by=cleo) for name, content in (
        ("a.html", HTML[6:]), ("b.svg", svg), ("c.gif", HTML), ("d.png", picture() + HTML),
    )]  # fmt: skip
    conversation.reply(case, by=cleo, body="", attachments=files)
    page = window(cleo, f"/cases/{case.number}/")
    for one in files[:3]:
        with page.expect_download() as saved:
            page.get_by_role("link", name=one.name).click()
        assert saved.value.suggested_filename == one.name
    window.expected.append(
        "Applying inline style"
    )  # Chromium's own, of the page that it puts around an image
    page.goto(f"/attachments/{files[3].key}/image/")
    assert page.title() != "ran"


@pytest.mark.parametrize("where", ["/attachments/", "/cases/{}/replies/"])
def test_an_upload_that_breaks_off_leaves_nothing_behind(site, case, cleo, kept, browser_of, where, window):
    window(cleo, f"/cases/{case.number}/")
    browser = Client()
    browser.force_login(cleo)
    browser.get(f"/cases/{case.number}/")
    token = browser.cookies["csrftoken"].value
    head = (
        "".join(
            f'--X\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in {"csrfmiddlewaretoken": token, "body": "Half of it."}.items()
        )
        + '--X\r\nContent-Disposition: form-data; name="files"; filename="big.bin"\r\n\r\n'
    )
    address = urlsplit(site)
    with socket.create_connection((address.hostname, address.port)) as line:
        line.sendall(
            f"POST {where.format(case.number)} HTTP/1.1\r\nHost: {address.netloc}\r\n"
            f"Cookie: csrftoken={token}; sessionid={browser.cookies['sessionid'].value}\r\n"
            f"Content-Type: multipart/form-data; boundary=X\r\nContent-Length: 20000000\r\n\r\n{head}".encode()
            + b"x" * 5_000_000
        )
        time.sleep(0.3)
    time.sleep(0.7)
    assert not Attachment.objects.exists()
    assert [path for path in kept.rglob("*") if path.is_file()] == []
    assert Case.objects.get().last_sequence == case.last_sequence


def test_pictures_open_on_the_page_and_arrows_go_through_them(window, case, ada, cleo):
    for name in ("one.png", "two.png"):
        sent = attachments.receive(upload(name), by=cleo)
        conversation.reply(case, by=cleo, body="Look.", attachments=[sent])
    page = window(ada, f"/desk/cases/{case.number}/files/")
    page.locator("a.picture").first.click()
    shown = page.get_by_role("dialog", name="Picture")
    expect(shown).to_contain_text("two.png · 1 of 2")
    page.keyboard.press("ArrowRight")
    expect(shown).to_contain_text("one.png · 2 of 2")
    page.keyboard.press("Escape")
    expect(shown).to_be_hidden()
