"""Any bytes at all can be read, in time and memory that their length explains."""

import time
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.incoming.message import Message, read

# What mail is made of, so that what is made up comes near it.
CRUMBS = [
    b"From: ", b"Subject: ", b"\n", b"\r\n", b"\n\n", b"Content-Type: multipart/mixed; boundary=b", b"Content-Type: text/html", b"--b\n", b"--b--",
    b"Content-Transfer-Encoding: base64\n", b"=?utf-8?B?", b"?=", b"> ", b"On 3 Mar 2026 at 9:14, Eva <e@x.org> wrote:", b"-----Original Message-----",
    b"From: a@b.c\nTo: d@e.f\nSubject: x\n", b"<blockquote>", b"</div>", b"<a href='", b"charset=utf-16", b"\xff\xfe", b"\x1b$B", b"-- \n", b"eva@example.com",
    b"Date: 1 Jan 99999 00:00:00", b"Content-Disposition: attachment; filename*0*=", b"Message-ID: <", b"References: ", b"\x00", b"\xe9",
    b"Content-Type: text/plain; format=flowed\n", b"Content-Type: message/rfc822\n\n", b"begin 644 x", b"Content-ID: <x>\n", "写道：".encode(),
]  # fmt: skip


@given(
    st.one_of(
        st.binary(max_size=300),
        st.lists(st.one_of(st.sampled_from(CRUMBS), st.binary(max_size=8)), max_size=30).map(b"".join),
    )
)
def test_any_bytes_can_be_read(raw):
    message = read(raw)
    assert isinstance(message, Message)
    said = "".join([message.subject, message.sender.address, *(piece.text for piece in message.pieces)])
    assert "\x00" not in said
    assert said.encode().decode() == said  # which surrogates would refuse


def test_a_thousand_nested_parts_are_read():
    raw = b"From: eva@example.com\n"
    for level in range(1_000):
        raw += b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (level, level)
    message = read(raw + b"Content-Type: text/plain\n\ndeep\n")
    assert message.sender.address == "eva@example.com"
    assert b"deep" in b"".join(one.content for one in message.attachments) or "deep" in message.text


@pytest.mark.parametrize(
    "piece",
    [
        b"> ", b"On ", b"wrote: ", b"From: a\n", b"From: a@b.c\nSent: 1 May 2026 9:14\n", b"a@b.c ", b"<a@b.c>, ", b"--b\n", b"-- \n", b"=?utf-8?Q?a?= ",
        b"-----\n", b"\n", b" ", b"_", b"- ", b"On Mon, ", b"On 3 Mar 2026\n", b"Am 3. Mai schrieb\n", b"x" * 50, b"(((", b"\xe9", b"\x1b$B", b":", b"> a\nb\n",
        b"On 3 May 2026 at 9:14 Eva wrote:\n\n> a\n\nb\n", b"Sent from my \n", b"a, ", b"*", b"[mailto:",
    ],
)  # fmt: skip
def test_no_text_takes_long(piece):
    """What takes time by the square of its length takes minutes of this."""
    raw = b"From: " + piece * 20 + b"\n\n" + piece * (200_000 // len(piece))
    began = time.process_time()
    read(raw)
    assert time.process_time() - began < 10


def test_thirty_megabytes_take_a_few_times_their_size():
    content = (b"A" * 76 + b"\n") * (30 * 1024**2 // 77)
    head = b"From: eva@example.com\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nhello\n--b\n"
    raw = (
        head
        + b"Content-Type: image/png; name=a.png\nContent-Transfer-Encoding: base64\n\n"
        + content
        + b"\n--b--\n"
    )
    tracemalloc.start()
    try:
        message = read(raw)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert message.text == "hello"
    assert len(message.attachments[0].content) > 20 * 1024**2
    assert peak < 4 * len(raw)
