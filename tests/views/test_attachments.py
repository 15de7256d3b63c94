"""Files that come with messages: uploaded, sent, seen and fetched over HTTP."""

import re

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.actions import attachments, conversation, resolution
from cases.files.store import Folder, StoreUnavailable
from cases.mail.outbound import message_about
from cases.models import Attachment, Case
from tests.factories import picture, upload

HTMX = {"HX-Request": "true"}


def files_in(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
def send(case):
    """Posts to one of the case's addresses: `send(browser, "case_replies", body="Look.", files=upload())`."""

    def post(browser, name, htmx=False, **data):
        headers = HTMX if htmx else {}
        return browser.post(reverse(name, args=[case.number]), {"after": 2, **data}, headers=headers)

    return post


def keys_in(page):
    return re.findall(r'name="attachments" value="([^"]+)" checked', page)


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
@pytest.mark.parametrize(
    ("who", "name"),
    [("cleo", "case_replies"), ("ada", "desk_replies"), ("ada", "desk_notes"), ("cleo", "case_reopening")],
)
def test_a_file_comes_with_a_message(send, cleo, ada, case, browser_of, who, name, htmx):
    response = send(browser_of({"cleo": cleo, "ada": ada}[who]), name, htmx, body="Look.", files=upload())
    assert response.status_code == (200 if htmx else 302)
    event = case.events.latest("sequence")
    assert event.attachments[0]["name"] == "shot.png"
    page = browser_of(ada).get(reverse("desk_case", args=[case.number])).text
    for address in ("attachment", "attachment_image", "attachment_thumbnail"):
        assert reverse(address, args=[event.attachments[0]["key"]]) in page
    assert not htmx or "shot.png" in response.text


def test_not_yet_carries_a_file(send, cleo, ada, case, browser_of):
    resolution.resolve(case, by=ada, resolution="Done.")
    send(browser_of(cleo), "case_confirmation", answer="not-yet", files=upload())
    assert case.events.latest("sequence").attachments


def test_a_visitors_report_carries_files(visitor, till, kept):
    report = {
        "system": till.pk, "summary": "Blank", "description": "All blank.", "severity": 2,
        "name": "Grete", "email": "grete@example.com", "files": [upload(), upload("till.log", b"line")],
    }  # fmt: skip
    page = visitor.post(reverse("case_new"), report, follow=True).text
    assert [told["name"] for told in Case.objects.get().events.last().attachments] == ["shot.png", "till.log"]
    for one in Attachment.objects.all():
        assert visitor.get(reverse("attachment", args=[one.key])).status_code == 200
        assert reverse("attachment", args=[one.key]) in page
    assert not Attachment.objects.pending().exists()


def test_the_same_report_once_more_with_a_new_file_adds_it(visitor, till):
    report = {
        "system": till.pk, "summary": "Blank", "description": "All blank.", "severity": 2,
        "name": "Grete", "email": "grete@example.com",
    }  # fmt: skip
    for files in ([], [upload()], [upload()]):
        visitor.post(reverse("case_new"), report | {"files": files})
    assert Case.objects.get().events.exclude(attachments=[]).count() == 1


def test_a_file_with_a_name_like_a_path_or_a_page_is_shown_by_its_clean_name(send, cleo, browser_of, case):
    browser = browser_of(cleo)
    for name in ("../../x.png", '"><script>alert(1)</script>.png', "a\u202egnp.exe", "x" * 300 + ".png"):
        send(browser, "case_replies", body="x", files=upload(name, picture(size=(9, len(name)))))
    page = browser.get(reverse("case", args=[case.number])).text
    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert {one.name[-8:] for one in Attachment.objects.all()} >= {"x.png"}
    for one in Attachment.objects.all():
        assert browser.get(reverse("attachment", args=[one.key])).status_code == 200


class TestNothingIsLost:
    def test_a_message_with_a_mistake_keeps_its_files_and_sends_them_then(
        self, send, cleo, ada, case, browser_of
    ):
        resolution.close(case, by=ada)
        browser = browser_of(cleo)
        page = send(browser, "case_replies", body="Look.", files=upload())
        assert page.status_code == 422
        assert "Look." in page.text
        keys = keys_in(page.text)
        assert len(keys) == 1
        send(browser, "case_reopening", body="Look.", attachments=keys)
        assert case.events.latest("sequence").attachments[0]["key"] == keys[0]

    def test_a_report_with_a_mistake_too(self, visitor, till):
        data = {"system": till.pk, "summary": "", "description": "All blank.", "files": upload()}
        assert len(keys_in(visitor.post(reverse("case_new"), data).text)) == 1

    def test_a_report_that_only_asks_whether_it_is_known_too(self, visitor, till):
        data = {"system": till.pk, "look": "yes", "files": upload()}
        page = visitor.post(reverse("case_new"), data).text
        assert len(keys_in(page)) == 1
        page = visitor.post(reverse("case_new"), {"look": "yes", "attachments": keys_in(page)}).text
        assert len(keys_in(page)) == 1

    def test_one_that_is_unticked_is_not_sent(self, send, cleo, case, browser_of):
        browser = browser_of(cleo)
        page = send(
            browser, "case_replies", files=[upload("bad.txt", b""), upload("a", b"a"), upload("b", b"b")]
        )
        keys = keys_in(page.text)
        send(browser, "case_replies", body="One.", attachments=keys[1:])
        assert [told["name"] for told in case.events.latest("sequence").attachments] == ["b"]

    def test_a_draft_keeps_what_was_chosen(self, send, ada, case, browser_of):
        browser = browser_of(ada)
        one = attachments.receive(upload(), by=ada)
        send(browser, "desk_draft_reply", htmx=True, body="Hm", attachments=[one.key])
        page = browser.get(reverse("desk_case", args=[case.number])).text
        assert keys_in(page) == [str(one.key)]
        discarded = send(
            browser, "desk_draft_reply", True, body="Hm", attachments=[one.key], discard=1, draft=1
        )
        assert keys_in(discarded.text) == [] or discarded.status_code == 409

    def test_a_draft_of_files_alone_is_one(self, send, ada, case, browser_of):
        one = attachments.receive(upload(), by=ada)
        send(browser_of(ada), "desk_draft_note", htmx=True, body="", attachments=[one.key])
        assert ada.drafts.get().fields["attachments"] == [str(one.key)]


class TestBadInput:
    @pytest.fixture(autouse=True)
    def _small(self, settings):
        settings.ATTACHMENT_MB = 1

    @pytest.fixture
    def refused(self, send, cleo, case, kept, browser_of):
        """Sends these files with a text, which must stay; returns the page and what is kept of them."""

        def refuse(*files):
            page = send(browser_of(cleo), "case_replies", body="Precious words.", files=[*files])
            assert page.status_code == 422
            assert "Precious words." in page.text
            assert case.last_sequence == Case.objects.get().last_sequence
            return page.text, len(files_in(kept))

        return refuse

    def test_nothing_in_it(self, refused):
        page, left = refused(upload("log.txt", b""))
        assert "“log.txt” is empty: it has 0 bytes." in page
        assert left == 0

    def test_too_large(self, refused):
        page, left = refused(upload("core.dump", b"x" * (1024 * 1024 + 1)))
        assert "“core.dump” is too large: a file may have up to 1 MB." in page
        assert left == 0

    def test_as_large_as_allowed(self, send, cleo, case, browser_of):
        send(browser_of(cleo), "case_replies", body="", files=upload("a", b"x" * 1024 * 1024))
        assert case.events.latest("sequence").attachments[0]["size"] == 1024 * 1024

    def test_a_hundred_at_once(self, refused):
        page, left = refused(*(upload(f"{n}.txt", b"%d" % n) for n in range(100)))
        assert "20 files fit in one message: 80 files were left out." in page
        assert len(keys_in(page)) == left == 20

    def test_more_than_fit_with_those_chosen_before(self, send, cleo, case, browser_of):
        keys = [attachments.receive(upload("a", b"%d" % n), by=cleo).key for n in range(20)]
        page = send(browser_of(cleo), "case_replies", body="Words.", attachments=keys, files=upload())
        assert "20 files fit in one message, and these are 21. Leave some out." in page.text
        assert len(keys_in(page.text)) == 21

    def test_the_same_twice_is_kept_once_and_said(self, send, cleo, case, kept, browser_of):
        browser = browser_of(cleo)
        send(browser, "case_replies", body="Look.", files=[upload("a.png"), upload("b.png")])
        assert [told["name"] for told in case.events.latest("sequence").attachments] == ["a.png"]
        assert "“b.png” came twice. We kept one." in browser.get(reverse("case", args=[case.number])).text
        assert len(files_in(kept)) == 2  # and its small picture

    def test_no_room_while_it_comes_in(self, refused, settings):
        settings.FILE_UPLOAD_HANDLERS = [one for one in settings.FILE_UPLOAD_HANDLERS if "Memory" not in one]
        settings.FILE_UPLOAD_TEMP_DIR = "/nowhere"
        page, left = refused(upload())
        assert "We have no room for “shot.png” just now." in page
        assert left == 0

    @pytest.mark.parametrize("away", [1, 2])
    def test_no_room_where_it_should_lie(self, refused, monkeypatch, away):
        """Be it for the file, or for its small picture."""
        keep, asked = Folder.put, []

        def full(store, name, file):
            asked.append(name)
            if len(asked) == away:
                raise StoreUnavailable
            keep(store, name, file)

        monkeypatch.setattr(Folder, "put", full)
        page, left = refused(upload())
        assert "We could not keep “shot.png” just now." in page
        assert left == 0
        assert not Attachment.objects.exists()

    @pytest.mark.parametrize("keys", [["x"], [""], ["\0"], ["9" * 4000]])
    def test_keys_of_nothing_are_nothing(self, send, cleo, case, browser_of, keys):
        assert send(browser_of(cleo), "case_replies", body="Words.", attachments=keys).status_code == 302
        assert case.events.latest("sequence").attachments == []

    def test_the_key_of_somebody_elses_file_is_as_that_of_one_that_is_gone(
        self, send, cleo, mallory, case, browser_of
    ):
        theirs = attachments.receive(upload(), by=mallory)
        page = send(browser_of(cleo), "case_replies", body="", attachments=[theirs.key])
        assert page.status_code == 422
        assert "1 file is not here any more" in page.text
        theirs.refresh_from_db()
        assert theirs.event is None


def test_mail_names_what_came_and_attaches_nothing(case, ada, cleo):
    files = [attachments.receive(upload(), by=ada), attachments.receive(upload("a.log", b"x" * 2048), by=ada)]
    for body in ("Look.", ""):
        message_about(conversation.reply(case, by=ada, body=body, attachments=files)).send()
        for one in files:
            Attachment.objects.filter(pk=one.pk).update(event=None, case=None)
    with_words, alone = mail.outbox
    assert "Look.\n\nWith it came shot.png (" in with_words.body
    assert "a.log (2.0\xa0KB)." in with_words.body
    assert "Ada wrote and sent shot.png" in alone.body
    assert not with_words.attachments


def test_many_files_cost_no_query_more(case, ada, cleo, browser_of):
    browsers = {user: browser_of(user) for user in (cleo, ada)}

    def count(user, name):
        address = reverse(name, args=[case.number])
        browsers[user].get(address)
        with CaptureQueriesContext(connection) as seen:
            browsers[user].get(address)
        return len(seen)

    for n in range(4):
        conversation.reply(case, by=cleo, body=f"More of it: {n}")
    before = count(cleo, "case"), count(ada, "desk_case")
    for n in range(8):
        conversation.reply(
            case, by=cleo, body="", attachments=[attachments.receive(upload(content=b"%d" % n), by=cleo)]
        )
    assert (count(cleo, "case"), count(ada, "desk_case")) == before


def test_a_resolution_brings_its_files_to_the_customer(send, case, cleo, ada, browser_of):
    agent = browser_of(ada)
    assert 'id="resolve_attachments"' in agent.get(reverse("desk_case", args=[case.number])).text
    refused = send(agent, "desk_resolution", resolution="", files=upload("fixed.png"))
    assert refused.status_code == 422
    assert "Say what was done" in refused.text
    [key] = keys_in(refused.text)
    send(agent, "desk_resolution", resolution="A new cable, as the picture shows.", attachments=[key])
    page = browser_of(cleo).get(reverse("case", args=[case.number])).text
    assert reverse("attachment_image", args=[key]) in page
    assert browser_of(cleo).get(reverse("attachment", args=[key])).status_code == 200


def test_a_drafted_resolution_keeps_its_files(send, case, ada, browser_of):
    key = str(attachments.receive(upload("fixed.png"), by=ada).key)
    agent = browser_of(ada)
    send(agent, "desk_draft_resolve", resolution="A new cable", attachments=[key])
    assert keys_in(agent.get(reverse("desk_case", args=[case.number])).text) == [key]
