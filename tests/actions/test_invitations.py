"""Inviting people by a mailed link: who may, what it opens, and to whom."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from cases import tasks
from cases.actions import invitations, triage
from cases.actions.invitations import invite, resend, withdraw
from cases.mail.invitations import message_of
from cases.models import AuditEntry, Bulk, Invitation, Limit, MailDomain, Refused, User
from cases.tasks import mail_invitation
from cases.wording.audit import deed
from tests.factories import CaseFactory, UserFactory

pytestmark = pytest.mark.django_db
EVA = "eva@example.com"
PAGE = "/invitation/"


@pytest.fixture
def manager(bakery):
    return UserFactory(name="Mia", role=User.Role.MANAGER, organisation=bakery)


@pytest.fixture
def eva(visitor):
    """A browser in which the link of the newest invitation was opened."""
    return visitor


def link():
    """As it was mailed last."""
    asked = ProcrastinateJob.objects.filter(task_name="cases.tasks.mail_invitation").latest("id")
    message = message_of(Invitation.objects.get(pk=asked.args["invitation"]))
    return re.search(r"http://\S+(/invitation/\S+)", message.body)[1]


def opened(browser):
    return browser.get(link(), follow=True)


def accepted(browser, name="Eva"):
    opened(browser)
    return browser.post(PAGE, {"name": name}, follow=True)


class TestWhoMayInvite:
    def test_an_administrator_invites_to_whatever_there_is(self, adam, bakery, team):
        invite("a@example.com", by=adam, role=User.Role.LEAD, teams=[team])
        invite("b@example.com", by=adam, role=User.Role.MANAGER, organisation=bakery)
        invite("c@example.com", by=adam, organisation=bakery)
        assert Invitation.objects.open().count() == 3

    def test_a_manager_invites_colleagues(self, manager, bakery):
        assert invite(EVA, by=manager, organisation=bakery).role == User.Role.CUSTOMER

    @pytest.mark.parametrize("role", [role for role in User.Role if role != User.Role.CUSTOMER])
    def test_a_manager_gives_nobody_a_role(self, manager, bakery, role):
        with pytest.raises(Refused, match="to your own organisation"):
            invite(EVA, by=manager, role=role, organisation=bakery)

    def test_a_manager_invites_nobody_elsewhere(self, manager, mallory):
        for organisation in (mallory.organisation, None):
            with pytest.raises(Refused, match="to your own organisation"):
                invite(EVA, by=manager, organisation=organisation)

    @pytest.mark.parametrize("who", ["cleo", "ada"])
    def test_nobody_else_invites(self, who, bakery, request):
        with pytest.raises(Refused, match="Only managers of an organisation can invite colleagues"):
            invite(EVA, by=request.getfixturevalue(who), organisation=bakery)

    def test_a_manager_invites_so_many_a_day(self, manager, bakery, monkeypatch):
        monkeypatch.setattr(invitations, "MOST_A_DAY", 2)
        for number in range(2):
            withdraw(invite(f"{number}@example.com", by=manager, organisation=bakery), by=manager)
        with pytest.raises(Refused, match="invitations today"):
            invite(EVA, by=manager, organisation=bakery)

    def test_twice_is_refused_until_the_first_has_expired(self, manager, bakery):
        first = invite(EVA, by=manager, organisation=bakery)
        with pytest.raises(Refused, match="already been invited"):
            invite(EVA, by=manager, organisation=bakery)
        expire(first)
        invite(EVA, by=manager, organisation=bakery)
        assert Invitation.objects.open().count() == 1

    def test_who_is_there_already_is_refused(self, manager, bakery, carl):
        carl.keep_address(verified=True)
        with pytest.raises(Refused, match="is already here"):
            invite(carl.email, by=manager, organisation=bakery)

    def test_a_manager_hears_nothing_of_people_elsewhere(self, manager, bakery, ada, mallory):
        UserFactory(name="Gone", is_active=False)
        for address in (ada.email, mallory.email, "gone@example.com", "unknown@example.com"):
            EmailAddress.objects.filter(email=address).update(verified=True)
            assert invite(address, by=manager, organisation=bakery)


def expire(invitation):
    Invitation.objects.filter(pk=invitation.pk).update(sent_at=timezone.now() - timedelta(days=7))


class TestTheMail:
    def test_says_who_invites_to_what_and_until_when(self, adam, team):
        mail_invitation(invite(EVA, by=adam, role=User.Role.AGENT, teams=[team]).pk)
        [letter] = mail.outbox
        assert letter.to == [EVA]
        assert (
            "Adam (adam@example.com) invites you to join the desk as agent, in the team Engineering."
            in letter.body
        )
        assert "works once" in letter.body

    def test_is_not_sent_once_it_was_withdrawn(self, adam):
        invitation = invite(EVA, by=adam)
        withdraw(invitation, by=adam)
        mail_invitation(invitation.pk)
        assert mail.outbox == []

    def test_is_sent_again_for_another_week_but_not_at_once(self, adam, eva):
        invitation = invite(EVA, by=adam)
        with pytest.raises(Refused, match="within the last hour"):
            resend(invitation, by=adam)
        expire(invitation)
        resend(invitation, by=adam)
        accepted(eva)
        assert User.objects.get(email=EVA).is_proven

    def test_leaves_its_link_nowhere(self, adam):
        invite(EVA, by=adam)
        token = link().partition("=")[2]
        for job in ProcrastinateJob.objects.all():
            assert token not in str(job.args)
        assert token not in str(Invitation.objects.values().get())


class TestTheLink:
    def test_is_kept_in_no_address(self, adam, eva):
        invite(EVA, by=adam)
        answer = eva.get(link())
        assert (answer.status_code, answer.url) == (302, PAGE)

    def test_opened_by_a_program_accepts_nothing(self, adam, eva):
        invitation = invite(EVA, by=adam)
        address = link()
        for method in (eva.get, eva.head):
            method(address, follow=True)
        invitation.refresh_from_db()
        assert invitation.accepted_at is None
        assert not User.objects.filter(email=EVA).exists()

    @pytest.mark.parametrize("made_up", ["", "x", "00000000000000000000000000000000:x", "\0", "é" * 300])
    def test_made_up_opens_nothing(self, adam, eva, made_up):
        invite(EVA, by=adam)
        page = eva.get(PAGE, {"link": made_up}, follow=True)
        assert page.status_code == 410
        assert "Open the link in your invitation in this browser" in page.text

    def test_without_its_signature_opens_nothing(self, adam, eva):
        invitation = invite(EVA, by=adam)
        for signature in ("", ":", f":{'x' * 43}"):
            page = eva.get(PAGE, {"link": invitation.key.hex + signature}, follow=True)
            assert page.status_code == 410

    @pytest.mark.parametrize(
        ("end", "sentence"),
        [
            (lambda invitation, adam: withdraw(invitation, by=adam), "This invitation was withdrawn."),
            (lambda invitation, adam: expire(invitation), "This invitation has expired"),
            (
                lambda invitation, adam: User.objects.filter(pk=adam.pk).update(role="agent"),
                "The person who invited you can no longer do so. Ask someone else for an invitation.",
            ),
            (
                lambda invitation, adam: User.objects.filter(pk=adam.pk).update(is_active=False),
                "The person who invited you can no longer do so. Ask someone else for an invitation.",
            ),
        ],
    )
    def test_that_holds_no_more_says_why(self, adam, eva, end, sentence):
        invitation = invite(EVA, by=adam, role=User.Role.ADMINISTRATOR)
        opened(eva)
        end(invitation, adam)
        for answer in (eva.get(PAGE), eva.post(PAGE, {"name": "Eva"})):
            assert answer.status_code == 410
            assert sentence in answer.text
        assert not User.objects.filter(email=EVA).exists()

    def test_works_once(self, adam, eva):
        invite(EVA, by=adam)
        address = link()
        accepted(eva)
        page = Client().get(address, follow=True)
        assert "This invitation was accepted." in page.text
        assert eva.get(address, follow=True).redirect_chain[-1] == ("/cases/", 302)

    def test_is_not_for_somebody_else_who_is_signed_in(self, adam, mallory, browser_of):
        invite(EVA, by=adam, role=User.Role.AGENT)
        browser = browser_of(mallory)
        opened(browser)
        page = browser.post(PAGE, {"name": "Eva"})
        assert "you are signed in as mallory@example.com" in page.text
        mallory.refresh_from_db()
        assert mallory.role == User.Role.CUSTOMER


class TestALimit:
    @pytest.fixture
    def tills(self, till):
        return Limit.objects.create(name="Tills", systems=[till.pk])

    def test_holds_from_the_first_moment_and_is_told_before(self, adam, tills, case, eva):
        other = CaseFactory()
        invite(EVA, by=adam, role=User.Role.AGENT, limit=tills)
        assert "in the cases of “Tills” alone" in opened(eva).text
        accepted(eva)
        assert eva.get(reverse("desk_case", args=[case.number])).status_code == 200
        assert eva.get(reverse("desk_case", args=[other.number])).status_code == 404
        assert deed(AuditEntry.objects.get(kind="limits")) == "changed what Eva sees from everything to Tills"

    @pytest.mark.parametrize("role", [User.Role.CUSTOMER, User.Role.ADMINISTRATOR])
    def test_is_for_those_whom_it_hides_something(self, adam, tills, role):
        with pytest.raises(Refused):
            invite(EVA, by=adam, role=role, limit=tills)

    def test_hides_nobodys_own_cases(self, adam, ada, tills, browser_of):
        ada.keep_address(verified=True)
        triage.assign(CaseFactory(), by=ada, assignee=ada)
        invite(ada.email, by=adam, role=User.Role.LEAD, limit=tills)
        browser = browser_of(ada)
        assert "You own 1 open case that you would not see then." in opened(browser).text
        browser.post(PAGE)
        ada.refresh_from_db()
        assert (ada.role, ada.limit) == (User.Role.AGENT, None)

    def test_that_is_deleted_takes_its_invitations_with_it(self, adam, tills, eva):
        invite(EVA, by=adam, role=User.Role.AGENT, limit=tills)
        opened(eva)
        tills.delete()
        assert eva.post(PAGE, {"name": "Eva"}).status_code == 410


class TestAccepting:
    def test_gives_nothing_to_whoever_has_the_address_unconfirmed_beside_their_own(self, adam, mallory, eva):
        """As an account has after another was merged into it."""
        mallory.keep_address(verified=True)
        EmailAddress.objects.create(user=mallory, email=EVA, verified=False)
        invite(EVA, by=adam, role=User.Role.AGENT)
        assert "stands in an account that others use" in accepted(eva).text
        mallory.refresh_from_db()
        assert mallory.role == User.Role.CUSTOMER
        assert eva.get("/desk/").status_code == 302

    def test_takes_a_name_alone_and_signs_in(self, adam, team, eva):
        invite(EVA, by=adam, role=User.Role.AGENT, teams=[team])
        page = opened(eva)
        assert "Adam (adam@example.com) invites you" in page.text
        assert "password" not in page.context["form"].fields
        assert eva.post(PAGE, {"name": " "}).status_code == 422
        assert eva.post(PAGE, {"name": "Eva"}, follow=True).redirect_chain[-1][0] == "/desk/"
        person = User.objects.get(email=EVA)
        assert (person.name, person.role, person.is_proven) == ("Eva", User.Role.AGENT, True)
        assert not person.has_usable_password()
        assert list(person.teams.all()) == [team]

    def test_of_a_colleague_makes_them_one(self, manager, bakery, eva):
        invite(EVA, by=manager, organisation=bakery)
        accepted(eva)
        assert User.objects.get(email=EVA).organisation == bakery
        assert eva.get("/cases/").status_code == 200

    def test_ends_what_a_stranger_set_up_with_the_address(self, adam, eva):
        """Signed in, and with a password, from before anybody had shown that the address is theirs."""
        person = User.objects.create_user(EVA, name="Not Eva")
        stranger = Client()
        stranger.force_login(person)
        person.set_password("the stranger's words")
        person.save()
        invite(EVA, by=adam, role=User.Role.AGENT)
        accepted(eva)
        person.refresh_from_db()
        assert person.role == User.Role.AGENT
        assert not person.check_password("the stranger's words")
        assert stranger.get("/desk/").status_code == 302
        assert eva.get("/desk/").status_code == 200

    def test_changes_nothing_before(self, adam, cleo):
        cleo.keep_address(verified=True)
        invite(cleo.email, by=adam, role=User.Role.AGENT)
        cleo.refresh_from_db()
        assert cleo.role == User.Role.CUSTOMER

    def test_by_somebody_known_asks_for_nothing_and_keeps_them_signed_in(self, adam, ada, browser_of):
        ada.keep_address(verified=True)
        ada.set_password("her own words")
        ada.save()
        invite(ada.email, by=adam, role=User.Role.LEAD)
        browser = browser_of(ada)
        opened(browser)
        assert browser.post(PAGE, {"name": "Somebody"}, follow=True).redirect_chain[-1][0] == "/desk/"
        ada.refresh_from_db()
        assert (ada.name, ada.role) == ("Ada", User.Role.LEAD)
        assert ada.check_password("her own words")

    def test_by_somebody_with_a_second_factor_asks_for_it(self, adam, ada, eva):
        ada.keep_address(verified=True)
        Authenticator.objects.create(user=ada, type=Authenticator.Type.TOTP, data={"secret": "x"})
        invite(ada.email, by=adam, role=User.Role.LEAD)
        page = accepted(eva)
        assert page.redirect_chain[-1][0].startswith(reverse("mfa_authenticate"))
        assert eva.get("/desk/").status_code == 302
        assert Authenticator.objects.filter(user=ada).exists()

    @pytest.mark.parametrize(("role", "told"), [(User.Role.ADMINISTRATOR, True), (User.Role.AGENT, False)])
    def test_tells_before_that_a_role_needs_a_second_factor(self, adam, eva, role, told):
        invite(EVA, by=adam, role=role)
        assert ("Set it up within 14 days." in " ".join(opened(eva).text.split())) == told

    def test_leads_from_one_organisation_to_another_and_says_so(self, manager, bakery, mallory, browser_of):
        mallory.keep_address(verified=True)
        invite(mallory.email, by=manager, organisation=bakery)
        browser = browser_of(mallory)
        assert "You leave Mill." in opened(browser).text
        browser.post(PAGE)
        mallory.refresh_from_db()
        assert mallory.organisation == bakery

    def test_a_managers_invitation_takes_nobody_off_the_desk(self, manager, bakery, ada, browser_of):
        ada.keep_address(verified=True)
        invite(ada.email, by=manager, organisation=bakery)
        browser = browser_of(ada)
        opened(browser)
        assert "You are at the desk" in browser.post(PAGE).text
        ada.refresh_from_db()
        assert ada.role == User.Role.AGENT

    def test_of_another_side_hands_over_and_leaves_what_was(self, adam, ada, cleo, case, browser_of):
        triage.assign(case, by=ada, assignee=ada)
        for person, role in ((ada, User.Role.AUDITOR), (cleo, User.Role.AGENT)):
            person.keep_address(verified=True)
            invite(person.email, by=adam, role=role)
            browser = browser_of(person)
            opened(browser)
            browser.post(PAGE)
            person.refresh_from_db()
            assert (person.role, person.organisation) == (role, None)
        assert Bulk.objects.get().by == adam  # which gives the case to nobody yet

    def test_does_not_bring_back_who_was_deactivated(self, adam, eva):
        invite(EVA, by=adam)
        UserFactory(name="Eva", is_active=False)
        assert "Your account was deactivated." in opened(eva).text

    def test_is_to_what_was_offered_though_the_domain_belongs_to_another(self, adam, bakery, mallory, eva):
        MailDomain.objects.create(name="example.com", organisation=mallory.organisation)
        invite("agent@example.com", by=adam, role=User.Role.AGENT)
        accepted(Client(), "Agnes")
        assert User.objects.get(email="agent@example.com").organisation is None
        invite(EVA, by=adam, organisation=bakery)
        accepted(eva)
        assert User.objects.get(email=EVA).organisation == bakery

    def test_is_in_the_audit_log(self, adam, eva):
        invite(EVA, by=adam, role=User.Role.AGENT)
        accepted(eva)
        lines = [(str(entry.by), deed(entry)) for entry in AuditEntry.objects.order_by("id")]
        assert ("Adam", "invited eva@example.com to join the desk as agent") in lines
        assert ("Eva", "accepted Adam’s invitation to join the desk as agent") in lines
        assert ("Adam", "changed the role of Eva from Customer to Agent") in lines

    def test_is_forgotten_long_after_it_was_mailed(self, adam):
        invite(EVA, by=adam, role=User.Role.AGENT)
        invite("new@example.com", by=adam, role=User.Role.AGENT)
        Invitation.objects.filter(email=EVA).update(sent_at=timezone.now() - timedelta(days=91))
        tasks.tidy_after_people(0)
        assert Invitation.objects.get().email == "new@example.com"
