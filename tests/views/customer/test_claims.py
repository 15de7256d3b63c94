"""A typed address gives no name, no history, no rights and no colleagues until it is proven."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases.actions import claims, conversation, incidents, merging
from cases.actions.importing import document_of, import_document
from cases.models import Case, Guest, Kind, Policy, Refused, Role, Severity
from cases.queries import incident_cases, radar_reports
from cases.queries.search import find
from cases.transcripts.document import Document
from tests.factories import CaseFactory, IncidentFactory, UserFactory

pytestmark = pytest.mark.django_db
MARK = "address not confirmed"


@pytest.fixture
def report(till):
    return {
        "system": till.pk,
        "summary": "Receipts are empty",
        "description": "Every receipt comes out blank.",
        "severity": Severity.MEDIUM.value,
        "name": "Not Cleo",
    }


def report_as(browser, report, email):
    browser.post(reverse("case_new"), report | {"email": email})
    return Case.objects.latest("number")


def page(browser, case):
    return browser.get(reverse("case", args=[case.number])).text


def desk(browser, case):
    return browser.get(reverse("desk_case", args=[case.number])).text


def what_is_told(text):
    """A page without what differs each time it is made."""
    return re.sub(r'(value="|Token": ")[\w-]{30,}"|nonce="[^"]+"|\d+ s\b', "", text)


def proven(user):
    user.keep_address(verified=True)
    return user


class TestTheVisitor:
    def test_is_shown_the_name_they_typed_and_nothing_of_the_account(self, visitor, report, cleo):
        cleo.name = "Cleopatra Philopator"
        cleo.save()
        mine = report_as(visitor, report, cleo.email)
        visitor.post(reverse("case_replies", args=[mine.number]), {"body": "It is the red printer."})
        for text in (page(visitor, mine), visitor.get("/").text):
            assert "Cleopatra" not in text
            assert "Bakery" not in text
        assert "<b>Not Cleo</b>" in page(visitor, mine)
        assert MARK in page(visitor, mine)

    def test_does_not_speak_as_the_account(self, visitor, report, cleo):
        mine = report_as(visitor, report, cleo.email)
        visitor.post(reverse("case_replies", args=[mine.number]), {"body": "It is the red printer."})
        assert {event.role for event in mine.events.all()} == {Role.CUSTOMER}
        assert {event.author for event in mine.events.all()} == {None}

    def test_is_out_once_the_case_is_somebodys(self, visitor, report, cleo, browser_of):
        mine = report_as(visitor, report, cleo.email)
        browser_of(proven(cleo)).post(reverse("case_claim", args=[mine.number]), {"mine": "yes"})
        response = visitor.get(reverse("case", args=[mine.number]))
        assert response.url == f"/accounts/login/?next=/cases/{mine.number}/"
        response = visitor.post(reverse("case_replies", args=[mine.number]), {"body": "I am Cleo."})
        assert response.url == "/accounts/login/?next=/accounts/unsent/"
        assert mine.number not in {case.number for case in visitor.get("/").context["cases"]}

    @pytest.mark.parametrize("whose", ["nobody", "cleo", "ada", "deactivated", "other spelling"])
    def test_cannot_tell_whose_address_it_is(self, visitor, report, cleo, ada, whose):
        gone = UserFactory(name="Gone", is_active=False)
        email = {
            "nobody": "nobody@example.com",
            "cleo": cleo.email,
            "ada": ada.email,
            "deactivated": gone.email,
            "other spelling": cleo.email.upper(),
        }[whose]
        with CaptureQueriesContext(connection) as asked:
            response = visitor.post(reverse("case_new"), report | {"email": email})
        mine = Case.objects.get()
        assert response.url == reverse("case", args=[mine.number])
        about = [one["sql"] for one in asked if email.lower() in one["sql"].lower()]
        tables = {name for sql in about for name in re.findall(r'(?:FROM|INTO|UPDATE|JOIN) "?(\w+)', sql)}
        assert tables
        assert not tables & {"cases_user", "account_emailaddress", "cases_organisation"}
        shown = re.sub(r'csrf\w+" value="\w+"|\d+|nonce-\S+', "", page(visitor, mine))
        assert email not in shown
        assert MARK in shown


class TestTheOrganisation:
    def test_colleagues_see_nothing_of_it(self, visitor, report, cleo, carl, browser_of):
        mine = report_as(visitor, report, cleo.email)
        assert "Receipts are empty" not in browser_of(carl).get(reverse("cases")).text
        assert browser_of(carl).get(reverse("case", args=[mine.number])).status_code == 404

    def test_its_service_levels_are_not_the_visitors(self, visitor, report, cleo, bakery):
        bakery.policy = Policy.objects.create(name="Gold")
        bakery.policy.targets.create(severity=Severity.MEDIUM, first_response=30)
        bakery.save()
        assert CaseFactory(customer=cleo, severity=Severity.MEDIUM).due_at
        assert report_as(visitor, report, cleo.email).due_at is None


class TestTheDesk:
    @pytest.fixture
    def mine(self, visitor, report, cleo):
        return report_as(visitor, report, cleo.email)

    def test_says_that_the_address_is_not_confirmed(self, mine, cleo, case, ada, browser_of):
        text = desk(browser_of(ada), mine)
        assert text.count(MARK) >= 3  # in the head, the details, and at what they said
        assert "Other cases of this customer" not in text
        assert "Bakery" not in text
        assert MARK not in desk(browser_of(ada), case)

    @pytest.mark.parametrize("name", ["queue", "search"])
    def test_marks_it_in_lists(self, mine, name, ada, browser_of):
        text = browser_of(ada).get(reverse(name), {"q": "receipts"}).text
        assert MARK in text.lower()

    def test_says_so_in_what_it_is_told_live(self, mine, visitor, ada, browser_of):
        visitor.post(reverse("case_replies", args=[mine.number]), {"body": "It is the red printer."})
        live = browser_of(ada).get(reverse("desk_live", args=[mine.number]), {"after": 2}).text
        assert re.search(rf"<b>Not Cleo</b> <span[^>]*>{MARK}</span>", live)

    def test_names_nobody_who_says_that_it_is_a_known_incident(
        self, visitor, report, cleo, ada, till, browser_of
    ):
        incident = IncidentFactory(system=till, by=ada)
        mine = report_as(visitor, report | {"incident": incident.number}, cleo.email)
        assert mine.incident == incident
        text = browser_of(ada).get(reverse("desk_incident", args=[incident.number])).text
        assert "<b>A visitor</b>" in text
        assert f'Not Cleo <span class="unproven">{MARK}</span>' in text
        assert "<b>Cleo</b>" not in text

    def test_an_agent_whose_address_was_typed_answers_as_support(self, visitor, report, ada, browser_of):
        mine = report_as(visitor, report | {"name": "Not Ada"}, ada.email)
        response = browser_of(ada).get(reverse("case", args=[mine.number]))
        assert response.url == reverse("desk_case", args=[mine.number])
        browser_of(ada).post(reverse("desk_replies", args=[mine.number]), {"body": "Hello, who is it?"})
        event = mine.events.latest("sequence")
        assert (event.role, event.author) == (Role.AGENT, ada)
        assert "<b>Not Ada</b>" in page(visitor, mine)


class TestTheOwner:
    @pytest.fixture
    def mine(self, visitor, report, cleo):
        return report_as(visitor, report, cleo.email)

    @pytest.fixture
    def owner(self, cleo, browser_of):
        return browser_of(proven(cleo))

    def test_signs_in_where_they_reported_it_and_has_it(self, visitor, mine, cleo):
        visitor.force_login(proven(cleo))
        mine.refresh_from_db()
        assert (mine.unproven, mine.claimed_email, mine.customer) == (False, "", cleo)
        assert "Receipts are empty" in visitor.get(reverse("cases")).text
        assert MARK not in page(visitor, mine)

    def test_who_signs_in_with_another_address_there_does_not_get_it(self, visitor, mine, mallory):
        visitor.force_login(proven(mallory))
        mine.refresh_from_db()
        assert mine.unproven
        assert "Receipts are empty" not in visitor.get(reverse("cases")).text

    def test_a_sign_in_with_an_address_that_is_not_proven_proves_nothing(self, visitor, mine, cleo):
        visitor.force_login(cleo)
        mine.refresh_from_db()
        assert mine.unproven

    def test_is_asked_in_their_list_and_on_the_page_of_the_mail(self, owner, mine):
        for text in (owner.get(reverse("cases")).text, page(owner, mine)):
            assert "Receipts are empty" in text
            assert "“Not Cleo”" in text
            assert "Yes, it was me" in text
            assert "No, it wasn’t me" in text
            assert "Every receipt comes out blank." not in text

    def test_is_not_asked_while_their_address_is_not_proven(self, mine, cleo, browser_of):
        assert "Yes, it was me" not in browser_of(cleo).get(reverse("cases")).text
        assert browser_of(cleo).get(reverse("case", args=[mine.number])).status_code == 404
        claim = browser_of(cleo).post(reverse("case_claim", args=[mine.number]), {"mine": "yes"})
        assert claim.status_code == 404

    def test_nobody_else_is_asked(self, mine, mallory, browser_of):
        other = browser_of(proven(mallory))
        assert other.post(reverse("case_claim", args=[mine.number]), {"mine": "no"}).status_code == 404
        assert other.get(reverse("case", args=[mine.number])).status_code == 404

    def test_yes_makes_it_theirs_with_all_that_follows(self, owner, mine, cleo, carl, bakery, browser_of):
        bakery.policy = Policy.objects.create(name="Gold")
        bakery.policy.targets.create(severity=Severity.MEDIUM, first_response=30)
        bakery.save()
        response = owner.post(reverse("case_claim", args=[mine.number]), {"mine": "yes"}, follow=True)
        assert response.redirect_chain == [(reverse("case", args=[mine.number]), 302)]
        mine.refresh_from_db()
        assert (mine.customer, mine.organisation, mine.unproven) == (cleo, bakery, False)
        assert mine.due_at
        event = mine.events.latest("sequence")
        assert (event.kind, event.author, event.role) == (Kind.PROVEN, cleo, Role.CUSTOMER)
        assert "Receipts are empty" in browser_of(carl).get(reverse("cases")).text
        again = owner.post(reverse("case_claim", args=[mine.number]), {"mine": "yes"})
        assert again.status_code == 404
        assert mine.events.count() == event.sequence

    def test_no_leaves_it_to_the_visitor_who_is_told_nothing(self, owner, mine, visitor, ada, browser_of):
        page(visitor, mine)  # which thanks them once
        before = what_is_told(page(visitor, mine))
        owner.post(reverse("case_claim", args=[mine.number]), {"mine": "no"})
        mine.refresh_from_db()
        assert (mine.unproven, mine.claimed_email, mine.customer_name) == (True, "", "Not Cleo")
        assert "Yes, it was me" not in owner.get(reverse("cases")).text
        assert owner.get(reverse("case", args=[mine.number])).status_code == 404
        assert what_is_told(page(visitor, mine)) == before
        assert "says they didn’t report this" in desk(browser_of(ada), mine)

    def test_neither_yes_nor_no_changes_nothing(self, owner, mine):
        assert owner.post(reverse("case_claim", args=[mine.number]), {"mine": "maybe"}).status_code == 302
        mine.refresh_from_db()
        assert mine.unproven


class TestMerging:
    def warned(self, ada, browser_of, case, into):
        return browser_of(ada).get(reverse("desk_merge", args=[case.number]), {"into": into.number})

    def test_asks_first_and_names_what_each_will_see(self, claimed, case, ada, browser_of):
        text = self.warned(ada, browser_of, claimed, case).text
        assert f"The address of case {claimed.number} is not confirmed" in text
        assert "the visitor who gave the name “Not Cleo” may be someone else than Cleo." in text
        assert f"They see nothing of case {case.number}" in text
        assert "nothing of what was said there until they have confirmed that it is theirs" in text

    def test_is_not_done_unless_that_is_said(self, claimed, case, ada, browser_of):
        address = reverse("desk_merge", args=[claimed.number])
        response = browser_of(ada).post(address, {"into": case.number})
        assert response.status_code == 422
        assert "Confirm that you want to merge it although the address isn’t confirmed." in response.text
        assert "They see nothing of case" in response.text
        claimed.refresh_from_db()
        assert claimed.merged_into is None
        browser_of(ada).post(address, {"into": case.number, "anyway": "on"})
        claimed.refresh_from_db()
        assert claimed.merged_into == case

    def test_carries_words_neither_way(self, claimed, case, cleo, ada, browser_of, guest_of):
        merging.merge(claimed, by=ada, into=case, anyway=True)
        conversation.reply(case, by=ada, body="Your contract ends in May.")
        conversation.reply(case, by=cleo, body="In May already?")
        assert "May" not in page(guest_of(claimed), claimed)
        text = page(browser_of(cleo), case)
        assert "Not Cleo" not in text
        assert "was merged into this one" not in text
        told = reverse("case_conversation", args=[claimed.number])
        assert browser_of(cleo).get(told).status_code == 404

    def test_of_a_customers_case_into_a_visitors_is_refused(self, claimed, case, ada, browser_of):
        response = self.warned(ada, browser_of, case, claimed)
        assert response.status_code == 422
        assert f"Merge case {claimed.number} into this one instead." in response.text
        with pytest.raises(Refused, match="is not confirmed"):
            merging.merge(case, by=ada, into=claimed, anyway=True)

    def test_with_anybody_elses_case_is_refused(self, claimed, ada, mallory, till):
        others = CaseFactory(customer=mallory, system=till)
        nobodys = CaseFactory(customer=None, by=Guest(), claimed_email="no@example.com", system=till)
        for into in (others, nobodys):
            with pytest.raises(Refused, match="Only cases from the same customer can be merged"):
                merging.merge(claimed, by=ada, into=into, anyway=True)

    def test_of_two_that_nobody_claims_any_more_is_refused(self, claimed, cleo, ada, till):
        other = CaseFactory(customer=None, by=Guest(), claimed_email=cleo.email, system=till)
        for one in (claimed, other):
            claims.disown(one, by=proven(cleo))
        with pytest.raises(Refused, match="Only cases from the same customer can be merged"):
            merging.merge(claimed, by=ada, into=other, anyway=True)

    def test_lets_a_visitor_write_on_in_the_other_case_of_their_browser(
        self, claimed, cleo, ada, till, guest_of
    ):
        other = CaseFactory(customer=None, by=Guest(), claimed_email=cleo.email, system=till)
        merging.merge(claimed, by=ada, into=other, anyway=True)
        guest_of(claimed).post(reverse("case_replies", args=[claimed.number]), {"body": "From elsewhere."})
        guest_of(claimed, other).post(reverse("case_replies", args=[claimed.number]), {"body": "From here."})
        assert [event.body for event in other.events.conversation()][1:] == ["From here."]


class TestWhatCounts:
    """One address is one customer, be it proven or typed."""

    @pytest.fixture
    def twice(self, claimed, cleo, till):
        return [
            claimed,
            CaseFactory(customer=None, by=Guest(), claimed_email=cleo.email.upper(), system=till),
        ]

    def test_in_an_incident(self, twice, ada, till):
        incident = IncidentFactory(system=till, by=ada)
        for case in twice:
            incidents.attach(case, by=ada, incident=incident)
        assert incident_cases.tally(incident, ada) == {"cases": 2, "customers": 1}

    def test_for_the_radar(self, twice, till):
        found = radar_reports.reports(till.pk, timezone.now(), timedelta(hours=1))
        assert {report.customer for report in found} == {"CLEO@EXAMPLE.COM"}
        assert radar_reports.outages(found) == []

    def test_but_lends_no_weight_to_a_priority(self, twice, case, ada, till):
        incident = IncidentFactory(system=till, by=ada)
        for one in (case, *twice):
            incidents.attach(one, by=ada, incident=incident)
        case.refresh_from_db()
        assert case.customers_hit == 1


@pytest.mark.parametrize("text", ["cleo@example.com", "CLEO@example.com "])
def test_agents_find_it_by_the_address_that_was_typed(text, claimed, case, ada, browser_of):
    hits = find(ada, Case.objects.all(), text).hits
    assert set(hits) == {claimed.number, case.number}


def test_an_import_says_whose_it_is(claimed, cleo):
    import_document(
        Document(case_id=str(claimed.reference), contact_email=cleo.email, issue_summary="Receipts are empty")
    )
    claimed.refresh_from_db()
    assert (claimed.customer, claimed.unproven, claimed.claimed_email) == (cleo, False, "")


def test_an_export_does_not_pass_it_off_as_the_customers(claimed):
    assert document_of(claimed).contact_email is None
    assert document_of(claimed).customer_name == "Not Cleo"
