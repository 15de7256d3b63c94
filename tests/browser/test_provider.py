"""Signing in by a provider of identities that is a process of its own: another portal, with django-allauth's provider."""

import re

import pytest
from playwright.sync_api import expect

from cases.models import User
from tests.portal.conftest import manage, start  # noqa: F401 - fixtures

CLIENT = """
from allauth.idp.oidc.models import Client
from django.contrib.auth.hashers import make_password
Client.objects.create(
    id="caseline", name="Caseline", secret=make_password("secret"), scopes="openid\\nprofile\\nemail",
    redirect_uris="{back}", skip_consent=True,
)
"""


@pytest.fixture
def named(portal):
    """This portal by a name: cookies know no ports, and the provider has the address of figures."""
    return portal.address.replace("127.0.0.1", "localhost")


@pytest.fixture
def provider(start, manage, named, settings):  # noqa: F811
    """A portal with sample data in a process and a database of its own, which knows this one as its client."""
    own = {"DJANGO_SETTINGS_MODULE": "tests.provider.settings"}
    process = start(**own).until_it_serves()
    back = f"{named}/accounts/oidc/company/login/callback/"
    made = manage("shell", "-c", CLIENT.format(back=back), **own)
    assert made.returncode == 0, made.stderr
    settings.OIDC_URL, settings.OIDC_NAME = process.address, "the bakers"
    app = {
        "provider_id": "company",
        "name": "the bakers",
        "client_id": "caseline",
        "secret": "secret",
        "settings": {"server_url": process.address},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}
    return process


def test_somebody_signs_in_by_a_provider_and_is_who_it_says(window, named, provider):
    page = window(None, "/")
    page.goto(f"{named}/accounts/login/")
    page.get_by_role("button", name="Continue to the bakers").click()
    expect(page).to_have_url(re.compile(f"^{provider.address}/accounts/login/"))
    page.get_by_role("textbox", name="Email", exact=True).fill("cleo@example.com")
    page.get_by_label("Password").fill("caseline-demo")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="My cases")).to_be_visible()
    cleo = User.objects.get(email="cleo@example.com")
    assert cleo.is_proven
    assert not cleo.has_usable_password()
