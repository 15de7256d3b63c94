import os
from datetime import timedelta
from typing import ClassVar

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from cases.actions import conversation, incident_updates, incidents, triage
from cases.actions.invitations import invite
from cases.admin.importing import MOST_FILES
from cases.models import Case, Invitation, Macro, User
from cases.tasks import sweep_documents
from tests.commands.test_documents import TEXT


@pytest.fixture
def office(adam, browser_of):
    return browser_of(adam, proven=True)


@pytest.mark.parametrize("model", ["system", "organisation", "user", "team", "case", "incident"])
def test_every_list_shows_searches_and_opens(office, case, team, ada, till, model):
    incidents.open_incident(system=till, title="The till is down", by=ada, severity=1, cases=[case.number])
    listed = office.get(reverse(f"admin:cases_{model}_changelist"))
    assert listed.status_code == 200
    assert office.get(reverse(f"admin:cases_{model}_changelist"), {"q": "till"}).status_code == 200
    first = listed.context["cl"].result_list[0]
    assert office.get(reverse(f"admin:cases_{model}_change", args=[first.pk])).status_code == 200


def test_a_case_is_found_by_what_was_said_in_it(office, case, cleo):
    conversation.reply(case, by=cleo, body="A giraffe stood on it.")
    found = office.get(reverse("admin:cases_case_changelist"), {"q": "giraffe"})
    assert list(found.context["cl"].result_list) == [case]


def test_a_cases_history_can_be_read_and_nothing_of_it_changed(office, case, ada):
    triage.set_priority(case, by=ada, priority=1)
    url = reverse("admin:cases_case_change", args=[case.pk])
    page = office.get(url).text
    assert "Ada set the priority to P1" in page
    office.post(url, {"status": "closed", "summary": "Never happened", "priority": 4})
    case.refresh_from_db()
    assert (case.status, case.priority) == ("open", 1)
    assert case.summary != "Never happened"


def test_an_incidents_history_can_be_read_and_nothing_of_it_changed(office, ada, till):
    incident = incidents.open_incident(system=till, title="The till is down", by=ada, severity=1)
    incident_updates.add_note(incident, by=ada, body="It is the bank.")
    url = reverse("admin:cases_incident_change", args=[incident.pk])
    page = office.get(url).text
    assert "Ada noted<br>It is the bank." in page
    office.post(url, {"title": "Never happened"})
    incident.refresh_from_db()
    assert incident.title == "The till is down"


@pytest.mark.parametrize("model", ["system", "organisation", "user", "case"])
def test_what_cases_refer_to_cannot_be_deleted(office, case, model):
    one = {"system": case.system, "organisation": case.organisation, "user": case.customer, "case": case}[
        model
    ]
    url = reverse(f"admin:cases_{model}_delete", args=[one.pk])
    assert office.post(url, {"post": "yes"}).status_code == 403


class TestAddingSomebody:
    """They are invited: no password of theirs is typed by others."""

    data: ClassVar = {"email": "New@Example.com", "role": "agent"}

    def test_is_an_invitation(self, office, team):
        assert office.get(reverse("admin:cases_user_add")).url == reverse("admin:cases_invitation_add")
        assert "Invite someone" in office.get(reverse("admin:cases_user_changelist")).text
        office.post(reverse("admin:cases_invitation_add"), self.data | {"teams": [team.pk]})
        invitation = Invitation.objects.get()
        assert (invitation.email, invitation.role) == ("new@example.com", "agent")
        assert list(invitation.teams.all()) == [team]
        assert not User.objects.filter(email=invitation.email).exists()

    def test_where_no_mail_goes_is_said_with_what_to_do_instead(self, office, settings, db):
        settings.MAIL_GOES = False
        page = office.post(reverse("admin:cases_invitation_add"), self.data, follow=True).text
        assert "Email can’t be sent: no mail server is set up." in page
        assert f'<a href="{reverse("setup_colleagues")}">Make an account</a> instead' in page

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ({"email": "nobody"}, "Enter a valid email address."),
            ({"role": "manager"}, "Choose the organisation that they manage."),
            ({"organisation": "bakery"}, "belongs to no customer&#x27;s organisation"),
            ({"email": "adam@example.com", "role": "administrator"}, "Adam is already here."),
        ],
    )
    def test_that_cannot_be_is_a_sentence_and_what_was_typed_stays(
        self, adam, bakery, browser_of, typed, sentence
    ):
        adam.keep_address(verified=True)
        if "organisation" in typed:
            typed = {"organisation": bakery.pk}
        page = browser_of(adam, proven=True).post(reverse("admin:cases_invitation_add"), self.data | typed)
        assert sentence in page.text
        assert (self.data | typed)["email"] in page.text
        assert not Invitation.objects.exists()

    def test_twice_is_a_sentence_until_the_first_has_expired(self, office, db):
        office.post(reverse("admin:cases_invitation_add"), self.data)
        assert (
            "has already been invited" in office.post(reverse("admin:cases_invitation_add"), self.data).text
        )
        Invitation.objects.update(sent_at=timezone.now() - timedelta(days=8))
        assert office.post(reverse("admin:cases_invitation_add"), self.data).status_code == 302
        assert Invitation.objects.open().count() == 1

    @pytest.mark.parametrize("page", ["changelist", "change"])
    def test_is_withdrawn_and_sent_again(self, office, adam, page):
        invitation = invite("new@example.com", by=adam)
        url = reverse(f"admin:cases_invitation_{page}", args=[invitation.pk] if page == "change" else [])
        prefix = "CHANGE_FORM-" if page == "change" else ""
        chosen = {"_selected_action": [invitation.pk]}
        again = office.post(url, chosen | {f"{prefix}action": "send_again"}, follow=True).text
        assert "We emailed it to new@example.com within the last hour." in again
        assert (
            "Withdrawn: new@example.com."
            in office.post(url, chosen | {f"{prefix}action": "withdraw"}, follow=True).text
        )
        assert (
            "Withdrawn on" in office.get(reverse("admin:cases_invitation_change", args=[invitation.pk])).text
        )


def test_a_macro_assigns_to_one_of_those_who_are_here(office, ada):
    data = {"name": "Over to Ada", "position": 0, "tags": "", "assignee": "Ada"}
    assert "Select a valid choice" in office.post(reverse("admin:cases_macro_add"), data).text
    assert office.post(reverse("admin:cases_macro_add"), data | {"assignee": ada.pk}).status_code == 302
    assert Macro.objects.get().assignee == str(ada.pk)


class TestImporting:
    url = "/admin/cases/case/import/"

    def preview(self, office, *files, text=""):
        return office.post(self.url, {"documents": list(files), "text": text})

    def test_a_preview_shows_who_said_what_and_stores_nothing(self, office, db):
        page = self.preview(office, SimpleUploadedFile("one.txt", TEXT.encode())).text
        assert "No card works." in page
        assert "Olga Berg" in page
        assert Case.objects.count() == 0

    def test_what_was_previewed_is_imported(self, office, db):
        files = [SimpleUploadedFile(f"{n}.txt", TEXT.replace("T-1", f"T-{n}").encode()) for n in (1, 2)]
        self.preview(office, *files, text=TEXT.replace("T-1", "T-3"))
        page = office.post(self.url, {"import": "Import"}, follow=True).text
        assert "Cases: 3 created." in page
        assert Case.objects.count() == 3

    def test_a_known_case_is_named_as_such(self, office, db):
        for _ in range(2):
            page = self.preview(office, text=TEXT).text
            office.post(self.url, {"import": "Import"})
        assert "will update the existing case" in page
        assert Case.objects.count() == 1

    def test_what_cannot_be_read_is_said_and_not_imported(self, office, db):
        page = self.preview(office, SimpleUploadedFile("x.json", b'{"severity": "low"}'), text=TEXT).text
        assert "1 of 2 documents can be imported" in page
        assert "No Case ID found" in page

    def test_nothing_chosen_is_a_sentence(self, office, db):
        response = self.preview(office)
        assert response.status_code == 422
        assert "Choose a file or paste a document." in response.text

    def test_importing_without_a_preview_is_a_sentence(self, office, db):
        assert "Choose the files again." in office.post(self.url, {"import": "Import"}, follow=True).text

    def test_agents_cannot_import(self, ada, browser_of):
        assert browser_of(ada).get(self.url).status_code in (302, 403)

    def sent(self, count):
        return [SimpleUploadedFile(f"{n}.txt", TEXT.replace("T-1", f"T-{n}").encode()) for n in range(count)]

    def test_more_documents_than_a_message_has_files_are_all_imported(self, office, db, monkeypatch):
        monkeypatch.setattr("cases.admin.importing.AT_ONCE", 60)
        assert "45 of 45 documents can be imported." in self.preview(office, *self.sent(45)).text
        assert "Cases: 45 created." in office.post(self.url, {"import": "Import"}, follow=True).text
        assert Case.objects.count() == 45

    def test_too_many_are_refused_with_what_to_do_and_what_was_pasted_stays(self, office, db):
        response = self.preview(office, *self.sent(MOST_FILES + 7), text=TEXT)
        assert response.status_code == 422
        assert "These are 507 files, and 500 can be read at once." in response.text
        assert "manage.py import_cases FOLDER" in response.text
        assert "Cards are refused" in response.text
        assert "The upload has expired" in office.post(self.url, {"import": "Import"}, follow=True).text

    def test_what_no_form_can_take_is_a_sentence(self, office, db, settings):
        settings.DATA_UPLOAD_MAX_NUMBER_FILES = 3
        response = self.preview(office, *self.sent(4))
        assert response.status_code == 400
        assert "More than 3 files came at once, and none was taken." in response.text

    def test_each_that_cannot_be_imported_is_named_before_the_others(self, office, db, settings):
        settings.ATTACHMENT_MB = 1
        large = SimpleUploadedFile("large.txt", b"x" * (1024 * 1024 + 1))
        page = self.preview(office, *self.sent(2), SimpleUploadedFile("empty.txt", b""), large).text
        assert "2 of 4 documents can be imported." in page
        assert "“large.txt” is too large" in page
        assert page.index("large.txt") < page.index("The file is empty.") < page.index("0.txt")

    def test_a_long_import_says_how_far_it_is_and_goes_on(self, office, db, monkeypatch):
        monkeypatch.setattr("cases.admin.importing.time.monotonic", iter(range(0, 100, 2)).__next__)
        monkeypatch.setattr("cases.admin.importing.AT_ONCE", 3)  # one document each time
        self.preview(office, *self.sent(2))
        page = office.post(self.url, {"import": "on"}).text
        assert "1 of 2 documents are imported." in page
        assert '<progress value="1" max="2">' in page
        assert Case.objects.count() == 1
        assert "Cases: 2 created." in office.post(self.url, {"import": "on"}, follow=True).text

    def previews(self):
        return [path for path in (settings.HOME / "imports").rglob("*") if path.is_file()]

    def test_a_preview_that_nobody_imports_is_thrown_away_after_a_day(self, office, db, settings, tmp_path):
        settings.HOME = tmp_path
        self.preview(office, text=TEXT)
        sweep_documents(0)
        assert len(self.previews()) == 1
        for folder in (tmp_path / "imports").iterdir():
            os.utime(folder, (0, 0))
        sweep_documents(0)
        assert list((tmp_path / "imports").iterdir()) == []
        assert "The upload has expired" in office.post(self.url, {"import": "Import"}, follow=True).text

    def test_a_preview_tells_notes_from_replies(self, office, db):
        page = self.preview(office, text=TEXT + "- 2025-03-04T09:06:00Z [internal] They never paid.").text
        assert "system, internal note" in page

    def test_new_systems_are_named_with_the_way_to_show_them(self, office, db):
        self.preview(office, text=TEXT)
        page = office.post(self.url, {"import": "on"}, follow=True).text
        assert "New systems, which customers are not shown yet: Pocket Till." in page
        assert "/admin/cases/system/?public__exact=0" in page


class TestAnAddressThatNobodyProved:
    @pytest.fixture
    def url(self, cleo):
        return reverse("admin:cases_user_change", args=[cleo.pk])

    def data(self, person, **changed):
        return {"email": person.email, "name": person.name, "role": person.role, "is_active": "on"} | changed

    def test_is_shown_as_such(self, office, cleo, ada, url):
        ada.keep_address(verified=True)
        assert "Not verified" in office.get(url).text
        assert "Not verified" not in office.get(reverse("admin:cases_user_change", args=[ada.pk])).text
        page = office.get(reverse("admin:cases_user_changelist"), {"q": "cleo"}).text
        assert 'alt="False"' in page

    @pytest.mark.parametrize("role", ["agent", "administrator"])
    def test_gives_no_rights(self, office, cleo, url, role):
        response = office.post(url, self.data(cleo, role=role))
        assert "Invite them to this role instead" in response.text
        cleo.refresh_from_db()
        assert cleo.role == "customer"
        cleo.keep_address(verified=True)
        assert office.post(url, self.data(cleo, role=role)).status_code == 302
        cleo.refresh_from_db()
        assert cleo.role == role

    def test_gives_none_either_when_it_comes_together_with_the_role(self, office, cleo, url):
        cleo.keep_address(verified=True)
        response = office.post(url, self.data(cleo, role="agent", email="other@example.com"))
        assert "Not verified" in response.text

    def test_takes_rights_away_as_ever(self, office, ada):
        url = reverse("admin:cases_user_change", args=[ada.pk])
        assert office.post(url, self.data(ada, role="customer", name="Ada L")).status_code == 302
        ada.refresh_from_db()
        assert (ada.role, ada.name) == ("customer", "Ada L")

    def test_that_is_typed_instead_of_a_proven_one_ends_password_and_sessions(
        self, office, cleo, url, browser_of
    ):
        cleo.keep_address(verified=True)
        cleo.set_password("long enough words")
        cleo.save()
        browser = browser_of(cleo)
        office.post(url, self.data(cleo, email="other@example.com"))
        cleo.refresh_from_db()
        assert not cleo.has_usable_password()
        assert browser.get(reverse("cases")).status_code == 302

    def test_is_the_same_in_other_letters(self, office, cleo, url):
        cleo.keep_address(verified=True)
        cleo.set_password("long enough words")
        cleo.save()
        office.post(url, self.data(cleo, email=" CLEO@Example.com "))
        cleo.refresh_from_db()
        assert (cleo.email, cleo.is_proven) == ("cleo@example.com", True)
        assert cleo.check_password("long enough words")


def test_what_nobody_can_have_chosen_is_refused_with_a_sentence(office, cleo):
    for key in ("x", " ", "9" * 40, "\0"):
        page = office.post(reverse("admin:cases_user_change", args=[cleo.pk]), {"organisation": key})
        assert page.status_code == 200
        assert "not one of the available choices" in page.text or "Null characters" in page.text
