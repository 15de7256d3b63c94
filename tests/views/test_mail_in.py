"""Providers hand on mail: the original, whole, from who knows the secret alone; and nothing that they send breaks a page."""

import json
from base64 import b64encode
from urllib.parse import urlencode

import pytest

from cases.files.store import StoreUnavailable
from cases.models import Case, ReceivedMail

pytestmark = pytest.mark.django_db

RAW = "From: Nora <nora@example.net>\r\nSubject: The till\r\nMessage-ID: <1@example.net>\r\n\r\nIt is broken: ü.\r\n"
BODY = RAW.encode()
FORM = "multipart/form-data; boundary=XX"
JSON = "application/json"


def part(name, value):
    return f'--XX\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + value + b"\r\n"


def told_by_ses(**action):
    content = b64encode(BODY).decode() if action else RAW
    inner = {
        "notificationType": "Received",
        "receipt": {"action": {"type": "SNS"} | action},
        "content": content,
    }
    return json.dumps({"Type": "Notification", "Message": json.dumps(inner)}).encode()


def told_by_sparkpost(content, is_base64):
    relayed = {"content": {"email_rfc822": content, "email_rfc822_is_base64": is_base64}}
    return json.dumps([{"msys": {"relay_message": relayed}}]).encode()


SENT = {
    "postmark": (JSON, json.dumps({"From": "x", "RawEmail": RAW}).encode()),
    "mailgun": (FORM, part("recipient", b"x") + part("body-mime", BODY) + b"--XX--\r\n"),
    "sendgrid": (FORM, part("charsets", b"{}") + part("email", BODY) + b"--XX--\r\n"),
    "ses": (JSON, told_by_ses()),
    "ses in base64": (JSON, told_by_ses(encoding="BASE64")),
    "sparkpost": (JSON, told_by_sparkpost(RAW, False)),
    "sparkpost in base64": (JSON, told_by_sparkpost(b64encode(BODY).decode(), True)),
    "mandrill": (
        "application/x-www-form-urlencoded",
        urlencode({"mandrill_events": json.dumps([{"event": "inbound", "msg": {"raw_msg": RAW}}])}).encode(),
    ),
}
NAMES = {name.partition(" ")[0] for name in SENT}


@pytest.fixture(autouse=True)
def _configured(settings, till):
    settings.MAIL_INBOUND = dict.fromkeys(NAMES, "us:secret")


def send(visitor, provider, content_type, body, secret="us:secret"):
    headers = {"Authorization": f"Basic {b64encode(secret.encode()).decode()}"} if secret else {}
    return visitor.post(f"/mail/in/{provider}/mime", body, content_type=content_type, headers=headers)


@pytest.mark.parametrize("name", SENT)
def test_a_mail_opens_a_case_and_its_original_is_kept_as_it_came(name, visitor, kept):
    provider = name.partition(" ")[0]
    for _ in range(2):
        assert send(visitor, provider, *SENT[name]).status_code == 200
    assert Case.objects.get().claimed_email == "nora@example.net"
    assert (kept / ReceivedMail.objects.get().stored).read_bytes() == BODY


def test_a_mail_with_large_files_comes_whole(visitor, kept):
    large = BODY + b"x" * 6_000_000 + b"\xff\x00\r\rend"
    assert send(visitor, "mailgun", FORM, part("body-mime", large) + b"--XX--\r\n").status_code == 200
    assert (kept / ReceivedMail.objects.get().stored).read_bytes() == large


@pytest.mark.parametrize("secret", ["", "us:wrong", "us:", ":secret", "us:sécret"])
def test_who_does_not_know_the_secret_hands_on_nothing(visitor, secret):
    assert send(visitor, "postmark", *SENT["postmark"], secret=secret).status_code == 401
    assert not ReceivedMail.objects.exists()


def test_a_provider_that_is_not_configured_has_no_address(visitor, settings):
    settings.MAIL_INBOUND = {"postmark": "us:secret"}
    assert send(visitor, "mailgun", *SENT["mailgun"]).status_code == 404


NO_MAIL = [
    *((JSON, body) for body in (b"", b"{}", b"[]", b"7", b"\xff", b"[" * 100_000, b'{"RawEmail": {"a": 1}}')),
    *(
        (FORM, body)
        for body in (b"", b"--XX", b"--XX\r\n\r\n--XX--", part("email", b""), part("email", b"x")[:9])
    ),
    ("multipart/form-data", b"--XX"),
    ("multipart/form-data; boundary=" + "a" * 5000, b"x"),
    ("application/x-www-form-urlencoded", b"mandrill_events=%ff&mandrill_events=[[[]]]"),
    ("", b"x"),
]


@pytest.mark.parametrize("provider", sorted(NAMES))
def test_what_is_no_mail_is_refused_with_a_sentence(visitor, provider):
    for content_type, body in NO_MAIL:
        response = send(visitor, provider, content_type, body)
        if provider == "sparkpost" and body in (b"[]", b"{}"):  # a list of nothing
            assert response.status_code == 200
        else:
            assert response.status_code == 400, (content_type, body[:50])
            assert response.text.startswith("This holds no original of an email.")
    assert not ReceivedMail.objects.exists()


def test_what_can_not_be_kept_now_is_asked_for_again(visitor, monkeypatch):
    def away(*args):
        raise StoreUnavailable

    monkeypatch.setattr("cases.actions.incoming.store", away)
    response = send(visitor, "postmark", *SENT["postmark"])
    assert (response.status_code, response.headers["Retry-After"]) == (503, "60")
    monkeypatch.undo()
    assert send(visitor, "postmark", *SENT["postmark"]).status_code == 200
    assert Case.objects.count() == 1


def test_what_is_too_large_is_not_read_to_its_end(visitor, monkeypatch):
    monkeypatch.setattr("cases.views.mail_in.MOST", 100)
    assert send(visitor, "postmark", *SENT["postmark"]).status_code == 413


def test_amazon_is_told_yes_by_whoever_reads_the_log(visitor, caplog):
    body = json.dumps(
        {"Type": "SubscriptionConfirmation", "SubscribeURL": "https://sns.example/?a=b"}
    ).encode()
    assert send(visitor, "ses", JSON, body).status_code == 400
    assert "https://sns.example/?a=b" in caplog.text
