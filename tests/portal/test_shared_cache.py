"""Limits hold for all processes together."""

import subprocess
import sys
import time

import pytest
from django.core.cache import cache
from django.db import connection
from django.urls import reverse

from tests.factories import UserFactory
from tests.mail.test_accounts import ask_for_a_code, code_of, signed_in, type_in

from .conftest import ROOT

PASSWORD = "the owner's own words"


@pytest.mark.django_db
class TestACache:
    def test_keeps_what_it_was_given_until_its_time_is_over(self):
        cache.set("a", [1.5, 2], 60)
        cache.set("b", "gone", 0)
        assert (cache.get("a"), cache.get("b"), cache.get("c", "none")) == ([1.5, 2], None, "none")
        assert cache.touch("a", 0)
        assert not cache.touch("b", 60)
        assert cache.get("a") is None

    def test_lets_one_add_a_key_until_it_is_deleted_or_over(self):
        assert [cache.add("a", True, 60), cache.add("a", True, 60)] == [True, False]
        assert [cache.delete("a"), cache.delete("a")] == [True, False]
        assert [cache.add("a", True, 0), cache.add("a", True, 60), cache.add("a", 1)] == [True, True, False]

    def test_forgets_what_is_over_and_keeps_the_rest(self):
        cache.set("a", 1, 0)
        cache.set("b", 2, None)
        cache.clear_expired()
        with connection.cursor() as cursor:
            cursor.execute("SELECT key FROM cases_sharedcache")
            assert cursor.fetchall() == [(":1:b",)]


# What a process of its own does: tries a password, each time from another network and by another name of ours, and
# says what came of it.
ATTACK = """
import sys, django
from django.conf import settings
django.setup()
settings.DATABASES["default"]["NAME"] = sys.argv[1]
from django.test import Client
from django.urls import reverse
for number in range(int(sys.argv[2]), int(sys.argv[3])):
    form = {"login": sys.argv[4], "password": "wrong"}
    browser = Client(REMOTE_ADDR=f"198.51.100.{number}", headers={"Host": f"localhost:{number}"})
    answer = browser.post(reverse("account_login"), form)
    print("held" if b"Too many failed" in answer.content else "tried", flush=True)
"""


@pytest.mark.django_db(transaction=True)
def test_two_processes_and_many_addresses_between_do_not_unlock_an_account(tmp_path, client):
    owner = UserFactory(name="Eva", email="eva@example.com")
    owner.keep_address(verified=True)
    owner.set_password(PASSWORD)
    owner.save()
    name = connection.settings_dict["NAME"]

    def attack(first, last, address):
        return subprocess.Popen(
            [sys.executable, "-c", ATTACK, name, str(first), str(last), address],
            cwd=ROOT,
            env={"DJANGO_SETTINGS_MODULE": "tests.settings", "PATH": ""},
            stdout=subprocess.PIPE,
            text=True,
        )

    both = [attack(0, 8, owner.email), attack(8, 16, owner.email)]
    said = "".join(one.communicate(timeout=120)[0] for one in both).split()
    assert (said.count("tried"), said.count("held")) == (5, 11)
    for number in range(160):  # as many as once pushed the account out of a memory of 300
        cache.set(f"allauth:rl:other-{number}", [time.time()], 300)
        cache.set(f"allauth:rl:another-{number}", [time.time()], 300)
    assert attack(20, 21, owner.email).communicate(timeout=120)[0].split() == ["held"]
    client.post(reverse("account_login"), {"login": owner.email, "password": PASSWORD})
    assert not signed_in(client)

    for _ in range(5):  # the attacker asks for codes too
        type(client)(REMOTE_ADDR="198.51.100.1").post(
            reverse("account_request_login_code"), {"email": owner.email}
        )
    ask_for_a_code(client, owner.email)
    type_in(client, "account_confirm_login_code", code_of(owner.email))
    assert signed_in(client)
