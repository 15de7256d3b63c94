"""The steps of set-up: what is ready says so because it is, and each is done by a short form."""

import re

import pytest
from django.core import mail
from procrastinate.contrib.django.models import ProcrastinateJob

from cases.actions import conversation, handed_over, installation, mail_test
from cases.actions.ready_levels import READY
from cases.forms.setup import HoursForm
from cases.models import (
    AuditEntry,
    AuditKind,
    BusinessHours,
    Delivery,
    Invitation,
    NoticeChoice,
    Policy,
    Refused,
    Severity,
    SkippedStep,
    System,
    Team,
    User,
    Way,
    Why,
)
from cases.queries.notices import hear_of_new_cases
from cases.views.setup.steps import not_ready, steps
from cases.wording.mail_test import advice
from tests.factories import CaseFactory, SystemFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(adam, browser_of):
    return browser_of(adam, proven=True)


@pytest.fixture(autouse=True)
def _without_mail(settings):
    settings.MAIL_GOES = False


def open_steps(person):
    return {step.name for step in steps(person) if step.is_open}


def week(**other):
    days = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "09:00-17:00")
    return {"name": "Office", "time_zone": "Europe/Berlin", **days, "saturday": "", "sunday": ""} | other


def test_what_is_missing_is_listed_until_it_is_there(adam, office, settings):
    settings.MAIL_GOES = True
    assert {"system", "team", "colleagues", "mail", "hours", "level", "case"} <= open_steps(adam)
    assert not_ready(adam) == "a system and who hears of new cases"

    assert (
        office.post("/setup/systems/", {"name": "Till", "description": "Sells.", "public": "on"}).url
        == "/setup/"
    )
    assert office.post("/setup/team/", {"name": "Support", "members": [adam.pk]}).url == "/setup/"
    office.post("/setup/colleagues/", {"email": "ada@example.com", "role": "agent", "hears": "on"})
    assert office.post("/setup/hours/", week()).url == "/setup/"
    assert office.post("/setup/level/", {"level": "standard"}).url == "/setup/"
    case = CaseFactory(system=System.objects.get())
    assert not_ready(adam) == ""
    assert open_steps(adam) - {"brand"} == {"mail", "case"}
    conversation.reply(case, by=adam, body="We look into it.")
    assert open_steps(adam) - {"brand"} == {"mail"}
    assert case.team == Team.objects.get(fallback=True)
    assert [*Invitation.objects.get().teams.all()] == [case.team]


def test_what_was_ready_is_listed_again_when_it_is_no_more(adam, team, till):
    installation.choose_hearers(team, [adam], by=adam)
    assert not open_steps(adam) & {"system", "team"}
    till.retired = True
    till.save()
    NoticeChoice.objects.create(person=adam, why=Why.NEW, ways=[])
    assert {"system", "team"} <= open_steps(adam)


def test_nobody_hears_by_push_alone_without_a_device(adam, team, till):
    installation.choose_hearers(team, [adam], by=adam)
    NoticeChoice.objects.create(person=adam, why=Why.NEW, ways=[Way.PUSH])
    assert hear_of_new_cases(team.pk) == []
    assert "team" in open_steps(adam)
    assert "who hears of new cases" in not_ready(adam)


def test_an_optional_step_is_skipped_and_found_again(adam, office):
    office.post("/setup/hours/skipping/")
    page = office.get("/setup/").text
    assert "hours" not in open_steps(adam)
    assert "Take up again" in page
    office.post("/setup/hours/skipping/", {"again": "yes"})
    assert "hours" in open_steps(adam)
    assert office.post("/setup/system/skipping/").status_code == 404
    assert not SkippedStep.objects.exists()


def test_the_desk_says_it_in_one_line_to_administrators_alone(adam, ada, office, browser_of):
    line = "Still to set up: a system, who hears of new cases and mail."
    assert line in office.get("/desk/").text
    assert line not in browser_of(ada).get("/desk/").text
    office.post("/setup/mail/skipping/")
    assert "Still to set up: a system and who hears of new cases." in office.get("/desk/").text


def test_a_system_is_public_by_an_administrators_word_alone(office):
    assert not System.objects.create(name="Made by a program").public
    assert (
        'name="public" aria-describedby="id_public_helptext" id="id_public" checked'
        in office.get("/setup/systems/").text
    )
    office.post("/setup/systems/", {"name": "Ledger", "description": "Ours alone."})
    ledger = System.objects.get(name="Ledger")
    assert not ledger.public
    page = f"/setup/systems/{ledger.pk}/"
    assert office.post(page, {"name": "Ledger", "description": "For all.", "public": "on"}).status_code == 302
    ledger.refresh_from_db()
    assert ledger.public
    assert AuditEntry.objects.get(kind=AuditKind.SETTING_CHANGED).details["changes"][
        "shown to customers"
    ] == [
        "False",
        "True",
    ]
    taken = office.post("/setup/systems/", {"name": "Ledger", "description": "Another one"})
    assert taken.status_code == 422
    assert "There is a system of this name already." in taken.text
    assert "Another one" in taken.text


def test_a_team_without_anybody_is_no_team(office, adam, ada):
    page = office.post("/setup/team/", {"name": "Support"})
    assert page.status_code == 422
    assert "Choose at least one person, or nobody hears about new cases" in page.text
    NoticeChoice.objects.create(person=ada, why=Why.NEW, ways=[])
    page = office.post("/setup/team/", {"name": "Support", "members": [ada.pk]}, follow=True)
    assert "Nobody in Support hears of a new case" in page.text


def test_a_team_that_there_is_becomes_the_one_that_hears_with_everybody_in_it(office, adam, ada, team):
    team.members.add(ada)
    office.post("/setup/team/", {"name": team.name, "members": [adam.pk]})
    team.refresh_from_db()
    assert team.fallback
    assert Team.objects.count() == 1
    assert {*team.members.all()} == {ada, adam}
    office.post("/setup/team/", {"name": team.name, "members": [adam.pk]})
    assert [*team.members.all()] == [adam]


class TestPasswordsToHandOver:
    COLLEAGUE = {"name": "Eva", "email": "eva@example.com", "role": "agent", "hears": "on"}

    def test_a_colleague_signs_in_with_what_is_shown_once(self, office, adam, team, visitor):
        installation.choose_hearers(team, [adam], by=adam)
        page = office.post("/setup/colleagues/", self.COLLEAGUE)
        password = re.search(r'<code class="secret">(.+?)</code>', page.text)[1]
        assert "no-store" in page["Cache-Control"]
        assert password not in office.get("/setup/colleagues/").text
        assert team.members.filter(name="Eva").exists()
        signed_in = {"login": "eva@example.com", "password": password}
        asked = visitor.post("/accounts/login/", signed_in, follow=True)
        assert asked.redirect_chain[-1][0] == "/accounts/password/change/"
        assert "Adam knows this password. Choose one that nobody else knows." in asked.text
        new = {"oldpassword": password, "password1": "quagga-lamp-91", "password2": "quagga-lamp-91"}
        visitor.post("/accounts/password/change/", new)
        assert User.objects.get(name="Eva").check_password("quagga-lamp-91")
        assert visitor.get("/desk/").status_code == 200
        visitor.post("/accounts/logout/")
        again = visitor.post("/accounts/login/", signed_in | {"password": "quagga-lamp-91"})
        assert again.url != "/accounts/password/change/"
        assert AuditEntry.objects.filter(kind=AuditKind.HANDED_OVER, by=adam).count() == 1

    def test_nobodys_account_is_taken(self, office, ada):
        page = office.post("/setup/colleagues/", self.COLLEAGUE | {"email": ada.email})
        assert page.status_code == 422
        assert "Eva" in page.text
        known = UserFactory(name="Cleo", verified=True)
        page = office.post("/setup/colleagues/", self.COLLEAGUE | {"email": known.email})
        assert f"{known.email} already has an account" in page.text
        known.refresh_from_db()
        assert known.role == User.Role.CUSTOMER

    def test_a_session_left_open_gives_nobody_an_account(self, adam, browser_of):
        answer = browser_of(adam).post("/setup/colleagues/", self.COLLEAGUE)
        assert answer.url.startswith("/accounts/reauthenticate/")
        assert not User.objects.filter(email="eva@example.com").exists()

    def test_where_mail_goes_there_are_none(self, office, adam, settings):
        settings.MAIL_GOES = True
        office.post("/setup/colleagues/", self.COLLEAGUE)
        assert Invitation.objects.get().email == "eva@example.com"
        assert not User.objects.filter(email="eva@example.com").exists()
        page = office.post("/setup/colleagues/", self.COLLEAGUE)
        assert page.status_code == 422
        assert "has already been invited" in page.text
        with pytest.raises(Refused, match="send an invitation"):
            handed_over.hand_over("eva@example.com", name="Eva", role="agent", by=adam)


class TestMail:
    @pytest.fixture(autouse=True)
    def _served(self, settings):
        settings.MAIL_GOES = True
        settings.MAIL_SERVER = settings.MAIL_SERVER._replace(scheme="smtp+tls", netloc="mail.example.com:587")

    def run(self, page):
        """Do what the page waits for, and look at it again."""
        job = ProcrastinateJob.objects.get(task_name="cases.tasks.mail_test")
        mail_test.send(job.pk, User.objects.get(pk=job.args["person"]))
        return page

    def test_a_test_mails_the_administrator_and_says_that_it_went(self, office, adam):
        page = office.post("/setup/mail/").url
        assert "It is being sent" in office.get(page).text
        self.run(page)
        assert [message.to for message in mail.outbox] == [[adam.email]]
        assert "The mail server accepted it. Check the inbox of" in office.get(page).text
        assert "mail" not in open_steps(adam)

    @pytest.mark.parametrize(
        ("error", "todo"),
        [
            (ConnectionRefusedError(111, "Connection refused"), "Nothing answers at this host and port."),
            (OSError(-2, "Name or service not known"), "There is no such mail server."),
            (TimeoutError("timed out"), "A firewall may keep this machine from it"),
            (OSError("(535, b'5.7.8 Authentication failed')"), "does not take the name and password"),
            (OSError("something else"), "The words above are the mail server’s own."),
        ],
    )
    def test_what_failed_and_what_to_do_is_said(self, office, adam, monkeypatch, error, todo):
        def fails(self):
            raise error

        monkeypatch.setattr("django.core.mail.EmailMessage.send", fails)
        page = office.post("/setup/mail/").url
        self.run(page)
        assert todo in advice(Delivery.objects.get())
        text = office.get(page).text
        assert "It wasn’t sent:" in text
        assert todo in text
        assert "mail" in open_steps(adam)

    def test_a_test_of_somebody_else_is_nobodys_here(self, office, browser_of):
        page = office.post("/setup/mail/").url
        self.run(page)
        other = browser_of(UserFactory(name="Amy", role=User.Role.ADMINISTRATOR))
        assert "The mail server accepted it. Check the inbox of" not in other.get(page).text


class TestLevels:
    def test_each_ready_level_says_what_it_promises(self, office):
        page = office.get("/setup/level/").text
        for level in READY:
            assert f"Choose “{level.name}”" in page
        assert "15 min" in page

    def test_a_level_counts_in_the_business_hours_whichever_comes_first(self, office):
        office.post("/setup/level/", {"level": "demanding"})
        policy = Policy.objects.get(usual=True)
        assert policy.business_hours is None
        assert policy.targets.get(severity=Severity.CRITICAL).first_response == 15
        office.post("/setup/hours/", week())
        policy.refresh_from_db()
        assert policy.business_hours == BusinessHours.objects.get()
        assert policy.business_hours.open_hours.count() == 5

    def test_open_cases_are_brought_up_to_date(self, office, case):
        page = office.post("/setup/level/", {"level": "relaxed"}, follow=True)
        assert "The open cases are being brought up to date." in page.text

    def test_a_service_level_that_somebody_called_the_same_is_left_alone_and_said(self, office):
        Policy.objects.create(name="Relaxed")
        page = office.post("/setup/level/", {"level": "relaxed"})
        assert page.status_code == 422
        assert "another service level called “Relaxed” already" in page.text
        assert not Policy.objects.filter(usual=True).exists()

    def test_a_second_level_is_refused_and_an_unknown_one_too(self, office):
        office.post("/setup/level/", {"level": "relaxed"})
        assert office.post("/setup/level/", {"level": "standard"}).status_code == 422
        assert office.post("/setup/level/", {"level": "best"}).status_code == 422
        assert Policy.objects.get().name == "Relaxed"

    def test_hours_are_offered_in_ones_own_zone_and_keep_what_was_typed(self, office):
        office.cookies["tz"] = "Asia/Tokyo"
        assert '<option value="Asia/Tokyo" selected>' in office.get("/setup/hours/").text
        page = office.post("/setup/hours/", week(monday="9 till late"))
        assert page.status_code == 422
        assert "9 till late" in page.text
        assert list(HoursForm(instance=None).initial["monday"])


def test_the_report_form_without_a_system_says_what_to_do_by_role(office, ada, cleo, visitor, browser_of):
    assert "Add a system" in office.get("/cases/new/").text
    assert "An administrator adds the first one" in browser_of(ada).get("/cases/new/").text
    for browser in (browser_of(cleo), visitor):
        assert "You can’t report problems yet. Please check back soon." in browser.get("/cases/new/").text
    SystemFactory()
    assert "Send the report" in visitor.get("/cases/new/").text


def test_the_queue_before_the_first_case_says_what_it_is_for_by_role(office, ada, otto, browser_of):
    assert "See what’s left to set up" in office.get("/desk/").text
    assert "Open a case for a customer" in browser_of(ada).get("/desk/").text
    assert "No cases yet. New ones appear here by themselves." in browser_of(otto).get("/desk/").text
    CaseFactory()
    assert "No cases yet. New ones appear here by themselves." not in browser_of(ada).get("/desk/").text
