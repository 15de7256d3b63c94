"""A message never goes without a file that was chosen for it, unless its sender was told."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.actions import attachments, reports, resolution
from cases.models import Attachment, Case
from tests.factories import upload

NEW = "/cases/new/"
GUEST = {"name": "Grete", "email": "grete@example.com"}
TOKEN = "6a2f41a3-c54c-4ce8-b2d2-0324e1c32e22"
GONE = "1 file is not here any more"


def keys_in(page):
    return re.findall(r'name="attachments" value="([^"]+)" checked', page)


@pytest.fixture
def report(till):
    return {"system": till.pk, "summary": "Blank", "description": "All blank.", "severity": 2}


@pytest.fixture
def swept(cleo, ada):
    """The keys of a file that was chosen too long ago, and of one that is there."""

    def chosen(by):
        old, new = (attachments.receive(upload(name, name.encode()), by=by) for name in ("old", "new"))
        Attachment.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=2))
        attachments.sweep()
        return [str(old.key), str(new.key)]

    return chosen


@pytest.mark.parametrize(
    ("who", "name"),
    [("cleo", "case_replies"), ("cleo", "case_reopening"), ("ada", "desk_replies"), ("ada", "desk_notes")],
)
@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_a_file_that_was_swept_keeps_its_message_back_and_is_named_as_missing(
    swept, case, cleo, ada, browser_of, who, name, htmx
):
    person = {"cleo": cleo, "ada": ada}[who]
    browser, address = browser_of(person), reverse(name, args=[case.number])
    data = {"body": "See the file.", "attachments": swept(person), "after": 2}
    response = browser.post(address, data, headers={"HX-Request": "true"} if htmx else {})
    assert response.status_code == 422
    assert GONE in response.text
    assert "See the file." in response.text
    assert keys_in(response.text) == data["attachments"][1:]
    assert not case.events.filter(body="See the file.").exists()
    browser.post(address, data | {"attachments": keys_in(response.text)})
    assert [one["name"] for one in case.events.latest("sequence").attachments] == ["new"]


def test_a_report_with_a_file_that_was_swept_too(swept, cleo, browser_of, report):
    response = browser_of(cleo).post(NEW, report | {"attachments": swept(cleo)})
    assert (response.status_code, Case.objects.count()) == (422, 0)
    assert GONE in response.text


def test_a_file_that_goes_at_the_moment_of_sending_leaves_the_report_as_it_was_typed(
    cleo, browser_of, report, monkeypatch
):
    keys = [str(attachments.receive(upload(), by=cleo).key)]
    send = reports.report

    def a_moment_later(**said):
        attachments.let_go(said["attachments"][0])
        return send(**said)

    monkeypatch.setattr(reports, "report", a_moment_later)
    response = browser_of(cleo).post(NEW, report | {"attachments": keys})
    assert (response.status_code, Case.objects.count()) == (422, 0)
    assert "not here any more" in response.text
    assert "All blank." in response.text


class TestAfterBack:
    def test_other_words_do_not_go_without_the_file_that_went_with_the_first(self, case, cleo, browser_of):
        browser, address = browser_of(cleo), reverse("case_replies", args=[case.number])
        data = {"attachments": [str(attachments.receive(upload(), by=cleo).key)], "token": TOKEN}
        browser.post(address, data | {"body": "Look."})
        response = browser.post(address, data | {"body": "Look here."})
        assert response.status_code == 422
        assert "“shot.png” went with an earlier message" in response.text
        assert "Look here." in response.text
        assert keys_in(response.text) == []
        browser.post(address, {"body": "Look here.", "token": TOKEN})
        assert case.events.latest("sequence").body == "Look here."

    def test_another_report_does_not_either(self, cleo, browser_of, report):
        browser = browser_of(cleo)
        keys = {"attachments": [str(attachments.receive(upload(), by=cleo).key)]}
        browser.post(NEW, report | keys)
        response = browser.post(NEW, report | keys | {"summary": "Blank receipts"})
        assert (response.status_code, Case.objects.count()) == (422, 1)
        assert "“shot.png” went with an earlier message" in response.text

    def test_the_same_words_count_once_for_a_visitor_too(self, visitor, report):
        page = visitor.post(NEW, report | GUEST | {"files": upload(), "summary": ""}).text
        sent = report | GUEST | {"attachments": keys_in(page)}
        sent["token"] = TOKEN
        for _ in range(2):
            assert visitor.post(NEW, sent).status_code == 302
        case = Case.objects.get()
        reply = {"body": "Look.", "token": TOKEN}
        address = reverse("case_replies", args=[case.number])
        page = visitor.post(address, {"files": upload("a.log", b"a"), "body": "x" * 100_001}).text
        for _ in range(2):
            assert visitor.post(address, reply | {"attachments": keys_in(page)}).status_code == 302
        assert case.events.filter(body="Look.").count() == 1


class TestSigningIn:
    def sign_in(self, visitor, cleo):
        cleo.keep_address(verified=True)
        cleo.set_password("long enough to be one")
        cleo.save()
        visitor.post("/accounts/login/", {"login": cleo.email, "password": "long enough to be one"})

    def test_from_the_report_form_keeps_the_files_that_were_chosen(self, visitor, cleo, report):
        page = visitor.post(
            NEW, report | GUEST | {"files": [upload("a", b"a"), upload("b", b"b")], "summary": ""}
        )
        keys = keys_in(page.text)
        visitor.post(NEW, report | {"attachments": keys, "files": upload("c", b"c"), "sign-in": "yes"})
        self.sign_in(visitor, cleo)
        page = visitor.get(NEW).text
        assert keys_in(page)[:2] == keys
        assert len(keys_in(page)) == 3
        visitor.post(NEW, report | {"attachments": keys_in(page)})
        sent = Case.objects.get().events.get(sequence=2).attachments
        assert [one["name"] for one in sent] == ["a", "b", "c"]

    def test_says_which_files_could_not_be_kept(self, visitor, report):
        visitor.post(NEW, report | {"files": upload("c", b""), "sign-in": "yes"})
        assert "“c” is empty" in visitor.get(NEW).text

    def test_names_a_file_that_was_swept_meanwhile(self, visitor, cleo, report):
        visitor.post(NEW, report | {"files": upload("c", b"c"), "sign-in": "yes"})
        Attachment.objects.update(created_at=timezone.now() - timedelta(days=2))
        attachments.sweep()
        self.sign_in(visitor, cleo)
        page = visitor.get(NEW).text
        assert GONE in page
        assert keys_in(page) == []


def test_reopening_with_nothing_but_a_file_that_was_swept_waits_for_its_sender(swept, case, ada, browser_of):
    resolution.close(case, by=ada)
    address = reverse("desk_reopening", args=[case.number])
    response = browser_of(ada).post(address, {"attachments": swept(ada)[:1]})
    assert response.status_code == 422
    assert GONE in response.text
    case.refresh_from_db()
    assert case.status == "closed"
