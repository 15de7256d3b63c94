import gzip
from io import BytesIO
from zipfile import ZipFile

import pytest

from cases.files.kinds import UNKNOWN, served_as, type_of
from tests.factories import picture


def packed():
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "a")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (picture("PNG"), "image/png"),
        (picture("JPEG"), "image/jpeg"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "application/pdf"),
        (packed(), "application/zip"),
        (gzip.compress(b"log", mtime=0), "application/x-gzip"),
        (b"MZ\x90\x00" + bytes(60) + b"PE\0\0", "application/vnd.microsoft.portable-executable"),
        (b"2026-11-21 ERROR no route\n" * 50, "text/plain"),
        ("Grüße, 你好\n".encode(), "text/plain"),
        (b"a;b\n1;\xe9\n", UNKNOWN),  # decodes as nothing for certain
        (b"import os\n", "text/plain"),
        (b"<!DOCTYPE html><html><script>alert(1)</script>", "text/html"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "image/svg+xml"),
        (bytes(range(256)) * 4, UNKNOWN),
        (b"x", "text/plain"),
    ],
)
def test_the_type_of_a_file_is_what_its_content_says(content, kind):
    assert type_of(BytesIO(content)) == kind


def test_a_file_that_stops_being_text_late_is_no_text():
    assert type_of(BytesIO(b"line\n" * 100_000 + b"\xff")) == UNKNOWN
    assert type_of(BytesIO("é".encode() * 100_000 + b"\xc3")) == UNKNOWN


@pytest.mark.parametrize(
    "kind", ["text/html", "image/svg+xml", "application/xml", "application/xhtml+xml", "text/javascript", ""]
)
def test_what_a_browser_could_run_is_sent_as_unknown_bytes(kind):
    assert served_as(kind) == UNKNOWN
