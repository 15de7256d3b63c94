"""The parts of a message: who, to whom, when, what came with it, in whatever charset."""

import base64
from datetime import UTC, datetime

import pytest

from cases.incoming.headers import Person, decoded
from cases.incoming.message import read


def mail(headers: str, body: str | bytes = "hello\n") -> bytes:
    return headers.encode() + b"\n\n" + (body.encode() if isinstance(body, str) else body)


def parts(*given: str, kind: str = "mixed") -> bytes:
    body = "".join(f"--b\n{part}\n" for part in given)
    return mail(f'From: eva@example.com\nContent-Type: multipart/{kind}; boundary="b"', f"{body}--b--\n")


def test_people_and_times_are_read():
    message = read(
        mail(
            'From: "Example, Eva" <eva@example.com>\nTo: Support <support@example.com>, b@example.com\nCc: =?utf-8?q?J=C3=BCrgen?= <j@example.com>\n'
            "Subject: =?utf-8?b?S2Fzc2U=?= =?utf-8?b?IMO8YmVy?=\nDate: Tue, 3 Mar 2026 09:14:22 +0100\nMessage-ID: <1@x>\n"
            "In-Reply-To: <0@x>\nReferences: <-1@x>\n <0@x>"
        )
    )
    assert message.sender == Person("Example, Eva", "eva@example.com")
    assert [one.address for one in message.to] == ["support@example.com", "b@example.com"]
    assert message.cc == [Person("Jürgen", "j@example.com")]
    assert message.subject == "Kasse über"
    assert message.sent_at == datetime(2026, 3, 3, 8, 14, 22, tzinfo=UTC)
    assert (message.message_id, message.answers) == ("1@x", ["0@x", "-1@x"])


@pytest.mark.parametrize(
    ("given", "name", "address"),
    [
        ("eva@example.com", "", "eva@example.com"),
        ("eva@example.com (Eva Example)", "Eva Example", "eva@example.com"),
        ("Eva Example [mailto:eva@example.com]", "Eva Example", "eva@example.com"),
        ("=?iso-8859-1?Q?Eva_M=FCller?= <eva@example.com>", "Eva Müller", "eva@example.com"),
        ('"=?utf-8?Q?M=C3=BCller=2C_Eva?=" <eva@example.com>', "Müller, Eva", "eva@example.com"),
        ("'Eva Example' via Support <eva@example.com>", "Eva Example' via Support", "eva@example.com"),
        ("Eva <Example> <eva@example.com>", "Eva Example", "eva@example.com"),
        ("nobody at all", "", ""),
        ("", "", ""),
        ("@", "", ""),
        ("Eva Müller <eva@example.com>", "Eva Müller", "eva@example.com"),
        ("Eva\n <eva@example.com>", "Eva", "eva@example.com"),
    ],
)
def test_a_sender_is_read_however_it_is_written(given, name, address):
    sender = read(mail(f"Subject: x\nFrom: {given}")).sender
    assert (sender.name, sender.address) == (name, address)


def test_of_several_senders_the_first_that_has_an_address_counts():
    assert (
        read(mail("From: \nFrom: nonsense\nFrom: eva@example.com\nFrom: b@example.com")).sender.address
        == "eva@example.com"
    )
    assert read(mail("Return-Path: <eva@example.com>\nSubject: x")).sender.address == "eva@example.com"


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("=?utf-8?Q?caf=C3?= =?utf-8?Q?=A9?=", "café"),
        ("=?ISO-2022-JP?B?GyRCJUYlOSVIGyhC?=", "テスト"),
        ("=?gb2312?B?xOO6ww==?=", "你好"),
        ("=?unknown?Q?caf=E9?=", "café"),
        ("=?utf-8?Q?a_b?= c", "a b c"),
        ("=?utf-8?B?bm9wZQ?=", "nope"),
        ("=?utf-8*en?Q?hi?=", "hi"),
        ("=?x?y?", "=?x?y?"),
        ("plain", "plain"),
    ],
)
def test_encoded_words_are_decoded(given, meant):
    assert decoded(given) == meant


@pytest.mark.parametrize(
    ("charset", "text", "said"),
    [
        ("utf-8", "Straße 東京", "utf-8"), ("cp1252", "für “alle” – 5 €", "iso-8859-1"), ("cp1252", "Müller über Straße", ""),
        ("cp1252", "Müller über Straße", "us-ascii"), ("cp1252", "Müller über Straße", "utf-8"), ("utf-8", "Müller über Straße", "iso-nonsense"),
        ("iso2022_jp", "レジが動きません", "iso-2022-jp"), ("iso2022_jp", "レジが動きません", ""), ("cp932", "①レジが動きません", "shift_jis"),
        ("euc_jp", "レジが動きません", "euc-jp"), ("gb18030", "收银台坏了", "gb2312"), ("big5", "收銀台壞了", "big5"),
        ("cp949", "계산대가 고장났습니다", "ks_c_5601-1987"), ("koi8-r", "Касса не работает", "koi8-r"), ("cp1251", "Касса не работает", "windows-1251"),
        ("cp1251", "Здравствуйте, у нас вторую неделю не работает касса в магазине, помогите пожалуйста.", ""),
        ("utf-16", "Straße", "utf-16"), ("utf-8", "Straße", "rot13"), ("utf-8", "\ufeffStraße", "utf-8"),
    ],
)  # fmt: skip
def test_charsets_are_found_where_they_are_missing_or_wrong(charset, text, said):
    content_type = f"text/plain; charset={said}" if said else "text/plain"
    message = read(mail(f"From: eva@example.com\nContent-Type: {content_type}", text.encode(charset)))
    assert message.text == text.removeprefix("\ufeff")


def test_raw_bytes_in_headers_are_text():
    raw = "From: Eva Müller <eva@example.com>\nSubject: Straße\n\nx".encode("latin-1")
    assert (read(raw).sender.name, read(raw).subject) == ("Eva Müller", "Straße")
    assert read("Subject: Straße\n\nx".encode()).subject == "Straße"


def test_parts_are_read_in_their_order_and_files_attached():
    message = read(
        parts(
            "Content-Type: text/plain\n\nfirst",
            'Content-Type: application/pdf; name="=?utf-8?Q?B=C3=A4n.pdf?="\nContent-Transfer-Encoding: base64\n\naGVsbG8=',
            "Content-Type: text/plain\n\nsecond",
            "Content-Type: text/plain\nContent-Disposition: attachment; filename*=utf-8''log%20%C3%BC.txt\n\nline",
            'Content-Type: text/plain\nContent-Disposition: inline; filename="inline.log"\n\nline',
            "Content-Type: text/calendar; charset=utf-8\n\nBEGIN:VCALENDAR",
            "Content-Type: message/rfc822\n\nSubject: the other\nFrom: b@example.com\n\ninner",
            'Content-Type: application/ms-tnef; name="C:\\\\x\\\\winmail.dat"\n\nx',
            'Content-Type: image/png\nContent-Disposition: attachment; filename*0="a long "; filename*1="name.png"\n\nx',
        )
    )
    assert message.text == "first\n\nsecond"
    assert [(one.name, one.content) for one in message.attachments] == [
        ("Bän.pdf", b"hello"), ("log ü.txt", b"line"), ("inline.log", b"line"), ("invitation.ics", b"BEGIN:VCALENDAR"),
        ("the other.eml", b"Subject: the other\nFrom: b@example.com\n\ninner"), ("winmail.dat", b"x"), ("a long name.png", b"x"),
    ]  # fmt: skip


def test_of_alternatives_the_plain_one_is_read_unless_it_says_nothing():
    html = "Content-Type: text/html\n\n<p>rich</p>"
    assert read(parts("Content-Type: text/plain\n\nplain", html, kind="alternative")).text == "plain"
    assert read(parts("Content-Type: text/plain\n\n \n", html, kind="alternative")).text == "rich"


def test_flowed_lines_are_put_together():
    text = "This is one \nline.\n\n> Quoted and \n> flowed.\n-- \nEva"
    message = read(
        mail("From: eva@example.com\nContent-Type: text/plain; format=flowed\nSubject: Re: x", text)
    )
    assert message.text == "This is one line."


@pytest.mark.parametrize("encoding", ["base64", "BASE64 ", "quoted-printable", "8bit", "nonsense"])
def test_what_is_encoded_is_decoded(encoding):
    text = {
        "base64": base64.b64encode(b"hello"),
        "BASE64 ": b"aGVs\n  bG8",
        "quoted-printable": b"hel=\nlo",
    }.get(encoding, b"hello")
    assert read(mail(f"From: eva@example.com\nContent-Transfer-Encoding: {encoding}", text)).text == "hello"


def test_a_message_that_was_cut_off_says_what_it_has():
    raw = parts(
        "Content-Type: text/plain\n\nfirst",
        "Content-Type: image/png; name=a.png\nContent-Transfer-Encoding: base64\n\naGVsbG8aGV",
    )
    message = read(raw[: raw.rindex(b"\n--b--")])
    assert message.text == "first"
    assert message.attachments[0].content.startswith(b"hello")


def test_an_mbox_line_and_windows_line_ends_change_nothing():
    raw = b"From eva Tue Mar  3\r\nFrom: eva@example.com\r\nSubject: x\r\n\r\none\r\n\r\ntwo\r\n"
    assert (read(raw).sender.address, read(raw).text) == ("eva@example.com", "one\n\ntwo")


def test_what_cannot_be_stored_is_left_out():
    assert read(b"From: eva@example.com\nSubject: a\x00b\n\nx\x00y\x07z").text == "xyz"
    assert "\x00" not in read(b"From: eva@example.com\nSubject: a\x00b\n\n").subject
