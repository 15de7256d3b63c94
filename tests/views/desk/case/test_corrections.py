"""The desk says before what a correction changes for whom, and does it with and without script."""

import re
from html import unescape

import pytest
from django.urls import reverse

from cases import tasks
from cases.actions import account_merging, copies, erasure, resolution
from cases.models import Bulk, Case, Limit, Organisation, Policy, Target, User
from tests.factories import CaseFactory, SystemFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(ada, browser_of):
    return browser_of(ada)


def test_what_another_system_changes_is_said_before_and_done(desk, case, cleo, abe, browser_of):
    abe.limit = Limit.objects.create(name="Tills", systems=[case.system_id])
    abe.save()
    other = SystemFactory(name="Checkout", team=TeamFactory(name="Payments"))
    address = reverse("desk_system", args=[case.number])
    said = desk.get(address, {"system": other.pk}).text
    for sentence in (
        "Cleo reads in the case that the system is Checkout now",
        "goes to the team Payments",
        "these agents lose access: Abe",
        "Its service levels stay as they are",
    ):
        assert sentence in said
    done = desk.post(address, {"system": other.pk}, follow=True).text
    assert "Change it back" in done
    assert "changed the system to Checkout, from Till" in done
    page = browser_of(cleo).get(reverse("case", args=[case.number])).text
    assert "changed the system to Checkout" in page
    assert "from Till" not in page
    assert '<span id="system">Checkout</span>' in page


def test_what_stays_and_whose_service_levels_hold_is_said_before(desk, case, team):
    quick = Policy.objects.create(name="Quick")
    Target.objects.create(policy=quick, severity=case.severity, first_response=30)
    other = SystemFactory(name="Vault", public=False, policy=quick)
    Case.objects.update(team=team)
    said = " ".join(desk.get(reverse("desk_system", args=[case.number]), {"system": other.pk}).text.split())
    for sentence in (
        "Until now it is about Till.",
        "Vault is hidden from customers: they see that the system changed, but not to which.",
        "No email is sent.",
        "It stays with the team Engineering.",
        "The service levels “Quick” hold instead of none, counted anew from the report on,",
        "Reports count it for Vault. You can change it back.",
    ):
        assert sentence in said


def test_whoever_sees_it_no_more_is_back_at_the_queue(desk, case, ada):
    ada.limit = Limit.objects.create(name="Tills", systems=[case.system_id])
    ada.save()
    other, address = SystemFactory(), reverse("desk_system", args=[case.number])
    assert "these agents lose access: you" in desk.get(address, {"system": other.pk}).text
    assert desk.post(address, {"system": other.pk}).url == reverse("queue")


def test_a_summary_that_is_refused_keeps_what_was_typed(desk, case, ada):
    address = reverse("desk_summary", args=[case.number])
    answer = desk.post(address, {"summary": "Coins", "seen": "Something else"})
    assert answer.status_code == 422
    assert 'value="Coins"' in answer.text
    assert "Someone else changed the summary while you were editing" in answer.text
    seen = re.search(r'name="seen" value="(.*?)"', answer.text)[1]
    assert desk.post(address, {"summary": "Coins", "seen": unescape(seen)}).status_code == 302
    live = desk.get(reverse("desk_live", args=[case.number]), {"after": 1}).text
    assert '<span hx-swap-oob="innerHTML:#summary">Coins</span>' in live


def test_who_reads_it_then_is_said_before_an_organisation_is_changed(desk, case):
    Organisation.objects.create(name="Mill", shares_cases=True)
    address = reverse("desk_organisation", args=[case.number])
    said = desk.get(address, {"organisation": "mill"}).text
    assert "All people of Mill read the whole conversation" in said
    assert "All people of Bakery see it no more" in said
    assert "There is no organisation “Mil”" in desk.get(address, {"organisation": "Mil"}).text
    assert (
        "changed the organisation to Mill" in desk.post(address, {"organisation": "Mill"}, follow=True).text
    )


def test_an_organisation_is_named_in_any_case_that_is_not_anothers(desk, case):
    acme, loud = (Organisation.objects.create(name=name) for name in ("Acme", "ACME"))
    address = reverse("desk_organisation", args=[case.number])
    for name, to in (("Acme", acme), ("ACME", loud)):
        assert desk.get(address, {"organisation": name}).context["to"] == to
    unclear = desk.get(address, {"organisation": "acme"})
    assert unclear.status_code == 422
    assert "“acme” may be ACME or Acme." in unclear.text
    assert desk.get(address, {"organisation": "%"}).status_code == 422


def test_whoever_is_limited_names_organisations_of_which_they_see_a_case(browser_of, ada, case):
    mill = Organisation.objects.create(name="Mill")
    hidden = CaseFactory(customer=UserFactory(organisation=mill), system=SystemFactory())
    ada.limit = Limit.objects.create(name="Tills", systems=[case.system_id])
    ada.save()
    address = reverse("desk_organisation", args=[case.number])
    assert 'value="Bakery"' in browser_of(ada).get(address).text
    User.objects.filter(pk=case.customer_id).update(organisation=mill)
    assert 'value="Mill"' not in browser_of(ada).get(address).text
    assert "There is no organisation “Mill”" in browser_of(ada).get(address, {"organisation": "Mill"}).text
    assert browser_of(ada).post(address, {"organisation": "Mill"}).status_code == 422
    Case.objects.filter(pk=hidden.pk).update(system=case.system)
    assert browser_of(ada).post(address, {"organisation": "Mill"}).status_code == 302
    back = browser_of(ada).post(address, {"organisation": ""}, follow=True).text
    assert "Change it back" in back
    Case.objects.filter(pk=hidden.pk).update(system=hidden.system)
    Case.objects.filter(pk=case.pk).update(organisation=mill)
    gone = browser_of(ada).post(address, {"organisation": ""}, follow=True).text
    assert "a case of no organisation now" in gone
    assert "Change it back" not in gone


def test_who_goes_on_reading_it_in_copy_is_said_before_an_organisation_is_changed(desk, case, carl, ada):
    address = reverse("desk_organisation", args=[case.number])
    Organisation.objects.create(name="Mill")
    assert "in copy" not in desk.get(address, {"organisation": "Mill"}).text
    copies.add(case, by=ada, address=carl.email)
    said = desk.get(address, {"organisation": "Mill"}).text
    assert f"In copy, and so reading on, stays {carl.email}" in said


@pytest.mark.parametrize("name", ["desk_system", "desk_organisation", "desk_customer", "account_merge"])
def test_what_an_address_holds_besides_fills_in_no_form(case, lena, browser_of, name):
    number = case.customer_id if name == "account_merge" else case.number
    page = browser_of(lena).get(reverse(name, args=[number]), {"from": "a bookmark"})
    assert page.status_code == 200
    assert not page.context["form"].is_bound


def test_a_closed_case_says_that_it_is_to_be_reopened(desk, case, ada):
    resolution.close(case, by=ada)
    answer = desk.get(reverse("desk_system", args=[case.number]), {"system": SystemFactory().pk})
    assert (answer.status_code, "Reopen it to correct it" in answer.text) == (422, True)
    assert "Reopen it to correct it" in desk.get(reverse("desk_summary", args=[case.number])).text


def test_forms_that_are_open_while_its_customer_is_merged_or_erased_are_answered(
    desk, case, cleo, adam, lena
):
    other, mill = SystemFactory(name="Checkout"), Organisation.objects.create(name="Mill")
    survivor = UserFactory(name="Cleo Two", verified=True)
    account_merging.merge(cleo, by=lena, into=survivor)
    assert desk.post(reverse("desk_organisation", args=[case.number]), {"organisation": "Mill"}).url
    assert desk.post(reverse("desk_customer", args=[case.number]), {"to": cleo.email}).url
    assert Case.objects.get().customer == survivor
    erasure.erase(survivor, by=adam)
    tasks.run_bulk(bulk=Bulk.objects.get().pk)
    assert str(Case.objects.get().customer) == "A former customer"
    typed = {
        "desk_system": {"system": other.pk},
        "desk_summary": {"summary": "Coins", "seen": case.summary},
        "desk_organisation": {"organisation": ""},
        "desk_customer": {"to": "new@example.com"},
    }
    for name, fields in typed.items():
        address = reverse(name, args=[case.number])
        assert desk.get(address).status_code == 200, name
        assert desk.get(address, fields).status_code in (200, 422), name
        answer = desk.post(address, fields)
        assert answer.status_code == 302 or 'role="alert"' in answer.text, name
    now = Case.objects.get()
    assert (now.system, now.summary, now.organisation) == (other, "Coins", now.customer.organisation)
    assert mill != now.organisation
