"""Whose address it is: a stranger types it first, and its owner proves it later."""

import re
from contextlib import suppress

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import NoReverseMatch, URLResolver, get_resolver, reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from cases.models import Case, User
from tests.database import restore
from tests.factories import CaseFactory, UserFactory

pytestmark = pytest.mark.django_db

EVA, THEIRS, HERS = "eva@example.com", "the stranger's words", "the owner's own words"
NAMED = {"email": EVA, "name": "Eva"}


def letters():
    """What is mailed, oldest first: to whom, and what."""
    jobs = ProcrastinateJob.objects.filter(task_name="cases.tasks.mail_text").order_by("id")
    return [(job.args["to"], job.args["body"]) for job in jobs]


def code_of(address=EVA):
    """The code in the newest letter to an address."""
    body = [body for to, body in letters() if to == address][-1]
    return re.search(r"^    (\S+)$", body, re.M)[1]


def sign_up(browser, password, name="Eva", address=EVA):
    return browser.post(
        reverse("account_signup"), {"email": address, "name": name, "password1": password}, follow=True
    )


def sign_in(browser, password, address=EVA):
    return browser.post(reverse("account_login"), {"login": address, "password": password}, follow=True)


def ask_for_a_code(browser, address=EVA):
    return browser.post(reverse("account_request_login_code"), {"email": address}, follow=True)


def signed_in(browser):
    return browser.get(reverse("cases")).status_code == 200


def type_in(browser, url, code):
    return browser.post(reverse(url), {"code": code, "action": "verify"}, follow=True)


def by_a_login_code(browser):
    ask_for_a_code(browser)
    type_in(browser, "account_confirm_login_code", code_of())


def by_a_code_for_a_new_password(browser):
    browser.post(reverse("account_reset_password"), {"email": EVA})
    type_in(browser, "account_confirm_password_reset_code", code_of())
    browser.post(reverse("account_complete_password_reset"), {"password1": HERS, "password2": HERS})
    sign_in(browser, HERS)


def by_signing_up_herself(browser):
    sign_up(browser, HERS)
    type_in(browser, "account_email_verification_sent", code_of())


def by_a_provider(browser):
    """As allauth takes over an address that a provider vouches for."""
    EmailAddress.objects.update_or_create(
        user=User.objects.get(email=EVA), email=EVA, defaults={"verified": True}
    )


WAYS = [by_a_login_code, by_a_code_for_a_new_password, by_signing_up_herself]


@pytest.fixture
def stranger():
    return Client()


@pytest.fixture
def owner():
    return Client()


class TestAStrangersPassword:
    @pytest.fixture(autouse=True)
    def signs_up(self, stranger):
        sign_up(stranger, THEIRS, name="Not Eva")

    def test_is_none_before_the_proof(self, stranger):
        eva = User.objects.get()
        assert not eva.has_usable_password()
        assert not eva.check_password(THEIRS)
        sign_in(Client(), THEIRS)
        assert not signed_in(stranger)

    @pytest.mark.parametrize("prove", [*WAYS, by_a_provider])
    def test_is_none_after_it(self, stranger, owner, prove):
        prove(owner)
        assert User.objects.get().is_proven
        for browser in (stranger, Client()):
            sign_in(browser, THEIRS)
            assert not signed_in(browser)
        assert authenticate(email=EVA, password=THEIRS) is None

    @pytest.mark.parametrize("prove", WAYS)
    def test_does_not_keep_the_owner_out(self, owner, prove):
        prove(owner)
        assert signed_in(owner)

    def test_does_not_open_administration_to_whoever_is_made_staff(self, owner):
        by_a_login_code(owner)
        User.objects.update(role=User.Role.ADMINISTRATOR)
        stranger = Client()  # the other browser is led to its pending sign-up
        stranger.post(f"{reverse('account_login')}?next=/admin/", {"login": EVA, "password": THEIRS})
        stranger.post(reverse("admin:login"), {"username": EVA, "password": THEIRS})
        assert stranger.get("/admin/").status_code == 302
        assert owner.get("/admin/").status_code == 200

    @pytest.mark.parametrize("prove", [*WAYS, by_a_provider])
    def test_leaves_nothing_pending_that_opens_once_the_address_is_proved(self, stranger, owner, prove):
        """Every page and every form of the sign-in, in the browser in which the stranger still waits."""
        ask_for_a_code(other := Client())
        other.post(reverse("account_reset_password"), {"email": EVA})
        prove(owner)
        for browser in (stranger, other):
            for name in allauths_urls():
                for form in ({}, {"code": "guess", "action": "verify"}, {"action": "resend"}, NAMED):
                    browser.post(reverse(name), form)
                browser.get(reverse(name))
                assert not signed_in(browser), name

    def test_set_by_whatever_hand_is_none_before_the_proof(self, stranger):
        eva = User.objects.get()
        eva.set_password(THEIRS)  # as `manage.py changepassword` does
        eva.save()
        assert authenticate(email=EVA, password=THEIRS) is None
        sign_in(stranger, THEIRS)
        assert not signed_in(stranger)

    def test_chosen_on_a_shared_computer_does_not_outlive_another_way_in(self, stranger):
        sign_up_code = code_of()
        by_a_code_for_a_new_password(stranger)  # Eva sits down at the same browser
        type_in(stranger, "account_email_verification_sent", sign_up_code)
        sign_in(stranger, HERS)
        assert signed_in(stranger)
        stranger.post(reverse("account_email"), {"action_add": "", "email": "second@example.com"})
        type_in(stranger, "account_email_verification_sent", code_of("second@example.com"))
        assert User.objects.of_address("second@example.com") == User.objects.get()
        assert User.objects.get().check_password(HERS)
        assert User.objects.get().name == "Not Eva"


def allauths_urls(patterns=None):
    """The names of all pages of the sign-in that need no more than their address."""
    if patterns is None:
        [accounts] = [one for one in get_resolver().url_patterns if str(one.pattern) == "accounts/"]
        patterns = accounts.url_patterns
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from allauths_urls(one.url_patterns)
        else:
            with suppress(NoReverseMatch):
                reverse(one.name)
                yield one.name


class TestSigningUp:
    def test_takes_one_password_and_one_code(self, owner):
        sign_up(owner, HERS)
        assert not signed_in(owner)
        type_in(owner, "account_email_verification_sent", code_of())
        assert signed_in(owner)
        sign_in(another := Client(), HERS)
        assert signed_in(another)

    def test_without_a_password_takes_the_code_alone(self, owner):
        owner.post(reverse("account_signup"), NAMED)
        type_in(owner, "account_email_verification_sent", code_of())
        assert signed_in(owner)
        assert not User.objects.get().has_usable_password()

    def test_with_a_code_that_was_sent_again_keeps_the_password(self, owner):
        sign_up(owner, HERS)
        owner.post(reverse("account_email_verification_sent"), {"action": "resend"})
        type_in(owner, "account_email_verification_sent", code_of())
        sign_in(another := Client(), HERS)
        assert signed_in(another)

    def test_again_where_a_stranger_signed_up_is_no_dead_end(self, stranger, owner):
        sign_up(stranger, THEIRS, name="Not Eva")
        sign_up(owner, HERS, name="Eva Klein")
        type_in(owner, "account_email_verification_sent", code_of())
        assert signed_in(owner)
        assert User.objects.get().name == "Eva Klein"
        sign_in(another := Client(), HERS)
        assert signed_in(another)

    def test_by_a_stranger_meanwhile_takes_nothing_from_the_owner(self, stranger, owner):
        sign_up(owner, HERS)
        code = code_of()
        sign_up(stranger, THEIRS, name="Not Eva")
        type_in(owner, "account_email_verification_sent", code)
        assert signed_in(owner)
        sign_in(stranger, THEIRS)
        assert not signed_in(stranger)
        assert User.objects.get().name == "Eva"

    def test_where_somebody_reported_before_finds_the_cases(self, owner, till):
        case = CaseFactory(customer=UserFactory(name="Eva"), system=till)
        sign_up(owner, HERS)
        type_in(owner, "account_email_verification_sent", code_of())
        assert owner.get(reverse("case", args=[case.number])).status_code == 200

    def test_with_an_address_that_is_proved_looks_the_same_and_changes_nothing(self, stranger, owner):
        by_signing_up_herself(owner)
        page = sign_up(stranger, THEIRS, name="Not Eva")
        unknown = sign_up(Client(), THEIRS, address="nobody@example.com")
        assert page.redirect_chain == unknown.redirect_chain
        seen = [
            re.sub(r"[A-Za-z0-9]{64}", "token", one.text.replace(EVA, "nobody@example.com"))
            for one in (page, unknown)
        ]
        assert seen[0] == seen[1]
        assert letters()[-2][0] == EVA
        assert (
            "Someone, probably you, tried to create an account with this address. You already have one, because you’ve written to us before. Sign in with an emailed code; you don’t need a password:"
            in letters()[-2][1]
        )
        assert User.objects.get(email=EVA).name == "Eva"
        assert signed_in(owner)

    def test_with_the_address_of_somebody_deactivated_stays_as_it_was(self, stranger):
        UserFactory(name="Eva", is_active=False)
        sign_up(stranger, THEIRS)
        assert (
            "Someone, probably you, tried to create an account with this address. You already have one, because you’ve written to us before. Sign in with an emailed code; you don’t need a password:"
            in letters()[-1][1]
        )

    def test_more_often_than_anybody_does_is_a_sentence(self, owner):
        pages = [sign_up(Client(), THEIRS) for _ in range(4)]
        assert [page.status_code for page in pages] == [200, 200, 200, 429]
        assert "Wait a minute" in pages[-1].text

    def test_twice_at_once_is_one_account(self, owner, monkeypatch):
        """Both forms saw that nobody has the address; the other was quicker to save."""
        from cases.forms.accounts import SignUp

        def be_quicker(form, value):
            email = seen(form, value)
            User.objects.get_or_create(email=EVA)
            return email

        seen = SignUp.validate_unique_email
        monkeypatch.setattr(SignUp, "validate_unique_email", be_quicker)
        assert sign_up(owner, HERS).status_code == 200
        type_in(owner, "account_email_verification_sent", code_of())
        assert signed_in(owner)


class TestAPassword:
    def test_is_none_for_somebody_made_without_proof(self):
        with pytest.raises(ValueError, match="known to be theirs"):
            User.objects.create_user(EVA, HERS)
        assert not User.objects.exists()

    def test_comes_with_a_proven_address(self):
        assert User.objects.create_user(EVA, HERS, verified=True).check_password(HERS)
        assert User.objects.create_superuser("root@example.com", HERS).check_password(HERS)

    def test_that_does_not_fit_is_answered_alike_for_known_unknown_and_unproven(self, owner, stranger):
        by_signing_up_herself(owner)
        sign_up(Client(), THEIRS, address="new@example.com")
        said = {
            address: sign_in(Client(), THEIRS, address).context["form"].non_field_errors()
            for address in (EVA, "new@example.com", "nobody@example.com")
        }
        assert len({str(one) for one in said.values()}) == 1
        assert "sign in with an emailed code" in str(said[EVA])


class TestTheProof:
    def test_ends_the_sessions_from_before(self, browser_of, owner):
        before = browser_of(UserFactory(name="Eva"))
        assert signed_in(before)
        by_a_login_code(owner)
        assert not signed_in(before)
        assert signed_in(owner)

    def test_is_given_once(self, owner):
        by_signing_up_herself(owner)
        by_a_login_code(again := Client())
        assert signed_in(owner)
        assert signed_in(again)
        sign_in(third := Client(), HERS)
        assert signed_in(third)

    def test_leaves_a_guest_of_another_address_alone(self, stranger, owner, till):
        case = self.reported(stranger, till, "grete@example.com")
        by_signing_up_herself(owner)
        assert stranger.get(reverse("case", args=[case.number])).status_code == 200

    def reported(self, browser, till, address=EVA):
        report = {"system": till.pk, "summary": "No receipts", "description": "None.", "severity": 3}
        browser.post(reverse("case_new"), report | {"name": "Eva", "email": address})
        return Case.objects.get()

    def test_is_needed_anew_for_another_address(self, owner):
        by_signing_up_herself(owner)
        eva = User.objects.get()
        eva.email = "eva.klein@example.com"
        eva.save()
        eva.keep_address()
        assert not signed_in(owner)
        assert not eva.is_proven
        for address in (EVA, eva.email):
            sign_in(owner, HERS, address)
            assert not signed_in(owner)

    def test_that_is_in_a_backup_takes_no_password(self, owner, tmp_path):
        by_signing_up_herself(owner)
        call_command("dumpdata", "cases.user", "account.emailaddress", output=str(tmp_path / "all.json"))
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        restore()
        call_command("loaddata", str(tmp_path / "all.json"), verbosity=0)
        sign_in(another := Client(), HERS)
        assert signed_in(another)
