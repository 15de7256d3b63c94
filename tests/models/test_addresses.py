"""One spelling for each address, in whatever way it was typed and wherever it comes from."""

import json

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from cases.actions.accounts import customer_for
from cases.models import Case, User
from cases.models.addresses import one_spelling
from tests.actions.test_invitations import accepted
from tests.mail.test_accounts import HERS, ask_for_a_code, code_of, sign_in, sign_up, signed_in, type_in

TYPED, STORED = "Eva.Klein@Example.com", "eva.klein@example.com"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (TYPED, STORED),
        (" \N{NO-BREAK SPACE}Eva.Klein@example.com\n", STORED),
        ("ｅｖａ．ｋｌｅｉｎ＠ｅｘａｍｐｌｅ．ｃｏｍ", STORED),
        ("eva@BÜCHER.example", "eva@xn--bcher-kva.example"),
        ("eva@bu\N{COMBINING DIAERESIS}cher.example", "eva@xn--bcher-kva.example"),
        ("eva@XN--BCHER-KVA.example", "eva@xn--bcher-kva.example"),
        ("eva@\N{CYRILLIC SMALL LETTER A}pple.com", "eva@xn--pple-43d.com"),  # not apple.com
        ("\N{KELVIN SIGN}ai@example.com", "kai@example.com"),
        ("J\N{LATIN CAPITAL LETTER U WITH DIAERESIS}rgen@example.com", "jürgen@example.com"),
        ("no address", "no address"),
        ("eva@" + "ü" * 80, "eva@" + "ü" * 80),
    ],
)
def test_an_address_has_one_spelling(typed, stored):
    assert one_spelling(typed) == stored
    assert one_spelling(stored) == stored


@given(st.emails())
def test_a_spelling_is_its_own(address):
    spelled = one_spelling(address)
    assert one_spelling(spelled) == spelled
    assert one_spelling(address.upper()) == spelled


@pytest.mark.django_db
class TestWhoeverTypesIt:
    """Each of these brought an account that nobody could sign in to."""

    @pytest.fixture
    def report(self, till):
        return {
            "system": till.pk,
            "summary": "No receipts",
            "description": "None.",
            "severity": 3,
            "name": "Eva Klein",
            "email": TYPED,
        }

    def by_an_agent(self, report, visitor, browser_of, ada, adam, tmp_path):
        browser_of(ada).post(reverse("case_new"), report)

    def in_administration(self, report, visitor, browser_of, ada, adam, tmp_path):
        browser_of(adam, proven=True).post(
            reverse("admin:cases_invitation_add"), {"email": TYPED, "role": "agent"}
        )
        accepted(visitor, "Eva Klein")

    def by_a_command(self, report, visitor, browser_of, ada, adam, tmp_path):
        call_command("createsuperuser", email=TYPED, name="Eva Klein", interactive=False, verbosity=0)

    def in_a_document(self, report, visitor, browser_of, ada, adam, tmp_path):
        document = {
            "case_id": "T-1",
            "issue_summary": "No receipts",
            "customer_name": "Eva Klein",
            "contact_email": TYPED,
            "conversation_history": [{"role": "customer", "message": "None."}],
        }
        (tmp_path / "one.json").write_text(json.dumps(document))
        call_command("import_cases", str(tmp_path), verbosity=0)

    WAYS = [by_an_agent, in_administration, by_a_command, in_a_document]

    @pytest.fixture(params=WAYS, ids=lambda way: way.__name__)
    def eva(self, request, report, visitor, browser_of, ada, adam, tmp_path):
        request.param(self, report, visitor, browser_of, ada, adam, tmp_path)
        visitor.cookies.clear()
        return User.objects.get(name="Eva Klein")

    def test_is_claimed_in_one_spelling_by_a_visitor(self, report, visitor):
        visitor.post(reverse("case_new"), report)
        assert Case.objects.get().claimed_email == STORED

    def test_is_stored_in_one_spelling(self, eva):
        assert eva.email == STORED
        assert EmailAddress.objects.get(user=eva).email == STORED

    @pytest.mark.parametrize("address", [TYPED, STORED, f" {STORED.upper()} "])
    def test_signs_in_by_a_code_with_any(self, eva, visitor, address):
        ask_for_a_code(visitor, address)
        type_in(visitor, "account_confirm_login_code", code_of(STORED))
        assert visitor.get("/").status_code == 302

    def test_sets_a_password_and_signs_in_with_any(self, eva, visitor):
        visitor.post(reverse("account_reset_password"), {"email": TYPED})
        type_in(visitor, "account_confirm_password_reset_code", code_of(STORED))
        visitor.post(reverse("account_complete_password_reset"), {"password1": HERS, "password2": HERS})
        sign_in(visitor, HERS, "EVA.KLEIN@example.COM")
        assert visitor.get("/").status_code == 302

    def test_signs_up(self, eva, visitor):
        assert sign_up(visitor, HERS, "Eva", TYPED).status_code == 200
        assert User.objects.filter(email=STORED).count() == 1


@pytest.mark.django_db
class TestOneAccount:
    def test_is_found_in_any_spelling(self):
        eva = User.objects.create_user(TYPED)
        assert eva.email == STORED
        assert customer_for(f" {TYPED} ") == eva
        assert User.objects.get(email=TYPED) == User.objects.get_by_natural_key(TYPED) == eva

    def test_is_one_for_an_international_domain(self, visitor, till):
        report = {"system": till.pk, "summary": "No receipts", "description": "None.", "severity": 3}
        visitor.post(reverse("case_new"), report | {"name": "Eva", "email": "Eva@Bücher.example"})
        assert Case.objects.get().claimed_email == "eva@xn--bcher-kva.example"
        sign_up(visitor, HERS, address="eva@bücher.example")
        type_in(visitor, "account_email_verification_sent", code_of("eva@xn--bcher-kva.example"))
        assert signed_in(visitor)

    def test_is_said_to_exist_in_other_letters(self):
        User.objects.create_user(STORED)
        with pytest.raises(CommandError, match="taken"):
            call_command("createsuperuser", email=TYPED, name="Eva", interactive=False, verbosity=0)

    def test_is_reported_for_once_when_the_form_is_sent_again_in_other_letters(self, visitor, till):
        report = {"system": till.pk, "summary": "No receipts", "description": "None.", "severity": 3}
        for address in (TYPED, STORED):
            visitor.post(reverse("case_new"), report | {"name": "Eva", "email": address})
        assert Case.objects.count() == 1

    @pytest.mark.parametrize("address", ["ı@example.com", "jürgen@example.com", f"{'x' * 250}@example.com"])
    def test_of_what_nobody_can_mail_to_is_refused_in_a_sentence(self, visitor, till, address):
        report = {"system": till.pk, "summary": "No receipts", "description": "None.", "severity": 3}
        for url, form in [
            ("case_new", report | {"name": "Eva", "email": address}),
            ("account_signup", {"name": "Eva", "email": address, "password1": HERS}),
            ("account_reset_password", {"email": address}),
            ("account_request_login_code", {"email": address}),
            ("account_login", {"login": address, "password": HERS}),
        ]:
            response = visitor.post(reverse(url), form)
            assert response.status_code in (200, 422), url
            assert not User.objects.exists()

    @pytest.mark.parametrize("wrong", [TYPED, f" {STORED}", f"{STORED}\n", "ｅva@example.com"])
    def test_is_held_to_by_the_database(self, wrong):
        eva = User.objects.create_user(STORED)
        for table in ("cases_user", "account_emailaddress"):
            with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"UPDATE {table} SET email = %s", [wrong])
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.create_user(TYPED)
        assert User.objects.get() == eva
