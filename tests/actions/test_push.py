"""Devices are told while no page is open, through a push service that this test plays."""

import json
import os
import threading
from datetime import time, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from cases import tasks
from cases.actions import conversation, leaving, notifications, push
from cases.live.push import NotNow, is_service
from cases.live.push_message import CURVE, point, to_base64
from cases.models import Limit, Notification, Preferences, PushDevice, Refused, ToMail
from tests.factories import SystemFactory

pytestmark = pytest.mark.django_db


class Device:
    """A browser with its subscription, and the push service behind it, which hands over what only it can read."""

    def __init__(self):
        self.key, self.auth = ec.generate_private_key(CURVE), os.urandom(16)
        self.answers, self.requests = [], []
        device = self

        class Service(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                device.requests.append((dict(self.headers), body))
                self.send_response(device.answers.pop(0) if device.answers else 201)
                self.send_header("Location", "http://127.0.0.1:9/elsewhere")
                self.end_headers()

            def log_message(self, *args):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Service)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def origin(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    @property
    def subscription(self):
        p256dh = to_base64(point(self.key.public_key()))
        return {"endpoint": f"{self.origin}/send/1", "p256dh": p256dh, "auth": to_base64(self.auth)}

    def reads(self):
        """What it was told, decrypted as RFC 8291 says."""
        return [self._decrypted(body) for _, body in self.requests]

    def _decrypted(self, body):
        salt, theirs, sealed = body[:16], body[21:86], body[86:]
        shared = self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, theirs))
        info = b"WebPush: info\0" + point(self.key.public_key()) + theirs
        derive = lambda secret, salt, info, length: HKDF(SHA256(), length, salt, info).derive(secret)  # noqa: E731
        secret = derive(shared, self.auth, info, 32)
        key = derive(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
        nonce = derive(secret, salt, b"Content-Encoding: nonce\0", 12)
        return json.loads(AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\2"))


@pytest.fixture
def phone(settings):
    device = Device()
    settings.PUSH_SERVICES = (device.origin,)
    yield device
    device.server.shutdown()
    device.server.server_close()


def subscribed(phone, person, **other):
    asked = phone.subscription | {"session": "s", "summary": False} | other
    return push.subscribe(by=person, **asked)


def jobs(name):
    found = ProcrastinateJob.objects.filter(status="todo", task_name=f"cases.tasks.{name}").order_by("pk")
    return [job.args for job in found]


def run():
    """All jobs that tell devices, as the worker runs them."""
    for job in jobs("push_notices"):
        tasks.push_notices(**job)
    for job in jobs("push_to"):
        tasks.push_to(**job)
    ProcrastinateJob.objects.filter(queue_name="push").delete()


def test_a_device_is_told_what_concerns_its_person_and_only_it_can_read_that(phone, case, ada, abe):
    subscribed(phone, ada)
    event = conversation.add_note(case, by=abe, body="@ada, the secret.")
    run()
    assert phone.reads() == [
        {
            "title": f"Case {case.number}",
            "body": "Mentioned you",
            "address": f"/desk/cases/{case.number}/#event-{event.sequence}",
            "tag": f"case-{case.number}",
        }
    ]
    (headers, body), *_ = phone.requests
    assert headers["Content-Encoding"] == "aes128gcm"
    assert headers["Authorization"].endswith(f"k={push.public_key()}")
    assert b"Case" not in body
    assert not ToMail.objects.filter(way="push").exists()


def test_it_says_more_where_that_was_chosen(phone, case, ada, abe):
    subscribed(phone, ada, summary=True)
    conversation.add_note(case, by=abe, body="@ada")
    run()
    assert phone.reads()[0]["title"] == f"Case {case.number}: {case.summary}"
    assert phone.reads()[0]["body"] == "Abe mentioned you"


def test_without_a_device_nothing_waits_to_be_pushed(case, ada, abe):
    conversation.add_note(case, by=abe, body="@ada")
    assert not ToMail.objects.filter(way="push").exists()
    assert jobs("push_notices") == []


def test_what_was_read_meanwhile_or_lies_beyond_a_limit_is_not_told(phone, case, ada, abe):
    subscribed(phone, ada)
    conversation.add_note(case, by=abe, body="@ada")
    notifications.read(case, by=ada)
    run()
    conversation.add_note(case, by=abe, body="@ada, again")
    for job in jobs("push_notices"):
        tasks.push_notices(**job)
    limit = Limit.objects.create(name="Elsewhere", systems=[SystemFactory().pk])
    type(ada).objects.filter(pk=ada.pk).update(limit=limit)
    for job in jobs("push_to"):
        tasks.push_to(**job)
    assert phone.requests == []


def test_much_at_once_is_a_number_and_waits_for_the_end_of_the_quiet_hours(phone, case, ada, abe):
    subscribed(phone, ada)
    quiet = Preferences.objects.create(person=ada, quiet_from=time(0), quiet_until=time(23, 59, 59))
    for n in range(5):
        conversation.add_note(case, by=abe, body=f"@ada {n}")
    run()
    assert phone.requests == []
    quiet.delete()
    tasks.push_notices(ada.pk)
    run()
    assert [told["title"] for told in phone.reads()] == ["5 unread notices"]


@pytest.mark.parametrize("answer", [404, 410, 403])
def test_a_device_that_is_gone_is_told_nothing_more(phone, case, ada, abe, answer):
    subscribed(phone, ada)
    phone.answers = [answer]
    conversation.add_note(case, by=abe, body="@ada")
    run()
    assert not PushDevice.objects.exists()


@pytest.mark.parametrize("answer", [429, 500, 302])
def test_a_service_that_cannot_take_it_now_is_asked_again(phone, case, ada, abe, answer):
    device = subscribed(phone, ada)
    phone.answers = [answer]
    event = conversation.add_note(case, by=abe, body="@ada")
    with pytest.raises(NotNow):
        push.send(device, [(event.pk, "mentioned")])
    push.send(device, [(event.pk, "mentioned")])
    assert len(phone.requests) == 2  # and never where it was sent on to


@pytest.mark.parametrize("answer", [400, 401, 413])
def test_what_a_service_never_takes_is_not_sent_again_and_ends_no_device(phone, case, ada, abe, answer):
    subscribed(phone, ada)
    phone.answers = [answer]
    conversation.add_note(case, by=abe, body="@ada")
    run()
    assert len(phone.requests) == 1
    assert PushDevice.objects.exists()


def test_a_number_is_that_of_what_is_not_read_when_it_is_told(
    phone, case, ada, abe, django_assert_max_num_queries
):
    device = subscribed(phone, ada)
    things = [(conversation.add_note(case, by=abe, body=f"@ada {n}").pk, "mentioned") for n in range(5)]
    with django_assert_max_num_queries(9):
        push.hand_out(ada)
    assert jobs("push_to") == [{"device": device.pk, "things": [[*thing] for thing in things]}]
    for last in (2, 4, 5):
        Notification.objects.filter(event__in=[event for event, _ in things[:last]]).update(
            read_at=timezone.now()
        )
        push.send(device, things)
    assert [told["title"] for told in phone.reads()] == ["3 unread notices", f"Case {case.number}"]


def test_signing_out_ends_it_and_so_do_all_other_ends(phone, case, ada, adam, abe, browser_of):
    browser = browser_of(ada)
    answer = browser.post(reverse("account_push"), phone.subscription)
    assert answer.status_code == 204
    browser.post(reverse("account_logout"))
    assert not PushDevice.objects.exists()

    subscribed(phone, ada)
    ada.sign_outs += 1
    ada.save()
    conversation.add_note(case, by=abe, body="@ada")
    run()
    assert not PushDevice.objects.exists()

    subscribed(phone, ada)
    leaving.leave(ada, by=adam)
    assert not PushDevice.objects.exists()

    old = subscribed(phone, abe)
    PushDevice.objects.update(since=timezone.now() - timedelta(days=31))
    push.send(PushDevice.objects.get(pk=old.pk), [(1, "mentioned")])
    assert not PushDevice.objects.exists()
    assert phone.requests == []


def test_a_device_belongs_to_whoever_asked_last(phone, ada, abe):
    subscribed(phone, ada)
    subscribed(phone, abe)
    assert [device.person for device in PushDevice.objects.all()] == [abe]
    push.unsubscribe(phone.subscription["endpoint"], by=ada)
    assert PushDevice.objects.exists()


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com:8443/x",
        "https://fcm.googleapis.com@10.0.0.1/x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://evilfcm.googleapis.com.example/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "http://169.254.169.254/latest/meta-data/",
        "https://localhost:5432/",
        "https://[bad",
        "file:///etc/passwd",
        "",
        "https://push.services.mozilla.com/" + "x" * 1000,
        "https://fcm.googleapis.com/\0",
        "https://fcm.googleapis.com/é",
        "https://fcm.googleapis.com/a b",
    ],
)
def test_nobody_makes_us_ask_anything_but_a_push_service(ada, phone, settings, endpoint):
    settings.PUSH_SERVICES = ()
    with pytest.raises(Refused, match="Push doesn’t work in this browser: we don’t know its push service"):
        subscribed(phone, ada, endpoint=endpoint)
    assert is_service("https://updates.push.services.mozilla.com/wpush/v2/x")


@pytest.mark.parametrize(
    "bad", [{"p256dh": "AAAA"}, {"p256dh": "ä"}, {"auth": "AA"}, {"auth": "!"}, {"auth": "\0"}]
)
def test_keys_that_are_none_are_a_sentence(phone, ada, browser_of, bad):
    answer = browser_of(ada).post(reverse("account_push"), phone.subscription | bad)
    assert answer.status_code == 422
    assert answer.json() == {"refused": "The browser sent invalid keys. Tick the box again."}


@pytest.mark.parametrize("ends", [{}, {"ends": "on"}])
def test_an_address_that_no_database_keeps_is_a_sentence(phone, ada, browser_of, ends):
    sent = phone.subscription | {"endpoint": "https://fcm.googleapis.com/\0"} | ends
    assert browser_of(ada).post(reverse("account_push"), sent).status_code == (204 if ends else 422)


def test_the_key_is_made_once_and_anew_with_another_secret(phone, ada, settings):
    key = push.public_key()
    assert push.public_key() == key
    subscribed(phone, ada)
    settings.SECRET_KEY = "another"
    assert push.public_key() != key
    assert not PushDevice.objects.exists()  # which knew us by the other
    settings.SECRET_KEY_FALLBACKS = []
    assert push.public_key() == push.public_key()
