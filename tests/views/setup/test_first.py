"""The one-time link of an empty installation."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from cases.actions import first_administrator
from cases.actions.first_administrator import NOT_GOOD, link, make, may_make
from cases.models import AuditEntry, AuditKind, Refused, User
from cases.wording.audit import deed
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PAGE = "/setup/first/"
TYPED = {"name": "Nora", "email": "Nora@Example.com", "password": "a long way home"}


@pytest.fixture(autouse=True)
def _without_mail(settings):
    settings.MAIL_GOES = False


def signed():
    return urlsplit(link()).query.removeprefix("link=")


def opened(browser):
    return browser.get(f"{PAGE}?link={signed()}", follow=True)


def test_whoever_opens_the_link_becomes_the_administrator_and_is_led_to_set_up(visitor):
    page = opened(visitor)
    assert page.status_code == 200
    assert "link=" not in page.request["QUERY_STRING"]
    done = visitor.post(PAGE, TYPED)
    nora = User.objects.get(email="nora@example.com")
    assert done.url == "/setup/"
    assert nora.role == User.Role.ADMINISTRATOR
    assert nora.is_proven
    assert nora.check_password(TYPED["password"])
    assert visitor.get("/setup/").status_code == 200
    entry = AuditEntry.objects.get(kind=AuditKind.FIRST_ADMINISTRATOR)
    assert (entry.by, deed(entry)) == (
        nora,
        "became the first administrator, by the link that the start printed",
    )


def test_the_link_works_once(visitor, browser_of):
    kept = signed()
    opened(visitor)
    visitor.post(PAGE, TYPED)
    page = browser_of(UserFactory()).get(f"{PAGE}?link={kept}", follow=True)
    assert page.status_code == 410
    assert "This portal already has an administrator. Sign in, or ask them for an invitation." in page.text
    User.objects.update(role=User.Role.CUSTOMER)  # nobody is at the desk any more, and yet
    assert not may_make(kept)
    assert may_make(signed())


def test_the_link_is_nothing_once_somebody_is_at_the_desk(visitor, ada):
    opened(visitor)
    assert visitor.post(PAGE, TYPED).status_code == 410
    assert not User.objects.filter(role=User.Role.ADMINISTRATOR).exists()


@pytest.mark.parametrize("made_up", ["", "0", "0:abc:def", "x" * 9000, "\x00"])
def test_nobody_makes_a_link_up(visitor, made_up):
    page = visitor.get(PAGE, {"link": made_up}, follow=True)
    assert page.status_code == 410
    assert NOT_GOOD.refusal in page.text
    assert visitor.post(PAGE, TYPED).status_code == 410
    assert not User.objects.exists()
    assert not visitor.session.keys()


def test_the_link_holds_for_a_day(monkeypatch):
    kept, later = signed(), timezone.now() + timedelta(hours=25)
    monkeypatch.setattr("django.core.signing.time.time", later.timestamp)
    assert may_make(kept) == NOT_GOOD


@pytest.mark.django_db(transaction=True)
def test_of_two_tabs_one_makes_the_administrator():
    kept = signed()

    def tab(number):
        try:
            make(kept, name="Nora", email=f"nora{number}@example.com", password="a long way home")
        except Refused as refused:
            return str(refused)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as tabs:
        said = list(tabs.map(tab, range(4)))
    assert said.count(None) == 1
    assert User.objects.filter(role=User.Role.ADMINISTRATOR).count() == 1


def test_what_a_stranger_set_up_with_the_address_ends(visitor):
    """They signed up with it before, and hoped."""
    stranger = User.objects.create_user("nora@example.com", name="Not Nora")
    stranger.set_password("theirs, they think")
    stranger.save()
    opened(visitor)
    visitor.post(PAGE, TYPED)
    stranger.refresh_from_db()
    assert stranger.name == "Nora"
    assert not stranger.check_password("theirs, they think")
    assert stranger.check_password(TYPED["password"])
    assert EmailAddress.objects.get(user=stranger).verified


def test_what_was_typed_stays_beside_what_is_wrong_with_it(visitor):
    opened(visitor)
    page = visitor.post(PAGE, TYPED | {"password": "12345678"})
    assert page.status_code == 422
    assert "too common" in page.text
    assert 'value="Nora"' in page.text
    assert "no email is sent from here yet" in visitor.post(PAGE, TYPED | {"password": ""}).text


def test_where_mail_goes_no_password_is_needed(visitor, settings):
    settings.MAIL_GOES = True
    opened(visitor)
    assert visitor.post(PAGE, TYPED | {"password": ""}).url == "/setup/"
    assert not User.objects.get().has_usable_password()


def test_a_command_prints_the_link_while_nobody_is_at_the_desk(ada):
    with pytest.raises(CommandError, match="someone at the desk already"):
        call_command("setup_link")
    User.objects.update(role=User.Role.CUSTOMER)
    printed = StringIO()
    call_command("setup_link", stdout=printed)
    assert may_make(urlsplit(printed.getvalue().strip()).query.removeprefix("link="))


def test_the_first_page_of_an_empty_installation_says_what_to_do(visitor, ada, till):
    assert "Something not working?" in visitor.get("/").text
    till.public = False
    till.save()
    assert "We’re not open yet" in visitor.get("/").text
    assert "setup_link" not in visitor.get("/").text
    User.objects.update(role=User.Role.CUSTOMER)
    assert first_administrator.is_missing()
    assert "manage.py setup_link" in visitor.get("/").text
