"""The fixed cast. Ada and Abe are agents, Lena leads a team, Adam administers, Otto audits; Cleo and Carl are customers
of one organisation that shares its cases, and Mona manages it; Mallory is a customer of another."""

import gc
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from allauth.account.internal.flows.login import record_authentication
from django.conf import settings as configured
from django.contrib.auth import login
from django.db import connection
from django.http import HttpRequest
from django.test import TransactionTestCase

from cases import tasks
from cases.access import GUEST_CASES
from cases.mail import sending
from cases.models import Brand, Case, Guest, Organisation, System, Team, User
from cases.queries import brand
from cases.status_page import pages
from portal.sessions import SessionStore

from . import database
from .factories import CaseFactory, OrganisationFactory, SystemFactory, TeamFactory, UserFactory
from .markup import Browser

TransactionTestCase._fixture_teardown = lambda self: database.restore()  # instead of TRUNCATE of all tables

PORTAL, BENCH = Path(__file__).parent / "portal", Path(__file__).parent / "test_bench.py"


@pytest.hookimpl(trylast=True)  # after pytest-django has put its own order in
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What starts servers comes first, so that no worker is still at it when the others have nothing left."""
    items.sort(key=lambda item: item.path != BENCH and PORTAL not in item.path.parents)


def pytest_collection_finish() -> None:
    """What stays until the end need not be looked through for garbage again and again, least of all by the tests that
    collect it to see a connection closed."""
    gc.freeze()
    gc.set_threshold(50_000)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), database.own_database():
        django_db_blocker.block()
        yield
        django_db_blocker.restore()


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has a brand yet, and pages need not ask again whether, however slow a test is."""
    monkeypatch.setattr(brand.kept, "fresh", math.inf)
    brand.kept.hold(Brand())
    pages.forget()
    tasks.failed.clear()
    sending.forget_that_it_was_away()


@pytest.fixture(autouse=True)
def kept(settings: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where this test's attachments lie. Most tests have none, so the first makes the folder."""
    folder = tmp_path_factory.getbasetemp() / "attachments" / uuid4().hex
    attachments = settings.STORAGES["attachments"]
    settings.STORAGES = settings.STORAGES | {
        "attachments": attachments | {"OPTIONS": attachments["OPTIONS"] | {"location": folder}}
    }
    return folder


@pytest.fixture
def ada(db: None) -> User:
    return UserFactory(name="Ada", role=User.Role.AGENT)


@pytest.fixture
def abe(db: None) -> User:
    return UserFactory(name="Abe", role=User.Role.AGENT)


@pytest.fixture
def adam(db: None) -> User:
    return UserFactory(name="Adam", role=User.Role.ADMINISTRATOR)


@pytest.fixture
def lena(db: None) -> User:
    return UserFactory(name="Lena", role=User.Role.LEAD)


@pytest.fixture
def otto(db: None) -> User:
    return UserFactory(name="Otto", role=User.Role.AUDITOR)


@pytest.fixture
def bakery(db: None) -> Organisation:
    return OrganisationFactory(name="Bakery", shares_cases=True)


@pytest.fixture
def cleo(bakery: Organisation) -> User:
    return UserFactory(name="Cleo", organisation=bakery)


@pytest.fixture
def carl(bakery: Organisation) -> User:
    return UserFactory(name="Carl", organisation=bakery)


@pytest.fixture
def mona(bakery: Organisation) -> User:
    return UserFactory(name="Mona", organisation=bakery, role=User.Role.MANAGER)


@pytest.fixture
def mallory(db: None) -> User:
    return UserFactory(name="Mallory", organisation=OrganisationFactory(name="Mill"))


@pytest.fixture
def till(db: None) -> System:
    return SystemFactory(name="Till")


@pytest.fixture
def team(db: None) -> Team:
    return TeamFactory(name="Engineering")


@pytest.fixture
def case(cleo: User, till: System) -> Case:
    return CaseFactory(customer=cleo, system=till)


@pytest.fixture
def claimed(cleo: User, till: System) -> Case:
    """A visitor's, who typed Cleo's address. Nobody has confirmed that it is hers."""
    return CaseFactory(
        customer=None, by=Guest(), claimed_email=cleo.email, customer_name="Not Cleo", system=till
    )


@pytest.fixture
def guest_of():
    """A browser that is not signed in and in which these cases were reported: `guest_of(case)`."""

    def reported(*cases: Case) -> Browser:
        client = Browser()
        session = client.session
        session[GUEST_CASES] = [case.number for case in cases]
        session.save()
        return client

    return reported


@pytest.fixture
def brand_is(db: None) -> Any:
    """Present the portal like this: `brand_is(name="Acme")`."""

    def saved(**fields: Any) -> Brand:
        Brand.objects.update_or_create(pk=1, defaults=fields)
        brand.kept.forget()
        return brand.brand()

    return saved


@pytest.fixture
def visitor() -> Browser:
    """A browser that is not signed in."""
    return Browser()


@pytest.fixture
def browser_of():
    """A signed-in browser for each of the cast: `browser_of(ada).get(...)`. With `proven` they have just typed their
    password there."""

    def signed_in(user: User, *, proven: bool = False) -> Browser:
        request, client = HttpRequest(), Browser()
        request.session = SessionStore()
        login(
            request, user, configured.AUTHENTICATION_BACKENDS[0]
        )  # as `force_login` does, which makes a session before and writes it twice
        if proven:
            record_authentication(request, user, method="password")
        request.session.save()
        client.cookies[configured.SESSION_COOKIE_NAME] = request.session.session_key
        return client

    return signed_in


@pytest.fixture
def apart():
    """Gives the next case a number far behind the last."""

    def set_off(number):
        with connection.cursor() as cursor:
            cursor.execute("SELECT setval(pg_get_serial_sequence('cases_case', 'number'), %s)", [number - 1])

    return set_off
