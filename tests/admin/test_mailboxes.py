"""Mailboxes in the administration: what they sign in with is typed, and shown nowhere; one that fails is on every page."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from cases.actions import mailboxes
from cases.mailboxes.tasks import mail_failure, try_mailbox, watch_mailboxes
from cases.models import AuditEntry, Mailbox

from .test_service_levels import address, sent

pytestmark = pytest.mark.django_db

ADD = reverse("admin:cases_mailbox_add")
DATA = {
    "host": "imap.example.org",
    "port": "993",
    "security": "tls",
    "user": "help@example.org",
    "sign_in": "password",
    "password": "hunter2",
    "folder": "INBOX",
    "active": "on",
}


@pytest.fixture
def office(adam, browser_of):
    return browser_of(adam, proven=True)


@pytest.fixture
def mailbox(office):
    assert office.post(ADD, DATA).status_code == 302
    return Mailbox.objects.get()


def complaints(response):
    return [said for errors in response.context["adminform"].form.errors.values() for said in errors]


def test_a_password_is_sealed_shown_nowhere_and_kept_when_nothing_is_typed(office, mailbox):
    assert mailbox.secrets() == {"password": "hunter2"}
    assert sent(office, mailbox, folder="Support").status_code == 302
    mailbox.refresh_from_db()
    assert (mailbox.folder, mailbox.secrets()) == ("Support", {"password": "hunter2"})
    sent(office, mailbox, password="hunter3")
    mailbox.refresh_from_db()
    assert mailbox.secrets() == {"password": "hunter3"}
    pages = [
        address(mailbox),
        reverse("admin:cases_mailbox_changelist"),
        reverse("audit"),
        address(mailbox, "history"),
    ]
    assert not any("hunter" in office.get(page).text for page in pages)
    assert "hunter" not in str([*AuditEntry.objects.values_list("details")])
    assert {"password": ["", "•••"]} in [entry.details.get("changes") for entry in AuditEntry.objects.all()]


@pytest.mark.parametrize(
    "change",
    [{"host": "evil.example"}, {"port": "994"}, {"security": "starttls"}, {"user": "other@example.org"}],
)
def test_a_password_goes_nowhere_else_unless_it_is_typed_again(office, mailbox, change):
    assert complaints(sent(office, mailbox, **change)) == [
        "Type it again: it is sent nowhere else than before."
    ]
    assert sent(office, mailbox, **change, password="hunter2").status_code == 302


def test_secrets_of_tokens_go_to_no_other_address_either(office, mailbox):
    token = {"sign_in": "other", "client_id": "portal", "token_url": "https://id.example.org/token"}
    assert complaints(sent(office, mailbox, **token)) == ["It signs in with one: type it."]
    given = {"client_secret": "hush", "refresh_token": "long"}
    assert sent(office, mailbox, **token, **given).status_code == 302
    elsewhere = {"token_url": "https://evil.example/"}
    assert len(complaints(sent(office, mailbox, **elsewhere))) == 2
    assert complaints(sent(office, mailbox, **elsewhere, refresh_token="long")) == [
        "Type it again: it is sent nowhere else than before."
    ]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"security": "none"}, "Without encryption everyone on the way reads the password. Choose TLS."),
        ({"sign_in": "google", "refresh_token": "x"}, "OAuth2 needs one."),
        ({"sign_in": "other", "refresh_token": "x", "client_id": "x"}, "OAuth2 elsewhere needs one."),
        (
            {
                "sign_in": "other",
                "refresh_token": "x",
                "client_id": "x",
                "token_url": "http://id.example.org/",
            },
            "An address that begins with https://.",
        ),
        ({"password": ""}, "It signs in with one: type it."),
        ({"port": "99999"}, "Ensure this value is less than or equal to 65535."),
    ],
)
def test_what_cannot_work_is_said_before_it_is_saved(office, typed, said):
    assert complaints(office.post(ADD, DATA | typed)) == [said]
    assert not Mailbox.objects.exists()


def test_the_same_folder_is_read_once(office, mailbox):
    assert complaints(office.post(ADD, DATA)) == ["This folder of this mailbox is read already."]


def test_without_a_recent_proof_nothing_is_saved(adam, browser_of):
    assert "reauthenticate" in browser_of(adam).post(ADD, DATA).url
    assert not Mailbox.objects.exists()


def test_another_account_or_folder_is_read_from_its_end(office, mailbox):
    Mailbox.objects.update(uid_validity=7, uid=700, seen_at=timezone.now())
    sent(office, mailbox, folder="Support")
    mailbox.refresh_from_db()
    assert (mailbox.uid_validity, mailbox.uid, mailbox.seen_at) == (None, 0, None)


def test_a_test_runs_beside_the_page_which_then_says_how_it_went(office, mailbox):
    assert "Test this mailbox" in office.get(address(mailbox)).text
    response = office.post(reverse("admin:cases_mailbox_test", args=[mailbox.pk]))
    page = office.get(response.url)
    assert page.headers["Refresh"] == "2"
    Mailbox.objects.update(host="imap.invalid")
    try_mailbox(mailbox.pk)
    page = office.get(response.url)
    assert "No server is known by the name “imap.invalid”." in page.text
    assert "Refresh" not in page.headers


def jobs(name):
    return ProcrastinateJob.objects.filter(task_name=f"cases.{name}")


def test_a_mailbox_that_fails_is_on_every_page_of_administrators_alone(
    office, mailbox, ada, browser_of, visitor
):
    mailboxes.failed(mailbox, "It says <no>.")
    said = "</a> has not come in since"
    assert said not in office.get("/desk/").text  # a moment is no news
    Mailbox.objects.update(failing_since=timezone.now() - timedelta(minutes=2))
    for page in ("/desk/", "/cases/new/", reverse("admin:index"), "/admin/cases/system/"):
        assert said in (text := office.get(page).text), page
        assert "It says &lt;no&gt;." in text
    assert said not in browser_of(ada).get("/desk/").text
    assert said not in visitor.get("/cases/new/").text
    mailboxes.works(mailbox)
    assert said not in office.get("/desk/").text


def test_administrators_are_mailed_once_when_it_fails_for_a_while(mailbox, adam, ada):
    mailboxes.failed(mailbox, "It refuses.")
    mailboxes.failed(mailbox, "It still refuses.")
    job = jobs("mailboxes.tasks.mail_failure").get()
    assert job.scheduled_at > timezone.now() + timedelta(minutes=4)
    mail_failure(**job.args)
    told = jobs("tasks.mail_text").get().args
    assert told["to"] == adam.email
    assert "It still refuses." in told["body"]
    assert address(mailbox) in told["body"]


def test_nobody_is_mailed_of_what_is_over_or_is_not_read_any_more(mailbox):
    mailboxes.failed(mailbox, "It refuses.")
    mailboxes.works(mailbox)
    mail_failure(**jobs("mailboxes.tasks.mail_failure").get().args)
    assert not jobs("tasks.mail_text").exists()
    Mailbox.objects.update(active=False)
    mailboxes.failed(mailbox, "It refuses.")
    assert Mailbox.objects.get().failing_since is None


def test_a_mailbox_that_nothing_reads_fails_too(mailbox):
    watch_mailboxes(0)
    assert Mailbox.objects.get().failing_since is None
    Mailbox.objects.update(saved_at=timezone.now() - timedelta(hours=1))
    watch_mailboxes(0)
    assert Mailbox.objects.get().error == mailboxes.NEVER
    Mailbox.objects.update(seen_at=timezone.now() - timedelta(minutes=10), failing_since=None)
    watch_mailboxes(0)
    assert Mailbox.objects.get().error.startswith("Nothing has read it since")
