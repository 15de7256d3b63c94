"""Each way in which a mailbox cannot be read has a sentence, tried with a real server, and no secret is in it."""

import socket

import pytest

from cases.actions import mailboxes
from cases.mailboxes.connection import tried
from cases.mailboxes.tasks import try_mailbox
from cases.models import Mailbox

pytestmark = pytest.mark.django_db
TLS, STARTTLS, NONE = Mailbox.Security.TLS, Mailbox.Security.STARTTLS, Mailbox.Security.NONE


@pytest.fixture
def _trusted(monkeypatch, dovecot):
    """Its certificate is one that this machine trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.certificate))


@pytest.fixture
def deaf():
    """A port where nobody ever answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.mark.usefixtures("_trusted")
def test_each_kind_of_encryption_works(mailbox_of, dovecot):
    dovecot.deliver((plain := mailbox_of()).user, b"Subject: x\r\n\r\n")
    assert tried(plain) == "It works: INBOX holds 1 mail. Email arrives at once."
    for security, port in ((TLS, dovecot.tls_port), (STARTTLS, dovecot.port)):
        assert tried(mailbox_of(host="localhost", security=security, port=port)).startswith("It works:")
    assert dovecot.flags(plain.user) == [""]


def test_a_password_of_any_characters_is_sent_as_it_is(mailbox_of):
    assert "does not let" in tried(mailbox_of(password='süß "quoted" \\ and long'))


@pytest.mark.usefixtures("_trusted")
def test_what_is_wrong_is_said(mailbox_of, dovecot):
    with socket.create_server(("127.0.0.1", 0)) as gone:
        closed = gone.getsockname()[1]
    name = "127.0.0.1"
    for settings, words in (
        ({"host": "imap.invalid"}, "No server is known by the name “imap.invalid”."),
        ({"host": "a..b"}, "No server is known by the name “a..b”."),
        ({"port": closed}, f"{name} refuses connections on port {closed}."),
        ({"port": dovecot.tls_port, "security": TLS}, f"The certificate of {name} is not trusted: "),
        ({"host": "localhost", "security": TLS}, f"localhost does not speak TLS on port {dovecot.port}."),
        ({"port": 993, "security": STARTTLS}, "Port 993 is for TLS from the beginning"),
        ({"password": "wrong"}, f"{name} does not let {{}} in with this password. It says: "),
        ({"folder": "Missing"}, "There is no folder “Missing” in this mailbox."),
        ({"done_folder": "Done"}, "But there is no folder “Done” for what was read."),
    ):
        mailbox = mailbox_of(**settings)
        assert words.format(mailbox.user) in tried(mailbox), settings


def test_a_server_that_says_nothing_is_given_up(mailbox_of, deaf, monkeypatch):
    monkeypatch.setattr("cases.mailboxes.connection.PATIENCE", 0.1)
    assert tried(mailbox_of(port=deaf)) == f"127.0.0.1 did not answer on port {deaf}."


def test_a_certificate_that_nobody_signed_is_not_trusted(mailbox_of, dovecot):
    said = tried(mailbox_of(host="localhost", port=dovecot.tls_port, security=TLS))
    assert said == "The certificate of localhost is not trusted: self-signed certificate."


def test_nothing_says_the_password_not_even_a_server_that_repeats_it(mailbox_of, deaf, caplog):
    from cases.mailboxes.failures import said

    mailbox = mailbox_of(password="hunter2")
    assert "hunter2" not in said(Exception(b"LOGIN user hunter2 is wrong"), mailbox)
    assert "hunter2" not in tried(mailbox)
    assert "hunter2" not in caplog.text
    assert b"hunter2" not in bytes(Mailbox.objects.get().sealed)


def test_after_the_secret_key_was_changed_the_password_is_asked_for_again(mailbox_of, settings):
    mailbox = mailbox_of()
    settings.SECRET_KEY = "another"
    assert tried(mailbox) == (
        "The portal’s secret key was changed, so its password cannot be read any more. Type it again."
    )


def test_a_test_is_a_job_and_its_answer_stands_with_the_mailbox(mailbox_of):
    mailbox = mailbox_of()
    mailboxes.ask_for_test(mailbox)
    try_mailbox(mailbox.pk)
    mailbox.refresh_from_db()
    assert mailbox.tested.startswith("It works")
    assert mailbox.tested_at


def test_a_token_signs_in_and_is_renewed_only_when_it_ends_soon(mailbox_of, provider, dovecot):
    mailbox = with_token(mailbox_of, provider, dovecot)
    assert tried(mailbox).startswith("It works")
    assert tried(mailbox).startswith("It works")
    assert len(provider.asked) == 1
    assert provider.asked[0]["refresh_token"] == "refresh"


def test_a_token_that_ends_soon_is_renewed_and_another_refresh_token_is_kept(mailbox_of, provider, dovecot):
    provider.lasts, provider.rotates = 60, True
    mailbox = with_token(mailbox_of, provider, dovecot)
    for number in (1, 2, 3):
        assert tried(Mailbox.objects.get(pk=mailbox.pk)).startswith("It works")
        assert Mailbox.objects.get(pk=mailbox.pk).secrets()["refresh_token"] == f"refresh-{number}"


def test_a_token_that_the_server_refuses_is_asked_for_anew(mailbox_of, provider, dovecot):
    mailbox = with_token(mailbox_of, provider, dovecot)
    assert tried(mailbox).startswith("It works")
    provider.good.clear()
    assert "does not let" in tried(mailbox)
    assert tried(mailbox).startswith("It works")


def test_why_there_is_no_token_is_said(mailbox_of, provider, dovecot):
    mailbox = with_token(mailbox_of, provider, dovecot)
    provider.refresh.clear()
    assert tried(mailbox) == (
        "The refresh token has ended or was revoked. Let the account’s owner agree again, and enter the new one."
    )
    provider.client = ("another", "one")
    assert tried(mailbox) == "The provider does not know this client ID with this client secret."
    mailbox.token_url = "http://127.0.0.1:9/token"
    assert tried(mailbox).startswith("http://127.0.0.1:9/token could not be asked for a token:")


def test_secrets_follow_no_redirect(mailbox_of, provider, dovecot):
    mailbox = with_token(mailbox_of, provider, dovecot)
    provider.moved = f"{provider.address}/elsewhere"
    assert tried(mailbox) == f"{provider.address}/token gave no token: status 302."
    assert len(provider.asked) == 1


def with_token(mailbox_of, provider, dovecot):
    provider.refresh["refresh"] = user = dovecot.new_user()
    return mailbox_of(
        user=user,
        sign_in=Mailbox.SignIn.OTHER,
        client_id="portal",
        token_url=f"{provider.address}/token",
        password="",
        client_secret="client-secret",
        refresh_token="refresh",
    )
