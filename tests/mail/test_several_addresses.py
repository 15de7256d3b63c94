"""A person has several addresses, each proven, one of them the primary one."""

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from cases import tasks
from cases.actions import merging
from cases.actions.importing import import_document
from cases.models import AccountMerge, Case, Guest, Refused, User
from cases.queries.search import find
from cases.transcripts.document import Document
from tests.factories import CaseFactory, UserFactory

from .test_accounts import (
    EVA,
    HERS,
    ask_for_a_code,
    by_signing_up_herself,
    code_of,
    letters,
    sign_in,
    signed_in,
    type_in,
)

pytestmark = pytest.mark.django_db

NEW = "eva.klein@example.com"


@pytest.fixture
def owner():
    return Client()


@pytest.fixture(autouse=True)
def knows_eva(owner):
    by_signing_up_herself(owner)


def add(owner):
    owner.post(reverse("account_email"), {"action_add": "", "email": "Eva.Klein@example.com"})
    return type_in(owner, "account_email_verification_sent", code_of(NEW))


def make_primary(owner):
    return owner.post(reverse("account_email"), {"action_primary": "", "email": NEW}, follow=True)


def test_another_address_stands_beside_the_first_and_signs_in_too(owner):
    add(owner)
    eva = User.objects.get()
    assert eva.email == EVA
    page = owner.get(reverse("account_email")).text
    assert page.index(NEW) < page.index("Make primary")
    for address in (EVA, NEW):
        sign_in(another := Client(), HERS, address)
        assert signed_in(another)
        ask_for_a_code(third := Client(), address)
        type_in(third, "account_confirm_login_code", code_of(address))
        assert signed_in(third)


@pytest.mark.parametrize("page", ["account_request_login_code", "account_reset_password"])
def test_another_address_that_nobody_has_proven_signs_nobody_in(page):
    EmailAddress.objects.create(user=User.objects.get(email=EVA), email=NEW)
    Client().post(reverse(page), {"email": NEW})
    assert letters()[-1][0] == NEW
    with pytest.raises(TypeError):
        code_of(NEW)


def test_another_address_becomes_the_primary_one_and_the_first_stays(owner):
    add(owner)
    assert make_primary(owner).status_code == 200
    assert signed_in(owner)
    eva = User.objects.get()
    assert (eva.email, eva.is_proven, eva.check_password(HERS)) == (NEW, True, True)
    assert User.objects.of_address(EVA) == eva


def test_another_address_that_is_removed_is_theirs_no_more(owner):
    add(owner)
    owner.post(reverse("account_email"), {"action_remove": "", "email": NEW})
    assert User.objects.of_address(NEW) is None
    owner.post(reverse("account_email"), {"action_remove": "", "email": EVA})
    assert User.objects.of_address(EVA) == User.objects.get()


def test_another_address_is_not_theirs_before_its_code_is_typed(owner):
    owner.post(reverse("account_email"), {"action_add": "", "email": NEW})
    type_in(owner, "account_email_verification_sent", "guess")
    make_primary(owner)
    assert User.objects.get().email == EVA
    assert User.objects.of_address(NEW) is None


def test_another_address_brings_what_visitors_reported_with_it(owner, till):
    case = CaseFactory(customer=None, by=Guest(), claimed_email=NEW, system=till)
    assert "Was it you?" not in owner.get(reverse("cases")).text
    add(owner)
    assert "Yes, it was me" in owner.get(reverse("cases")).text
    owner.post(reverse("case_claim", args=[case.number]), {"mine": "yes"})
    case.refresh_from_db()
    assert case.customer == User.objects.get()


def test_another_address_is_whom_agents_and_documents_mean(owner, till, ada, browser_of):
    add(owner)
    eva = User.objects.get(email=EVA)
    report = {"system": till.pk, "summary": "No receipts", "description": "None.", "severity": 3}
    browser_of(ada).post(reverse("case_new"), report | {"name": "E", "email": NEW.upper()})
    assert Case.objects.get().customer == eva
    import_document(Document(case_id="T-1", contact_email=NEW, issue_summary="Receipts are empty"))
    assert Case.objects.filter(customer=eva).count() == 2
    assert User.objects.count() == 2
    assert set(find(ada, Case.objects.all(), NEW).hits) == set(Case.objects.values_list("pk", flat=True))


def test_another_address_is_one_customers_when_cases_are_merged(owner, till, ada):
    add(owner)
    case = CaseFactory(customer=User.objects.get(email=EVA), system=till)
    claimed = CaseFactory(customer=None, by=Guest(), claimed_email=NEW, system=till)
    assert merging.merge(claimed, by=ada, into=case, anyway=True)


def test_another_address_is_found_in_administration_and_is_nobody_elses_there(
    owner, adam, mallory, browser_of
):
    add(owner)
    administration = browser_of(adam, proven=True)
    assert EVA in administration.get(reverse("admin:cases_user_changelist"), {"q": NEW}).text
    person = {"email": NEW, "name": "Not Eva", "role": "customer", "is_active": "on"}
    page = administration.post(reverse("admin:cases_user_change", args=[mallory.pk]), person)
    assert "This email address is already in use." in page.text


def test_another_address_is_refused_when_it_is_one_too_many(owner):
    eva = User.objects.get()
    for number in range(9):
        EmailAddress.objects.create(user=eva, email=f"eva{number}@example.com", verified=True)
    assert (
        "You’ve reached the limit. Remove an address before you add another."
        in owner.get(reverse("account_email")).text
    )
    owner.post(reverse("account_email"), {"action_add": "", "email": NEW})
    assert NEW not in {to for to, _ in letters()}


def test_another_address_brings_the_account_that_nobody_had_proven(owner, till):
    unproven = UserFactory(name="E. Klein", email=NEW)
    case = CaseFactory(customer=unproven, system=till)
    add(owner)
    eva = User.objects.get(email=EVA)
    assert User.objects.of_address(NEW) == eva
    assert EmailAddress.objects.get(email=NEW).verified
    tasks.move_cases(AccountMerge.objects.get().pk)
    assert owner.get(reverse("case", args=[case.number])).status_code == 200
    assert make_primary(owner).status_code == 200
    assert User.objects.get(pk=eva.pk).email == NEW


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ({"role": User.Role.AGENT}, "works here"),
        ({"is_active": False}, "is deactivated"),
        ({"verified": True}, "Ask us to merge the two"),
    ],
)
def test_another_address_of_somebody_else_is_a_sentence(owner, other, sentence):
    somebody = UserFactory(name="Eva", email=NEW, **other)
    assert sentence in add(owner).text
    assert User.objects.of_address(NEW) == somebody
    assert EmailAddress.objects.get(email=NEW).user != User.objects.get(email=EVA)


def test_another_address_that_is_somebody_elses_is_refused_by_whatever_way_it_comes(owner, mallory):
    with pytest.raises(Refused, match="belongs to another account"):
        EmailAddress.objects.create(user=mallory, email=EVA, verified=True)


@pytest.mark.parametrize("verified", [True, False])
def test_another_address_is_held_to_one_person_by_the_database(owner, mallory, verified):
    add(owner)
    with pytest.raises(IntegrityError), transaction.atomic():
        EmailAddress.objects.bulk_create([EmailAddress(user=mallory, email=NEW, verified=verified)])
    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory(email=NEW)
