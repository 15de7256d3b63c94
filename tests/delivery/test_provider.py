"""A provider's webhook tells what became of mail, where one is configured and shows that it is the provider."""

import hashlib
import hmac
import json
from base64 import b64encode

import pytest
from django.core import mail
from django.test import Client

from cases.actions import conversation
from cases.models import Delivery
from tests.mail.letters import do_jobs

pytestmark = pytest.mark.django_db

PAGE = "/mail/reports/"
KEY = "key-3ax6xnjp29jd6fds4gc373sgvjxteol0"


@pytest.fixture
def mailgun(settings):
    settings.MAIL_PROVIDER, settings.MAIL_WEBHOOK_KEY = "mailgun", KEY


@pytest.fixture
def postmark(settings):
    settings.MAIL_PROVIDER, settings.MAIL_WEBHOOK_SECRET = "postmark", "caseline:sesame"


@pytest.fixture
def delivery(case, ada):
    event = conversation.reply(case, by=ada, body="Which till?")
    return Delivery.objects.create(
        event=event, address="cleo@example.com", message_id="<case-1-2-abc.2@127.0.0.1>", state="sent"
    )


def signed(data, key=KEY):
    token, timestamp = "50dcec4a2d0ef27036c44cff0ce9324736fe98797a8d32fe2e", "1796055080"
    signature = hmac.new(key.encode(), f"{timestamp}{token}".encode(), hashlib.sha256).hexdigest()
    signature = {"timestamp": timestamp, "token": token, "signature": signature}
    return json.dumps({"signature": signature, "event-data": data})


def failed(**changes):
    """A permanent failure as Mailgun's documentation shows it."""
    return {
        "severity": "permanent",
        "tags": ["my_tag_1"],
        "timestamp": 1521233195.375624,
        "log-level": "error",
        "id": "G9Bn5sl1TC6nu79C8C0bwg",
        "event": "failed",
        "reason": "suppress-bounce",
        "recipient": "cleo@example.com",
        "recipient-domain": "example.com",
        "user-variables": {},
        "envelope": {"sender": "support@127.0.0.1", "transport": "smtp", "targets": "cleo@example.com"},
        "message": {
            "headers": {
                "to": "cleo@example.com",
                "message-id": "case-1-2-abc.2@127.0.0.1",
                "from": "Caseline <support@127.0.0.1>",
                "subject": "[#1] The till",
            },
            "attachments": [],
            "size": 111,
        },
        "delivery-status": {
            "attempt-no": 1,
            "message": "550 5.1.1 The email account that you tried to reach does not exist.",
            "code": 550,
            "description": "",
            "session-seconds": 0.4,
        },
    } | changes


def post(body, secret=None):
    headers = {"Authorization": f"Basic {b64encode(secret.encode()).decode()}"} if secret else {}
    client = Client(enforce_csrf_checks=True)
    return client.post(PAGE, body, content_type="application/json", headers=headers)


def became(delivery):
    delivery.refresh_from_db()
    return delivery.state, delivery.reason


@pytest.mark.parametrize(
    ("data", "state"),
    [
        (failed(), ("bounced", "mailbox unknown")),
        (failed(severity="temporary"), ("deferred", "mailbox unknown")),
        (failed(event="delivered", severity=None), ("delivered", "")),
        (failed(event="complained", severity=None), ("complained", "")),
        (failed(event="opened", severity=None), ("sent", "")),
    ],
)
def test_mailgun_tells_what_became_of_a_mail(mailgun, delivery, data, state):
    assert post(signed(data)).status_code == 200
    assert became(delivery) == state


def test_whoever_lacks_the_key_is_not_believed(mailgun, delivery):
    assert post(signed(failed(), key="another")).status_code == 400
    assert post(json.dumps({"event-data": failed()})).status_code == 400
    assert became(delivery) == ("sent", "")


def test_postmark_tells_by_what_we_gave_along_since_it_has_ids_of_its_own(postmark, delivery):
    body = json.dumps(
        {
            "RecordType": "Bounce",
            "MessageStream": "outbound",
            "ID": 4323372036854775807,
            "Type": "HardBounce",
            "TypeCode": 1,
            "Name": "Hard bounce",
            "Tag": "Test",
            "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
            "Metadata": {"mail": "case-1-2-abc.2"},
            "ServerID": 23,
            "Description": "The server was unable to deliver your message.",
            "Details": "smtp;550 5.2.1 The account is disabled.",
            "Email": "cleo@example.com",
            "From": "support@127.0.0.1",
            "BouncedAt": "2026-11-30T16:33:54.9070259Z",
            "DumpAvailable": True,
            "Inactive": True,
            "CanActivate": True,
            "Subject": "[#1] The till",
        }
    )
    for secret in (None, "caseline:guess"):
        assert post(body, secret).status_code == 400
    assert became(delivery) == ("sent", "")
    assert post(body, "caseline:sesame").status_code == 200
    assert became(delivery) == ("bounced", "mailbox disabled")


@pytest.mark.django_db(transaction=True)
def test_postmark_is_given_along_what_it_tells_of(postmark, case):
    do_jobs()
    [message] = mail.outbox
    given = message.extra_headers["X-PM-Metadata-mail"]
    assert message.extra_headers["Message-ID"] == f"<{given}@127.0.0.1>"
    assert len(given) <= 80


def test_without_a_provider_or_its_secret_nobody_reports(settings, delivery):
    assert post(signed(failed())).status_code == 404
    settings.MAIL_PROVIDER = "mailgun"
    assert post(signed(failed())).status_code == 404
    settings.MAIL_PROVIDER = "postmark"
    assert post("{}").status_code == 404
    settings.MAIL_PROVIDER, settings.MAIL_WEBHOOK_SECRET = "nobody", "x:y"
    assert post("{}").status_code == 404
    assert became(delivery) == ("sent", "")


HOSTILE = [
    b"", b"{", b"null", b"[]", b"7", b'"x"', b"\xff\xfe\x00", b'{"a":' * 5000, b"[" * 100_000, b"x" * 6_000_000,
    b'{"RecordType": []}', b'{"RecordType": "Bounce", "BouncedAt": 7}', b'{"RecordType": "Bounce", "Metadata": [1]}',
    b'{"RecordType": "Inbound"}', b'{"RecordType": "Bounce", "BouncedAt": "2026-99-99T00:00:00Z"}',
]  # fmt: skip


@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
def test_what_makes_no_sense_is_answered_with_400_and_no_traceback(mailgun, postmark, delivery, caplog, body):
    assert post(body, "caseline:sesame").status_code == 400
    assert not [record for record in caplog.records if record.exc_info or record.levelname == "ERROR"]
    assert became(delivery) == ("sent", "")


def test_a_name_that_no_mail_has_and_one_that_no_text_can_hold_change_nothing(postmark, delivery):
    for name in ("case-1-2-abd.2", "case\x00", "x" * 5000, {"a": 1}):
        report = {"RecordType": "Bounce", "Type": "HardBounce", "Metadata": {"mail": name}, "Details": "\x00"}
        assert post(json.dumps(report), "caseline:sesame").status_code == 200
    assert became(delivery) == ("sent", "")
