"""Who signs in, who cannot, and who signs out stands in the audit log."""

import pytest
from django.test import Client
from django.urls import reverse

from cases.actions import audit
from cases.models import AuditEntry
from cases.wording.audit import deed, who
from tests.factories import UserFactory

from .test_accounts import EVA, HERS, ask_for_a_code, code_of, sign_in, type_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def eva():
    eva = UserFactory(name="Eva", email=EVA)
    eva.keep_address(verified=True)
    eva.set_password(HERS)
    eva.save()
    return eva


def said():
    return [f"{who(entry)} {deed(entry)}" for entry in AuditEntry.objects.order_by("id")]


def test_a_sign_in_with_a_password_and_the_sign_out(eva):
    browser = Client(REMOTE_ADDR="192.0.2.7", headers={"User-Agent": "Firefox"})
    sign_in(browser, HERS)
    browser.post(reverse("account_logout"))
    assert said() == ["Eva signed in with a password", "Eva signed out"]
    assert {(entry.address, entry.browser) for entry in AuditEntry.objects.all()} == {
        ("192.0.2.7", "Firefox")
    }


def test_a_sign_in_with_a_mailed_code_that_was_mistyped_first(eva):
    browser = Client()
    ask_for_a_code(browser)
    type_in(browser, "account_confirm_login_code", "000000")
    type_in(browser, "account_confirm_login_code", code_of())
    assert said() == [
        f"Someone failed to sign in as {EVA} with an emailed code",
        "Eva signed in with an emailed code",
    ]


def test_a_wrong_password_and_an_address_that_nobody_has(eva):
    sign_in(Client(), "not hers")
    sign_in(Client(), "not hers", address="nobody@example.com")
    assert said() == [
        f"Someone failed to sign in as {EVA} with a password",
        "Someone failed to sign in as nobody@example.com with a password",
    ]
    assert AuditEntry.objects.order_by("id").first().about == eva


def test_a_sign_in_that_cannot_be_logged_is_none(eva, monkeypatch):
    def fail(*_, **__):
        raise ValueError("The disk is full.")

    monkeypatch.setattr(audit, "record", fail)
    browser = Client(raise_request_exception=False)
    assert browser.post(reverse("account_login"), {"login": EVA, "password": HERS}).status_code == 500
    assert browser.get(reverse("cases")).status_code == 302
