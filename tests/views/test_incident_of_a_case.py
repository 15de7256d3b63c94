"""What a customer sees of an incident in their own case."""

import re

import pytest
from django.urls import reverse

from cases.actions import bulk, conversation, incident_updates, incidents
from tests.factories import CaseFactory, IncidentFactory

from .test_status_page import page_of


@pytest.fixture
def incident(ada, till):
    return IncidentFactory(system=till, by=ada)


class TestTheCustomersCase:
    @pytest.fixture
    def attached(self, case, ada, incident):
        incidents.attach(case, by=ada, incident=incident)
        return case

    def page(self, browser_of, user, case):
        return browser_of(user).get(reverse("case", args=[case.number])).text

    def test_says_which_incident_it_is_part_of(self, attached, cleo, ada, incident, browser_of):
        for word in ("One.", "Two.", "Three.", "Hello {customer}."):
            incident_updates.update(incident, by=ada, body=word)
        page = self.page(browser_of, cleo, attached)
        assert f"This is part of incident {incident.number}: Card payments fail" in page
        assert page.index("Hello there.") < page.index("Three.") < page.index("Two.")
        assert "One." not in page
        assert page_of(incident) in page

    def test_has_no_link_to_a_page_that_is_not_there(self, attached, cleo, ada, incident, browser_of):
        incidents.change(incident, by=ada, public=False)
        page = self.page(browser_of, cleo, attached)
        assert f"This is part of incident {incident.number}" in page
        assert page_of(incident) not in page

    def test_reads_of_what_is_not_public_only_what_it_was_told(
        self, attached, cleo, ada, incident, browser_of
    ):
        incidents.change(incident, by=ada, public=False)
        other = CaseFactory(system=incident.system)
        incidents.attach(other, by=ada, incident=incident)
        self.tell(incident, ada, "Only for the other.", other)
        self.tell(incident, ada, "For both.", attached, other)
        page = self.page(browser_of, cleo, attached)
        assert "Only for the other." not in page
        assert "For both." in page

    def test_tells_nothing_of_other_customers(self, attached, cleo, mallory, ada, incident, browser_of):
        other = CaseFactory(customer=mallory, system=incident.system, summary="Strange summary")
        incidents.attach(other, by=ada, incident=incident)
        incident_updates.update(
            incident, by=ada, body="Dear {customer}, {summary}", cases=[other.number, attached.number]
        )
        page = self.page(browser_of, cleo, attached)
        assert "Mallory" not in page
        assert "Strange summary" not in page

    def test_does_not_say_that_it_is_the_customers_turn_after_news(
        self, attached, cleo, ada, incident, browser_of
    ):
        self.tell(incident, ada, "We are at it.", attached)
        page = self.page(browser_of, cleo, attached)
        assert ". We’ll post updates here." in page
        assert "your turn" not in page
        assert "Waiting for you" not in browser_of(cleo).get(reverse("cases")).text
        incidents.detach(attached, by=ada)
        assert "We’re waiting for your reply." in self.page(browser_of, cleo, attached)
        assert "Waiting for you" in browser_of(cleo).get(reverse("cases")).text

    def tell(self, incident, ada, words, *cases):
        event = incident_updates.update(incident, by=ada, body=words, cases=[case.number for case in cases])
        bulk.run(event.bulk)

    def test_says_that_it_is_the_customers_turn_after_a_question(
        self, attached, cleo, ada, incident, browser_of
    ):
        self.tell(incident, ada, "We are at it.", attached)
        conversation.reply(attached, by=ada, body="Which browser do you use?")
        page = self.page(browser_of, cleo, attached)
        assert "We’re waiting for your reply." in page
        assert ". We’ll post updates here." not in page
        assert "Waiting for you" in browser_of(cleo).get(reverse("cases")).text
        assert "Waiting for you" in browser_of(cleo).get(reverse("cases"), {"q": "card reader"}).text
        live = browser_of(cleo).get(reverse("case_live", args=[attached.number]), {"after": 3}).text
        assert "We’re waiting for your reply." in live
        conversation.reply(attached, by=cleo, body="Firefox.")
        assert ". We’ll post updates here." in self.page(browser_of, cleo, attached)

    def test_an_update_that_went_to_others_takes_no_question_away(
        self, attached, cleo, ada, incident, browser_of
    ):
        conversation.reply(attached, by=ada, body="Which browser do you use?")
        other = CaseFactory(system=incident.system)
        incidents.attach(other, by=ada, incident=incident)
        self.tell(incident, ada, "We are at it.", other)
        assert "We’re waiting for your reply." in self.page(browser_of, cleo, attached)

    def test_whose_turn_it_is_costs_one_query_for_the_whole_list(
        self, cleo, ada, till, browser_of, django_assert_num_queries
    ):
        browser = browser_of(cleo)
        browser.get(reverse("cases"))
        for _ in range(4):
            case = CaseFactory(customer=cleo, system=till)
            incidents.attach(case, by=ada, incident=IncidentFactory(system=till, by=ada))
            conversation.reply(case, by=ada, body="Which browser do you use?")
        # the session, the customer, the cases, what is asked for, who spoke last, what claims their address
        with django_assert_num_queries(6):
            assert browser.get(reverse("cases")).text.count("Waiting for you") == 4

    def test_follows_with_the_next_event(self, attached, cleo, ada, incident, browser_of):
        incident_updates.update(incident, by=ada, body="Found.", status="identified")
        conversation.reply(attached, by=ada, body="Found.")
        text = browser_of(cleo).get(reverse("case_live", args=[attached.number]), {"after": 3}).text
        assert 'id="incident"' in text
        assert "Identified" in text

    def live(self, browser, side, case):
        """What an open page gets that was loaded before: a function that asks for it."""
        page = browser.get(reverse({"case": "case", "desk": "desk_case"}[side], args=[case.number])).text
        shown = {
            name: re.search(rf'name="{name}" value="(\w*)"', page)[1] for name in ("after", "incident_shown")
        }
        return lambda: browser.get(reverse(f"{side}_live", args=[case.number]), shown)

    @pytest.mark.parametrize(
        ("change", "words"),
        [({"title": "Tills are down"}, "Tills are down"), ({"public": False}, "This is part of")],
    )
    def test_an_open_page_hears_of_what_changes_in_the_incident_alone(
        self, attached, cleo, ada, incident, browser_of, change, words
    ):
        ask = self.live(browser_of(cleo), "case", attached)
        assert ask().status_code == 204
        incidents.change(incident, by=ada, **change)
        assert words in ask().text
        assert self.live(browser_of(cleo), "case", attached)().status_code == 204

    def test_an_open_page_hears_of_what_is_told_on_the_status_page_alone(
        self, attached, cleo, ada, incident, browser_of
    ):
        ask = self.live(browser_of(cleo), "case", attached)
        incident_updates.update(incident, by=ada, body="Told elsewhere.", status="identified")
        assert "Told elsewhere." in ask().text

    def test_an_open_page_hears_nothing_of_internal_work_in_the_incident(
        self, attached, cleo, ada, incident, browser_of
    ):
        ask = self.live(browser_of(cleo), "case", attached)
        incident_updates.add_note(incident, by=ada, body="Secret.")
        incidents.change(incident, by=ada, severity=1, owner=None, area="network")
        assert ask().status_code == 204

    def test_an_open_page_of_the_desk_hears_of_it_too(self, attached, ada, incident, browser_of):
        ask = self.live(browser_of(ada), "desk", attached)
        assert ask().status_code == 204
        incidents.change(incident, by=ada, title="Tills are down")
        assert "Tills are down" in ask().text

    def test_without_an_incident_there_is_an_empty_place(self, case, cleo, browser_of):
        page = self.page(browser_of, cleo, case)
        assert 'id="incident"' in page
        assert "This is part of" not in page

    def test_the_list_costs_as_many_queries_with_many_incidents(
        self, cleo, ada, till, browser_of, django_assert_num_queries
    ):
        browser = browser_of(cleo)

        def attach_one():
            case = CaseFactory(customer=cleo, system=till)
            incidents.attach(case, by=ada, incident=IncidentFactory(system=till, by=ada))

        attach_one()
        browser.get(reverse("cases"))
        # the session, the customer, the cases, what is asked for, what claims their address
        with django_assert_num_queries(5):
            browser.get(reverse("cases"))
        for _ in range(3):
            attach_one()
        with django_assert_num_queries(5):
            browser.get(reverse("cases"))
