"""An address that was changed, and its owner's way back."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import signing
from django.utils import timezone

from cases.models import AuditEntry
from tests.factories import UserFactory
from tests.markup import Browser

from .conftest import PASSWORD, code_of, letters

pytestmark = pytest.mark.django_db

NEW = "mallory@example.org"


@pytest.fixture
def thief(cleo, proven):
    """Somebody at Cleo's browser, who knew her password for a moment and has made the account theirs."""
    cleo = proven(cleo, PASSWORD).signs_in()
    cleo.post("account_email", {"action_add": "", "email": NEW})
    cleo.post("account_email_verification_sent", {"code": code_of(NEW), "action": "verify"})
    cleo.post("account_email", {"action_primary": "", "email": NEW})
    cleo.sets_up_the_app()
    return cleo


@pytest.fixture
def link(thief):
    """In the letter to the old address."""
    [told] = [one for one in letters("cleo@example.com") if "was changed" in one["subject"]]
    return re.search(r"http://\S+(/accounts/way-back/\S+)", told["body"])[1]


def test_takes_the_account_back(thief, link, cleo):
    cleo.refresh_from_db()
    assert cleo.email == NEW
    browser = Browser()
    assert "cleo@example.com" in browser.get(link).text
    browser.post(link)
    cleo.refresh_from_db()
    assert (cleo.email, cleo.is_proven, cleo.has_usable_password()) == ("cleo@example.com", True, False)
    assert [one.email for one in EmailAddress.objects.filter(user=cleo)] == ["cleo@example.com"]
    assert not Authenticator.objects.exists()
    assert not thief.is_in
    thief.user.refresh_from_db()
    assert thief.at_another_browser().signs_in().is_in
    assert AuditEntry.objects.get(kind="person", about=cleo).details["changes"]["email address"] == [
        NEW,
        "cleo@example.com",
    ]


def test_keeps_the_factors_from_before(cleo, proven, thief, link):
    Authenticator.objects.update(created_at=timezone.now() - timedelta(days=1))
    Browser().post(link)
    assert Authenticator.objects.filter(type="totp").exists()


def test_is_open_for_a_week(link, cleo, monkeypatch):
    later = signing.time.time() + 7 * 24 * 3600 + 1
    monkeypatch.setattr(signing.time, "time", lambda: later)
    answer = Browser().post(link)
    assert answer.status_code == 410
    assert "This link has expired" in answer.text
    cleo.refresh_from_db()
    assert cleo.email == NEW


def test_is_ours_alone(link, cleo):
    assert Browser().post(link[:-2] + "x/").status_code == 410
    cleo.refresh_from_db()
    assert cleo.email == NEW


def test_is_a_sentence_where_the_address_is_anothers_by_now(link, cleo):
    EmailAddress.objects.filter(email="cleo@example.com").delete()
    UserFactory(name="Other", email="cleo@example.com")
    answer = Browser().post(link)
    assert answer.status_code == 409
    assert "belongs to another account" in answer.text


def test_ends_those_that_were_mailed_to_addresses_of_the_thief(thief, link, cleo):
    second = "mallory2@example.org"
    thief.post("account_email", {"action_add": "", "email": second})
    thief.post("account_email_verification_sent", {"code": code_of(second), "action": "verify"})
    thief.post("account_email", {"action_primary": "", "email": second})
    [told] = [one for one in letters(NEW) if "was changed" in one["subject"]]
    of_the_thief = re.search(r"http://\S+(/accounts/way-back/\S+)", told["body"])[1]
    Browser().post(link)
    assert "taken back already" in Browser().post(of_the_thief).text
    cleo.refresh_from_db()
    assert cleo.email == "cleo@example.com"
