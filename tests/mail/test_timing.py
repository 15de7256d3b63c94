"""What an address costs that has an account, and one that has none: nobody learns by the clock which is which."""

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client

from tests.factories import UserFactory

from .test_accounts import ask_for_a_code, sign_in, sign_up

pytestmark = pytest.mark.django_db
KNOWN, UNKNOWN = "eva@example.com", "nobody@example.com"


@pytest.fixture
def hashed(monkeypatch):
    """How many passwords were hashed, which is nearly all of the time that a form of sign-in takes."""
    done = []
    encode = MD5PasswordHasher.encode

    def counted(self, password, salt):
        done.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    return done


@pytest.mark.parametrize(
    ("form", "cost"),
    [
        (lambda address: sign_up(Client(), "some words of mine", address=address), 1),
        (lambda address: sign_in(Client(), "some words of mine", address=address), 1),
        (lambda address: ask_for_a_code(Client(), address), 0),
    ],
    ids=["sign-up", "password", "code"],
)
@pytest.mark.parametrize("proven", [True, False])
def test_an_address_that_has_an_account_costs_as_much_as_another(form, cost, proven, hashed):
    eva = UserFactory(name="Eva", email=KNOWN)
    eva.keep_address(verified=proven)
    if proven:
        eva.set_password("her own words")
        eva.save()
    costs = []
    for address in (KNOWN, UNKNOWN):
        hashed.clear()
        form(address)
        costs.append(len(hashed))
    assert costs == [cost, cost]
