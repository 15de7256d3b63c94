"""Second factors in Chromium: an administrator's app after the time is over, and a passkey of a virtual device."""

import time
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import expect

from cases.models import User

from .live import live
from .looks import check_looks

PASSWORD = "a password of one's own"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def boss(adam):
    """An administrator whose time for a second factor is over."""
    adam.keep_address(verified=True)
    adam.set_password(PASSWORD)
    adam.save()
    User.objects.filter(pk=adam.pk).update(role_since=timezone.now() - timedelta(days=30))
    return adam


@pytest.fixture
def named(portal):
    """The portal by a name: no passkey is for an address of figures."""
    return portal.address.replace("127.0.0.1", "localhost")


def sign_in(page, user):
    page.get_by_role("textbox", name="Email").last.fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def sign_out(page):
    live(page)  # so that nothing is asked for as whoever is out by then
    page.get_by_label("Account and theme").click()
    page.get_by_role("button", name="Sign out", exact=True).click()


def shown(secret):
    cache.clear()  # in which the code of this half minute is kept as used
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def test_an_administrator_sets_up_an_app_and_signs_in_with_it_and_with_a_recovery_code(window, boss):
    page = window(None, "/accounts/login/?next=/admin/")
    sign_in(page, boss)
    expect(page.locator(".reminder")).to_contain_text("Your role requires a second factor.")
    check_looks(page)
    page.goto("/desk/")
    expect(page.get_by_role("heading", name="Security")).to_be_visible()
    page.get_by_role("link", name="Set up").click()
    secret = page.locator(".secret").inner_text()
    check_looks(page)
    page.get_by_label("The code that the app shows now").fill(shown(secret))
    page.get_by_role("button", name="Set it up").click()
    code = page.locator(".codes li").first.inner_text()
    check_looks(page)
    page.get_by_role("link", name="I’ve saved them").click()
    page.goto("/admin/")
    expect(page.get_by_role("heading", name="Administration")).to_be_visible()

    for typed in (shown(secret), code):
        page.goto("/desk/")
        sign_out(page)
        page.goto("/admin/")
        sign_in(page, boss)
        check_looks(page)
        page.get_by_label("Code").fill("000000")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_text("let your phone set its clock by itself")).to_be_visible()
        page.get_by_label("Code").fill(typed)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="Administration")).to_be_visible()


def test_a_passkey_is_added_and_signs_in_alone(window, boss, named):
    page = window(None, f"{named}/accounts/login/")
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    sign_in(page, boss)
    page.get_by_role("link", name="Add a passkey").click()
    check_looks(page)
    page.get_by_label("Name").fill("Work phone")
    page.get_by_role("button", name="Add the passkey").click()
    page.get_by_role("link", name="I’ve saved them").click()
    expect(page.get_by_text("Work phone")).to_be_visible()
    check_looks(page)

    page.goto(f"{named}/desk/")
    sign_out(page)
    page.goto(f"{named}/accounts/login/?next=/desk/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{named}/desk/**")
    expect(page.locator(".reminder")).to_have_count(0)
