"""What a portal refuses to start with, and whom it believes where a visitor comes from."""

import asyncio

import pytest
from django.core.management import call_command

from cases.demo.sample import PASSWORD
from cases.models import User
from portal import asgi, starting
from tests.factories import UserFactory

from .test_refusals import sentence


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"CASELINE_DEMO": "1", "HOST": "0.0.0.0"}, "not for 0.0.0.0"),
        ({"CASELINE_DEMO": "1", "HOST": "::"}, "not for ::"),
        ({"CASELINE_DEMO": "1", "CASELINE_URL": "http://support.example.com"}, "not for support.example.com"),
        ({"CASELINE_URL": "https://support.example.com"}, "Name its address in CASELINE_PROXIES"),
        ({"CASELINE_PROXIES": "127.0.0.1 proxy"}, "“proxy” is none"),
    ],
)
def test_what_would_be_open_or_useless_is_refused(variables, words, manage):
    assert words in sentence(manage("run", **variables))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost"])
def test_a_demo_on_this_machine_is_none_of_it(host, settings):
    settings.DEMO = True
    starting.check_settings(host)
    assert settings.PROXIES == []


@pytest.mark.django_db
class TestTheSampleDatasPassword:
    @pytest.fixture(autouse=True)
    def _sample(self, django_user_model):
        for email in ("ada@example.com", "admin@example.com"):
            user = UserFactory(name=email.split("@")[0], email=email, role=User.Role.AGENT)
            user.keep_address(verified=True)
            user.set_password(PASSWORD)
            user.save()

    def test_is_refused_outside_the_demo(self):
        with pytest.raises(starting.Refused, match=r"ada@example.com and 1 more can sign in"):
            starting.check_people()

    def test_is_let_in_the_demo(self, settings):
        settings.DEMO = True
        starting.check_people()
        assert settings.DEMO

    def test_is_none_for_whoever_has_another_or_was_deactivated(self):
        ada, admin = User.objects.order_by("pk")
        ada.set_password("her own words")
        ada.save()
        admin.is_active = False
        admin.save()
        starting.check_people()
        assert User.objects.filter(is_active=True).count() == 1

    def test_is_that_of_all_the_sample_data(self):
        User.objects.all().delete()
        call_command("sample", verbosity=0)
        with pytest.raises(starting.Refused, match=f"and {User.objects.count() - 1} more"):
            starting.check_people()


def test_another_server_is_told_too(monkeypatch):
    def refuse():
        raise starting.Refused("Everyone knows it.")

    monkeypatch.setattr(starting, "check_settings", refuse)
    assert asyncio.run(_start()) == [{"type": "lifespan.startup.failed", "message": "Everyone knows it."}]


async def _start():
    said = []

    async def receive():
        return {"type": "lifespan.startup"}

    async def send(message):
        said.append(message)

    await asgi.application({"type": "lifespan"}, receive, send)
    return said


@pytest.mark.parametrize(
    ("proxies", "address"),
    [([], "192.0.2.1"), (["192.0.2.1"], "198.51.100.7"), (["10.0.0.0/8"], "192.0.2.1")],
)
def test_a_header_is_believed_from_a_named_proxy_alone(proxies, address):
    seen = []

    async def page(scope, receive, send):
        seen.append((scope["client"][0], scope["scheme"]))

    application = type(asgi.application)(page, proxies)
    headers = [(b"x-forwarded-for", b"203.0.113.9, 198.51.100.7"), (b"x-forwarded-proto", b"https")]
    scope = {"type": "http", "client": ("192.0.2.1", 5000), "scheme": "http", "headers": headers}
    asyncio.run(application(scope, None, None))
    assert seen == [(address, "https" if address == "198.51.100.7" else "http")]
