"""Files go out whole or in part, and as nothing that a browser could run."""

import pytest
from django.urls import reverse

from cases.actions import attachments, conversation
from cases.files.store import Folder, StoreUnavailable
from tests.factories import picture, upload

CONTENT = bytes(range(250)) * 40  # 10,000 bytes that are no text


@pytest.fixture
def fetch(case, cleo, browser_of):
    """Fetches a file with this content: `fetch(b"…", name="a.png", form="attachment_image", Range="bytes=0-1")`."""

    def get(content=CONTENT, name="a.bin", form="attachment", method="get", **headers):
        attachment = attachments.receive(upload(name, content), by=cleo)
        conversation.reply(case, by=cleo, body="", attachments=[attachment])
        names = {
            key.replace("_", "-"): value.replace("{etag}", f'"{attachment.sha256}"')
            for key, value in headers.items()
        }
        browser = browser_of(cleo)
        return getattr(browser, method)(reverse(form, args=[attachment.key]), headers=names)

    return get


def body(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_a_file_is_sent_whole(fetch):
    response = fetch()
    assert (response.status_code, body(response)) == (200, CONTENT)
    assert response["Content-Length"] == "10000"
    assert response["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [("0-0", 0, 1), ("100-199", 100, 200), ("9990-", 9990, 10_000), ("-10", 9990, 10_000), ("0-99999", 0, 10_000), ("-99999", 0, 10_000)],
)  # fmt: skip
def test_a_range_is_sent_as_a_part(fetch, asked, start, end):
    response = fetch(Range=f"bytes={asked}")
    assert body(response) == CONTENT[start:end]
    assert response["Content-Length"] == str(end - start)
    if (start, end) != (0, 10_000):
        assert response.status_code == 206
        assert response["Content-Range"] == f"bytes {start}-{end - 1}/10000"


@pytest.mark.parametrize("asked", ["10000-", "99999-100000", "-0"])
def test_a_range_outside_the_file_is_refused(fetch, asked):
    response = fetch(Range=f"bytes={asked}")
    assert (response.status_code, response["Content-Range"]) == (416, "bytes */10000")


@pytest.mark.parametrize(
    "asked", ["bytes=5-2", "bytes=a-b", "bytes=0-1,5-6", "lines=0-1", "bytes=", "bytes=-", "bytes=" + "9" * 5000 + "-"]
)  # fmt: skip
def test_a_range_that_makes_no_sense_is_the_whole_file(fetch, asked):
    response = fetch(Range=asked)
    assert (response.status_code, len(body(response))) == (200, 10_000)


def test_a_range_of_another_version_is_the_whole_file(fetch, cleo):
    assert fetch(Range="bytes=0-1", If_Range='"other"').status_code == 200


def test_a_range_of_this_version_is_a_part(fetch):
    assert fetch(Range="bytes=0-1", If_Range="{etag}").status_code == 206


def test_what_the_browser_has_is_not_sent_again(fetch):
    response = fetch(If_None_Match="{etag}")
    assert (response.status_code, body(response)) == (304, b"")
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_head_request_gets_the_headers_alone(fetch):
    response = fetch(method="head")
    assert (response.status_code, body(response)) == (200, b"")
    assert response["Content-Length"] == "10000"


HTML = b"<!DOCTYPE html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (HTML, "page.html", "application/octet-stream"),
        (HTML, "shot.png", "application/octet-stream"),
        (SVG, "logo.svg", "application/octet-stream"),
        (b"GIF89a/*" + HTML + b"*/", "both.gif", "text/plain"),
        (b"MZ\x90\x00" + bytes(60) + b"PE\0\0", "invoice.pdf", "application/octet-stream"),
        (b"%PDF-1.7\n\xe2\xe3", "invoice.pdf", "application/pdf"),
        (picture("PNG") + HTML, "both.png", "image/png"),
        (b"plain words", "page.html", "text/plain"),
    ],
    ids=["HTML", "HTML as PNG", "SVG", "GIF and HTML", "program", "PDF", "PNG and HTML", "text as HTML"],
)
def test_no_file_is_ever_a_page(fetch, content, name, kind):
    response = fetch(content, name)
    assert body(response) == content
    assert response["Content-Type"] == kind
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    protects(response)


def protects(response):
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Cache-Control"].startswith("private")


@pytest.mark.parametrize("form", ["attachment_image", "attachment_thumbnail"])
class TestShownInThePage:
    def test_an_image_is_shown(self, fetch, form):
        response = fetch(picture("JPEG"), "shot.jpg", form)
        assert response.status_code == 200
        assert response["Content-Type"] == ("image/jpeg" if form == "attachment_image" else "image/webp")
        assert response["Content-Disposition"].startswith("inline")
        protects(response)

    @pytest.mark.parametrize(
        "content", [HTML, SVG, b"%PDF-1.7\n\xe2\xe3", b"GIF89a/*" + HTML, picture()[:60]]
    )
    def test_nothing_else_is_shown(self, fetch, form, content):
        assert fetch(content, "shot.png", form).status_code == 404


@pytest.mark.parametrize("name", ['quo"te.txt', "写真.txt", "semi;colon.txt"])
def test_a_name_of_any_letters_reaches_the_one_who_saves_it(fetch, name):
    from django.utils.http import content_disposition_header

    assert fetch(name=name)["Content-Disposition"] == content_disposition_header(True, name)


def test_a_store_that_does_not_answer_is_a_sentence(fetch, monkeypatch):
    def unavailable(*_):
        raise StoreUnavailable

    monkeypatch.setattr(Folder, "read_range", unavailable)
    response = fetch()
    assert response.status_code == 503
    assert "We cannot reach this file" in response.text
