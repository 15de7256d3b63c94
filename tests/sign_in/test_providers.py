"""A provider that speaks OpenID Connect, and one that is down, slow, or lies."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.urls import reverse

from cases.models import AuditEntry, User

from .conftest import PASSWORD, Person

pytestmark = pytest.mark.django_db

EVA = {"sub": "1", "email": "Eva@Example.com", "email_verified": True, "name": "Eva"}


class Provider(ThreadingHTTPServer):
    """Answers what it is told to."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.info, self.signed, self.slow = EVA, {}, threading.Event()
        self.slow.set()
        self.address = f"http://127.0.0.1:{self.server_port}"

    def answer(self, path):
        if path.endswith("openid-configuration"):
            names = {"authorization": "to", "token": "token", "userinfo": "info"}
            found = {f"{name}_endpoint": f"{self.address}/{path}" for name, path in names.items()}
            return found | {"issuer": self.address, "jwks_uri": f"{self.address}/keys"}
        if path == "/token":
            claims = {"iss": self.address, "aud": "caseline", "exp": 4_000_000_000, "sub": "1"} | self.signed
            return {"access_token": "x", "token_type": "Bearer", "id_token": jwt.encode(claims, "k" * 32)}
        return self.info


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.slow.wait(5)
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = json.dumps(self.server.answer(self.path)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815

    def log_message(self, *_):
        pass


@pytest.fixture
def provider(settings):
    server = Provider()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    settings.OIDC_URL, settings.OIDC_NAME = server.address, "Bakery"
    app = {
        "provider_id": "company",
        "name": "Bakery",
        "client_id": "caseline",
        "secret": "s",
        "settings": {"server_url": server.address},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}
    yield server
    server.slow.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def eva():
    return Person(User(email="eva@example.com"))


def goes_there(person):
    return person.post("openid_connect_login", {}, "company")


def comes_back(person, **said):
    page = goes_there(person)
    state = parse_qs(urlsplit(page.context["address"]).query)["state"][0]
    return person.get("openid_connect_callback", "company", data={"state": state, "code": "c"} | said)


class TestAProvider:
    def test_signs_in_whose_address_it_vouches_for(self, provider, eva):
        assert "On to Bakery" in goes_there(eva).text
        comes_back(eva)
        assert eva.is_in
        assert User.objects.get().is_proven
        comes_back(again := Person(eva.user))
        assert again.is_in
        assert User.objects.count() == SocialAccount.objects.count() == 1

    def test_is_a_proof_that_drops_what_a_stranger_set_up(self, provider, eva):
        stranger = Person(eva.user)
        stranger.post("account_signup", {"email": "eva@example.com", "name": "No", "password1": PASSWORD})
        comes_back(eva)
        assert eva.is_in
        assert not User.objects.get().has_usable_password()
        stranger.post("account_login", {"login": "eva@example.com", "password": PASSWORD})
        assert not stranger.is_in

    def test_opens_no_account_by_a_further_address_that_nobody_has_proven(self, provider, eva, cleo):
        cleo.keep_address(verified=True)
        EmailAddress.objects.create(user=cleo, email="eva@example.com")
        assert "stands unconfirmed" in comes_back(eva).text
        assert not eva.is_in
        assert not SocialAccount.objects.exists()

    def test_speaks_only_for_the_domains_that_are_its_own(self, provider, eva, settings):
        settings.OIDC_DOMAINS = frozenset({"bakery.example"})
        assert "does not speak for addresses of example.com" in comes_back(eva).text
        assert not eva.is_in
        provider.info = EVA | {"email": "eva@bakery.example"}
        comes_back(eva)
        assert eva.is_in

    def test_proves_nothing_of_an_account_that_was_deactivated(self, provider, eva, cleo):
        provider.info = EVA | {"email": cleo.email}
        User.objects.filter(pk=cleo.pk).update(is_active=False)
        assert "deactivated" in comes_back(eva).text
        assert AuditEntry.objects.get().details["tried"] == cleo.email
        assert not SocialAccount.objects.exists()
        assert not cleo.is_proven

    def test_does_not_stand_in_for_the_second_factor(self, provider, cleo, proven):
        provider.info = EVA | {"email": cleo.email}
        proven(cleo).signs_in().sets_up_the_app()
        other = Person(cleo)
        assert comes_back(other).url == reverse("mfa_authenticate")
        assert not other.is_in


LIES = {
    "does not say that": [
        {"email_verified": False},
        {"email_verified": "true"},
        {"email_verified": 1},
    ],
    "contradicts itself": [{"sub": "2"}],
    "cannot use": [{"email": 7}],
}


class TestALie:
    @pytest.mark.parametrize(("words", "lie"), [(words, lie) for words, lies in LIES.items() for lie in lies])
    def test_proves_nothing_and_is_a_sentence(self, provider, eva, cleo, words, lie):
        provider.info = EVA | {"email": cleo.email} | lie
        assert words in comes_back(eva).text
        assert not eva.is_in
        assert not SocialAccount.objects.exists()
        assert not cleo.is_proven

    @pytest.mark.parametrize("signed", [{"email": "other@example.com"}, {"email_verified": False}])
    def test_in_what_it_signs_counts_too(self, provider, eva, signed):
        provider.signed = signed
        assert comes_back(eva).status_code in (403, 502)
        assert not User.objects.exists()

    @pytest.mark.parametrize("junk", [[], "x", None, {}])
    def test_that_is_nonsense_is_a_sentence(self, provider, eva, junk):
        provider.info = junk
        assert "Not signed in" in comes_back(eva).text
        assert not eva.is_in


class TestNoAnswer:
    def test_is_a_sentence_where_it_is_down(self, provider, eva, settings):
        provider.shutdown()
        provider.server_close()
        answer = goes_there(eva)
        assert (answer.status_code, "Bakery cannot be reached" in answer.text) == (502, True)

    def test_is_a_sentence_where_it_is_slow(self, provider, eva, settings):
        settings.SOCIALACCOUNT_REQUESTS_TIMEOUT = 0.1
        provider.slow.clear()
        assert "takes too long" in goes_there(eva).text

    def test_is_a_sentence_where_they_turned_back(self, provider, eva):
        assert "did not go through" in comes_back(eva, code="", error="access_denied").text
