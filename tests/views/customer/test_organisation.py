"""What an organisation's manager sees and does: its people and their cases, and nothing of the desk."""

import pytest
from django.test import Client
from django.urls import reverse

from cases.actions import conversation, organisations
from cases.actions.invitations import invite
from cases.models import AuditEntry, Invitation, Refused, User
from cases.wording.audit import deed
from tests.actions.test_invitations import accepted
from tests.factories import CaseFactory, OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db
ANNA = "anna@example.com"


@pytest.fixture
def bakery(bakery):
    """In which nobody but its manager sees the cases of others."""
    bakery.shares_cases = False
    bakery.save()
    return bakery


@pytest.fixture
def office(mona, browser_of):
    return browser_of(mona)


def post(browser, name, *args, **fields):
    return browser.post(reverse(name, args=args), fields, follow=True)


class TestThePeople:
    def test_are_those_of_the_organisation(self, office, cleo, carl, mallory):
        gone = UserFactory(name="Gone", organisation=cleo.organisation, is_active=False)
        page = office.get(reverse("organisation")).text
        for person in (cleo, carl):
            assert person.email in page
        for person in (mallory, gone):
            assert person.email not in page
        assert "hasn’t signed in yet" in page

    def test_are_found_and_come_page_by_page(self, office, cleo, carl, bakery):
        page = office.get(reverse("organisation"), {"q": "CLE"}).text
        assert cleo.email in page
        assert carl.email not in page
        for number in range(55):
            UserFactory(name=f"Person {number:02}", organisation=bakery)
        assert "More people" in office.get(reverse("organisation")).text
        assert "person.54" in office.get(reverse("organisation"), {"page": 1}).text

    def test_of_nobody_who_belongs_nowhere(self, mona, browser_of):
        User.objects.filter(pk=mona.pk).update(organisation=None)
        assert browser_of(mona).get(reverse("organisation")).status_code == 404


class TestTheirCases:
    @pytest.fixture
    def theirs(self, cleo, mallory):
        return CaseFactory(customer=cleo, summary="Cleo's own"), CaseFactory(
            customer=mallory, summary="Mallory's"
        )

    def test_are_seen_by_the_manager_alone(self, office, carl, theirs, browser_of):
        case, elsewhere = theirs
        page = office.get(reverse("cases")).text
        assert "Cleo&#x27;s own" in page
        assert "Mallory&#x27;s" not in page
        assert office.get(reverse("case", args=[case.number])).status_code == 200
        assert office.get(reverse("case", args=[elsewhere.number])).status_code == 404
        assert browser_of(carl).get(reverse("case", args=[case.number])).status_code == 404

    def test_of_nobody_are_those_without_an_organisation(self, mona, theirs, browser_of):
        alone = CaseFactory(customer=UserFactory(name="Alone"))
        User.objects.filter(pk=mona.pk).update(organisation=None)
        browser = browser_of(mona)
        for case in (alone, *theirs):
            assert browser.get(reverse("case", args=[case.number])).status_code == 404

    def test_have_no_notes(self, office, theirs, ada):
        conversation.add_note(theirs[0], by=ada, body="They never pay.")
        assert "They never pay." not in office.get(reverse("case", args=[theirs[0].number])).text
        assert office.get(reverse("desk_case", args=[theirs[0].number])).status_code == 403

    def test_are_narrowed_to_one_colleague(self, office, mona, cleo, carl, theirs, adam):
        CaseFactory(customer=carl, summary="Carl's own")
        CaseFactory(customer=mona, summary="Mona's own")

        def shown(whose):
            page = office.get(reverse("cases"), {"whose": whose})
            return {match.case.summary for match in page.context["cases"]}, page.text

        assert shown("mine")[0] == {"Mona's own"}
        assert shown(cleo.pk)[0] == {"Cleo's own"}
        organisations.leave(carl, by=adam)  # whose cases stay
        assert shown(carl.pk)[0] == {"Carl's own"}
        assert f'<option value="{carl.pk}" selected>Carl</option>' in shown(carl.pk)[1]
        for nobody in (theirs[1].customer.pk, "0", "x", "9" * 30, "\0"):
            found, page = shown(nobody)
            assert len(found) == 3
            assert f"“{nobody}” is not a known colleague" in page

    def test_are_offered_by_colleague_to_the_manager_alone(self, bakery, cleo, carl, browser_of):
        bakery.shares_cases = True
        bakery.save()
        page = browser_of(cleo).get(reverse("cases"), {"whose": carl.pk})
        assert f'value="{carl.pk}"' not in page.text


class TestInviting:
    def test_brings_a_colleague(self, office, bakery):
        page = post(office, "organisation_invitations", email="Anna@Example.com")
        assert "We’ll email an invitation to anna@example.com." in page.text
        assert "Pending until" in page.text
        accepted(Client(), "Anna")
        anna = User.objects.get(email=ANNA)
        assert (anna.organisation, anna.role) == (bakery, User.Role.CUSTOMER)
        assert "Pending until" not in office.get(reverse("organisation")).text

    @pytest.mark.parametrize(
        ("email", "sentence"),
        [("", "Type the address"), ("anna", "valid email"), ("cleo@example.com", "Cleo is already here.")],
    )
    def test_that_cannot_be_is_a_sentence(self, office, cleo, email, sentence):
        cleo.keep_address(verified=True)
        page = office.post(reverse("organisation_invitations"), {"email": email})
        assert page.status_code == 422
        assert sentence in page.text
        assert f'value="{email}"' in page.text or not email

    def test_is_taken_back_and_not_sent_at_once_again(self, office, mona, bakery):
        invitation = invite(ANNA, by=mona, organisation=bakery)
        assert "within the last hour" in post(office, "organisation_resending", invitation.pk).text
        assert (
            "was withdrawn. Its link no longer works."
            in post(office, "organisation_withdrawal", invitation.pk).text
        )
        assert office.post(reverse("organisation_resending", args=[invitation.pk])).status_code == 404

    def test_shows_and_withdraws_nothing_of_others(self, office, adam, mallory):
        invitation = invite(ANNA, by=adam, organisation=mallory.organisation)
        agent = invite("agent@example.com", by=adam, role=User.Role.AGENT)
        page = office.get(reverse("organisation")).text
        for other in (invitation, agent):
            assert other.email not in page
            assert office.post(reverse("organisation_withdrawal", args=[other.pk])).status_code == 404
        assert Invitation.objects.open().count() == 2


class TestRemoving:
    def test_says_what_it_means_and_then_does_it(self, office, mona, carl, cleo, bakery):
        case = CaseFactory(customer=carl)
        url = reverse("organisation_removal", args=[carl.pk])
        assert "stays with Bakery" in office.get(url).text
        carl.refresh_from_db()
        assert carl.organisation == bakery
        assert "Carl no longer belongs to Bakery." in office.post(url, follow=True).text
        carl.refresh_from_db()
        assert carl.organisation is None
        assert office.get(reverse("case", args=[case.number])).status_code == 200
        assert deed(AuditEntry.objects.latest("id")) == "removed Carl from Bakery"

    def test_is_of_colleagues_alone(self, office, mona, mallory, bakery):
        other = UserFactory(name="Other", role=User.Role.MANAGER, organisation=bakery)
        assert office.post(reverse("organisation_removal", args=[mallory.pk])).status_code == 404
        for person in (mona, other):
            office.post(reverse("organisation_removal", args=[person.pk]))
            person.refresh_from_db()
            assert person.organisation == bakery

    @pytest.mark.parametrize("who", ["cleo", "ada", "otto"])
    def test_is_for_managers_and_administrators(self, who, carl, request):
        with pytest.raises(Refused, match="Only managers of an organisation can remove colleagues"):
            organisations.leave(carl, by=request.getfixturevalue(who))

    def test_makes_a_manager_a_customer(self, mona, adam):
        organisations.leave(mona, by=adam)
        mona.refresh_from_db()
        assert (mona.role, mona.organisation) == (User.Role.CUSTOMER, None)


def test_a_manager_who_left_invites_nobody_by_what_they_sent_before(mona, bakery, adam):
    invite(ANNA, by=mona, organisation=bakery)
    organisations.leave(mona, by=adam)
    browser = Client()
    accepted(browser, "Anna")
    assert (
        "The person who invited you can no longer do so. Ask someone else for an invitation."
        in browser.get("/invitation/").text
    )
    assert not User.objects.filter(email=ANNA).exists()


def test_a_manager_of_another_organisation_invites_nobody_here(mona, bakery):
    invite(ANNA, by=mona, organisation=bakery)
    User.objects.filter(pk=mona.pk).update(organisation=OrganisationFactory())
    browser = Client()
    accepted(browser, "Anna")
    assert not User.objects.filter(email=ANNA).exists()
