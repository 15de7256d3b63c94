"""Who joins an organisation by a mail domain, and what they see of it once they have left."""

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from cases.actions import claims, organisations
from cases.models import Case, Guest, MailDomain, User
from tests.factories import CaseFactory, OrganisationFactory, UserFactory
from tests.mail.test_accounts import WAYS, by_a_provider
from tests.reads import rows_read

MANY_ELSEWHERE = """
    INSERT INTO cases_user (email, name, role, password, is_active, joined_at)
        SELECT n || '@elsewhere.org', n, 'customer', '', true, now() FROM generate_series(1, 3000) AS n;
    INSERT INTO account_emailaddress (email, user_id, verified, "primary")
        SELECT email, id, true, true FROM cases_user WHERE email LIKE '%@elsewhere.org'
"""
EVA = "eva@example.com"  # as the ways of proving an address have it


@pytest.fixture
def domain(bakery):
    return MailDomain.objects.create(name="example.com", organisation=bakery)


def fresh(user):
    return User.objects.select_related("organisation").get(pk=user.pk)


class TestJoining:
    @pytest.mark.parametrize("prove", [*WAYS, by_a_provider])
    def test_takes_a_confirmed_address_in_whatever_way(self, domain, bakery, visitor, prove):
        eva = User.objects.create_user(EVA, name="Eva")
        prove(visitor)
        assert fresh(eva).organisation == bakery

    def test_takes_no_typed_address(self, domain, visitor, till):
        visitor.post(reverse("account_signup"), {"email": EVA, "name": "Eva"})
        assert User.objects.get(email=EVA).organisation is None

    def test_what_was_reported_in_the_same_browser_is_the_organisations(self, domain, bakery, guest_of, till):
        case = CaseFactory(customer=None, by=Guest(), claimed_email=EVA, system=till)
        User.objects.create_user(EVA)
        WAYS[0](guest_of(case))
        case.refresh_from_db()
        assert (case.customer.email, case.organisation) == (EVA, bakery)

    @pytest.mark.parametrize(
        "address", ["eva@mail.example.com", "eva@notexample.com", "example.com@else.org"]
    )
    def test_is_by_the_very_domain(self, domain, address):
        assert User.objects.create_user(address, verified=True).organisation is None

    def test_knows_a_domain_in_every_spelling(self, bakery):
        form = MailDomain(name=" @MÜLLER.example ", organisation=bakery)
        form.full_clean()
        form.save()
        assert form.name == "xn--mller-kva.example"
        assert fresh(User.objects.create_user("eva@Müller.example", verified=True)).organisation == bakery

    @pytest.mark.parametrize(
        "fields", [{"role": "agent"}, {"role": "administrator"}, {"is_active": False}], ids=str
    )
    def test_is_for_customers_who_are_here(self, domain, fields):
        assert fresh(User.objects.create_user(EVA, verified=True, **fields)).organisation is None

    def test_moves_nobody_from_another_organisation(self, domain, mallory):
        mill = mallory.organisation
        mallory.keep_address(verified=True)
        assert fresh(mallory).organisation == mill


class TestADomain:
    @pytest.mark.parametrize(
        "name", ["gmail.com", "GMX.de", "yahoo.co.uk", "outlook.com", "Live.fr", "web.de", "eva@icloud.com"]
    )
    def test_is_not_one_where_anybody_gets_an_address(self, bakery, name):
        with pytest.raises(ValidationError, match="Anyone can get an address"):
            MailDomain(name=name, organisation=bakery).full_clean()

    @pytest.mark.parametrize("name", ["", "example", "a b.com", "exa\0mple.com", "-.com", "x" * 260 + ".com"])
    def test_is_a_domain(self, bakery, name):
        with pytest.raises(ValidationError):
            MailDomain(name=name, organisation=bakery).full_clean()

    def test_belongs_to_one_organisation(self, domain):
        with pytest.raises(ValidationError, match="belongs to an organisation already"):
            MailDomain(name="Example.com", organisation=OrganisationFactory()).full_clean()

    def test_that_is_new_reads_its_own_people(self, domain, cleo):
        with connection.cursor() as cursor:
            cursor.execute(MANY_ELSEWHERE)
            cursor.execute("ANALYZE account_emailaddress, cases_user")
        anna = User.objects.create_user("anna@example.com", verified=True)
        User.objects.update(organisation=None)
        with rows_read() as read:
            assert anna in domain.joining
        assert sum(read.values()) < 100


class TestAtAddingADomain:
    @pytest.fixture
    def office(self, adam, browser_of):
        return browser_of(adam, proven=True)

    @pytest.fixture
    def eva(self, db):
        return User.objects.create_user(EVA, name="Eva Klein", verified=True)

    def add(self, office, organisation, **more):
        typed = {"name": "Example.com", "organisation": organisation.pk}
        return office.post(reverse("admin:cases_maildomain_add"), typed | more, follow=True)

    def test_who_joins_is_shown_first_and_nothing_is_saved(self, office, bakery, eva):
        page = self.add(office, bakery).text
        assert "1 person has confirmed an address at example.com and joins Bakery at once." in page
        assert "Eva Klein" in page
        assert "They see every case of Bakery" in page
        assert "Cases that they reported before stay as they are" in page
        assert not MailDomain.objects.exists()
        assert fresh(eva).organisation is None

    def test_they_join_then(self, office, bakery, eva):
        self.add(office, bakery, _join="yes")
        assert MailDomain.objects.get().organisation == bakery
        assert fresh(eva).organisation == bakery

    def test_whoever_only_typed_such_an_address_does_not(self, office, bakery, adam):
        nobody = UserFactory(name="Nobody")
        self.add(office, bakery)
        assert MailDomain.objects.exists()  # there is nobody to show
        assert fresh(nobody).organisation is None

    def test_where_the_organisation_does_not_share_it_is_said(self, office, mallory, eva):
        assert "Nobody there sees the case of a colleague" in self.add(office, mallory.organisation).text

    def test_a_public_one_is_refused_in_a_sentence(self, office, bakery):
        typed = {"name": "gmail.com", "organisation": bakery.pk}
        page = office.post(reverse("admin:cases_maildomain_add"), typed).text
        assert "Anyone can get an address at gmail.com" in page
        assert 'value="gmail.com"' in page

    def test_deleting_it_says_that_its_people_stay(self, office, bakery, domain):
        page = office.get(reverse("admin:cases_maildomain_delete", args=[domain.pk])).text
        assert "Whoever has joined stays" in page


class TestLeaving:
    """Nobody sees through an old membership."""

    @pytest.fixture
    def left(self, carl, case, adam):
        organisations.leave(carl, by=adam)
        return fresh(carl)

    def test_nothing_of_the_colleagues_is_seen_any_more(self, left, case, browser_of):
        assert not Case.objects.visible_to(left).filter(pk=case.pk).exists()
        browser = browser_of(left)
        for name in ("case", "case_conversation"):
            assert browser.get(reverse(name, args=[case.number])).status_code == 404
        assert str(case.summary) not in browser.get(reverse("cases"), {"q": "reader"}).text

    def test_what_they_reported_stays_theirs_and_the_organisations(self, carl, cleo, adam, bakery):
        own = CaseFactory(customer=carl)
        organisations.leave(carl, by=adam)
        for somebody in (fresh(carl), cleo):
            assert own in Case.objects.visible_to(somebody)
        own.refresh_from_db()
        assert own.organisation == bakery

    def test_in_another_organisation_they_bring_nobody_along(self, carl, cleo, adam, mallory):
        mallory.organisation.shares_cases = True
        mallory.organisation.save()
        own = CaseFactory(customer=carl)
        organisations.leave(carl, by=adam)
        User.objects.filter(pk=carl.pk).update(organisation=mallory.organisation)
        assert own in Case.objects.visible_to(fresh(carl))
        assert own not in Case.objects.visible_to(fresh(mallory))
        assert CaseFactory(customer=cleo) not in Case.objects.visible_to(fresh(carl))
        assert CaseFactory(customer=fresh(carl)) not in Case.objects.visible_to(cleo)

    def test_another_proof_of_the_same_address_takes_nobody_back(self, left, domain):
        left.keep_address(verified=True)  # the domain is younger than this
        User.objects.filter(pk=left.pk).update(organisation=None)
        fresh(left).keep_address(verified=True)
        EmailAddress.objects.get(user=left).save()
        assert fresh(left).organisation is None

    def test_ends_what_was_live(self, carl, adam, monkeypatch):
        ended = []
        monkeypatch.setattr(organisations.limits, "come_anew", lambda people: ended.extend(people))
        organisations.leave(carl, by=adam)
        assert ended == [carl.pk]

    def test_is_done_once(self, left, adam):
        assert not organisations.leave(left, by=adam)


def test_a_claim_that_is_proved_is_the_organisations_of_today(cleo, claimed, bakery, adam):
    cleo.keep_address(verified=True)
    organisations.leave(cleo, by=adam)
    claims.prove(claimed, by=cleo)
    claimed.refresh_from_db()
    assert claimed.organisation is None


@pytest.mark.parametrize("page", ["cases", "case_new"])
def test_people_read_who_sees_what_they_report(page, cleo, mallory, ada, till, browser_of):
    sentences = {
        cleo: "You belong to Bakery. You and your colleagues there see each other’s cases",
        mallory: "You belong to Mill. Your colleagues there can’t see your cases",
    }
    for user, sentence in sentences.items():
        assert sentence in " ".join(browser_of(user).get(reverse(page)).text.split())
    assert "You belong to" not in browser_of(ada).get(reverse(page), follow=True).text
