"""The page of what was solved before and its part in the case's page, a bug's root cause, and the reach of an outage."""

import pytest
from django.urls import reverse

from cases.actions import bulk, incident_updates, incidents, resolution, triage
from cases.models import Kind, Priority, Severity, Status
from tests.factories import CaseFactory

HTMX = {"HX-Request": "true"}


@pytest.fixture
def solved(ada, till):
    one = CaseFactory(system=till)
    resolution.resolve(
        one, by=ada, resolution="Restarted the reader.", root_cause="Its clock.", is_bug=True, area="network"
    )
    return one


@pytest.fixture
def desk(ada, browser_of):
    return browser_of(ada)


def at(name, case):
    return reverse(f"desk_{name}", args=[case.number])


class TestMemory:
    def test_says_what_helped_and_how_long_it_took(self, desk, case, solved):
        text = desk.get(at("solved_before", case)).text
        for words in (
            "Restarted the reader.",
            "Its clock.",
            "Network",
            "A bug",
            "took less than a minute",
            "In common:",
        ):
            assert words in text
        assert f'href="{at("case", solved)}"' in text

    def test_is_a_part_of_the_page_for_the_page_and_one_of_its_own_without_script(self, desk, case, solved):
        part = desk.get(at("solved_before", case), headers=HTMX).text
        assert part.strip().startswith("<details")
        assert "<h1>Solved before</h1>" in desk.get(at("solved_before", case)).text

    def test_says_honestly_that_there_is_nothing(self, desk, case):
        for headers in ({}, HTMX):
            text = desk.get(at("solved_before", case), headers=headers).text
            assert "No similar solved cases." in text
            assert 'id="solved-before"' in text

    def test_an_incident_is_shown_by_its_title(self, desk, ada, case, till):
        incident = incidents.open_incident(system=till, title=case.summary, by=ada, severity=2)
        incident_updates.resolve(incident, by=ada, resolution="Renewed it.")
        text = desk.get(at("solved_before", case)).text
        assert f"Incident {incident.number}: The card reader refuses every card" in text
        assert "Renewed it." in text

    def test_is_for_agents(self, visitor, cleo, case, browser_of):
        assert browser_of(cleo).get(at("solved_before", case)).status_code == 403
        assert visitor.get(at("solved_before", case)).status_code == 302

    def test_of_no_case_is_not_found(self, desk, db):
        assert desk.get(reverse("desk_solved_before", args=[99])).status_code == 404

    def test_what_was_typed_is_no_markup(self, desk, ada, case, till):
        one = CaseFactory(system=till, summary="<b>The card reader refuses every card")
        resolution.resolve(one, by=ada, resolution="<script>alert(1)</script>", root_cause="<i>Dust")
        text = desk.get(at("solved_before", case)).text
        assert "<script>alert" not in text
        assert "<i>Dust" not in text
        assert "<b>The card" not in text

    def test_is_fetched_by_the_page_of_a_case_that_is_open(self, desk, ada, case, solved):
        assert at("solved_before", case) in desk.get(at("case", case)).text
        assert at("solved_before", solved) not in desk.get(at("case", solved)).text

    def test_the_page_of_the_case_does_not_look_for_it(self, desk, case, solved, monkeypatch):
        def fail(*_):
            raise AssertionError

        monkeypatch.setattr("cases.views.desk.case.solved_before.alike", fail)
        assert "Restarted the reader." not in desk.get(at("case", case)).text

    def test_costs_the_same_for_many(self, desk, ada, case, till, solved, django_assert_num_queries):
        for count in (3, 10):
            for number in range(count):
                one = CaseFactory(system=till)
                resolution.resolve(one, by=ada, resolution=f"Attempt {count} {number} helped.")
            with django_assert_num_queries(20):
                desk.get(at("solved_before", case))


class TestIntoTheReply:
    def put(self, desk, case, name, **typed):
        return desk.post(f"{at('composer', case)}?solved={name}", typed, headers=HTMX)

    def test_after_what_is_typed(self, desk, case, solved):
        response = self.put(desk, case, f"case-{solved.number}", body="Hello Cleo.")
        assert "Hello Cleo.\n\nRestarted the reader.</textarea>" in response.text
        assert 'id="composer"' in response.text

    def test_alone_when_nothing_is(self, desk, case, solved):
        assert ">\nRestarted the reader.</textarea>" in self.put(desk, case, f"case-{solved.number}").text

    def test_nothing_is_sent_and_the_root_cause_stays_internal(self, desk, case, solved):
        before = case.events.count()
        response = self.put(desk, case, f"case-{solved.number}")
        assert "Its clock." not in response.text
        assert case.events.count() == before

    def test_an_incidents_too(self, desk, ada, case, till):
        incident = incidents.open_incident(system=till, title=case.summary, by=ada, severity=2)
        incident_updates.resolve(incident, by=ada, resolution="Renewed it.")
        assert "Renewed it.</textarea>" in self.put(desk, case, f"incident-{incident.number}").text

    def test_without_script(self, desk, case, solved):
        page = desk.get(at("case", case), {"solved": f"case-{solved.number}"})
        assert "Restarted the reader.</textarea>" in page.text
        answer = desk.post(f"{at('composer', case)}?solved=case-{solved.number}")
        assert answer.url == f"{at('case', case)}?solved=case-{solved.number}"

    @pytest.mark.parametrize("name", ["", "x", "case-", "case-0", "case-" + "9" * 30, "incident-7", "%00"])
    def test_what_makes_no_sense_fills_in_nothing(self, desk, case, name):
        response = self.put(desk, case, name, body="Hello.")
        assert response.status_code == 200
        assert desk.get(at("case", case), {"solved": name}).status_code == 200


class TestTheRootCauseOfABug:
    @pytest.fixture
    def bug(self, ada, case):
        resolution.resolve(case, by=ada, resolution="Done.", is_bug=True)
        resolution.reopen(case, by=ada)
        case.refresh_from_db()
        return case

    @pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
    def test_is_asked_for_when_it_is_resolved(self, desk, case, headers):
        data = {"resolution": "Restarted it.", "is_bug": "yes", "area": "network"}
        response = desk.post(at("resolution", case), data, headers=headers)
        assert response.status_code == 422
        assert "Say why it happened: this is a bug." in response.text
        assert "Restarted it." in response.text
        case.refresh_from_db()
        assert case.status == Status.OPEN

    def test_is_not_asked_for_what_is_no_bug(self, desk, case):
        for is_bug in ("no", ""):
            desk.post(at("resolution", case), {"resolution": "Restarted it.", "is_bug": is_bug})
            case.refresh_from_db()
            assert case.status == Status.RESOLVED
            resolution.reopen(case, by=None)

    def test_both_sentences_come_at_once(self, desk, case):
        text = desk.post(at("resolution", case), {"is_bug": "yes"}).text
        assert "Say what was done, in the customer’s words." in text
        assert "Say why it happened: this is a bug." in text

    @pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
    def test_is_asked_for_when_it_is_closed_without_asking(self, desk, bug, headers):
        response = desk.post(at("closure", bug), {}, headers=headers)
        assert response.status_code == 422
        assert "This case is marked as a bug but has no root cause." in response.text
        bug.refresh_from_db()
        assert bug.status == Status.OPEN

    def test_is_kept_when_it_is_told(self, desk, bug):
        desk.post(at("closure", bug), {"root_cause": "A clock."})
        bug.refresh_from_db()
        assert (bug.status, bug.root_cause) == (Status.CLOSED, "A clock.")
        assert bug.events.latest("sequence").changes["root_cause"] == ["", "A clock."]

    def test_may_be_left_open(self, desk, bug):
        desk.post(at("closure", bug), {"anyway": "yes", "root_cause": ""})
        bug.refresh_from_db()
        assert (bug.status, bug.root_cause) == (Status.CLOSED, "")

    def test_one_that_is_too_long_is_not_lost(self, desk, bug):
        response = desk.post(at("closure", bug), {"root_cause": "why " * 30_000})
        assert response.status_code == 422
        assert "This text is too long" in response.text
        assert "None" not in response.text.split('class="crossed closing"')[1][:600]
        assert "why why why" in response.text

    def test_is_not_asked_for_once_it_is_known(self, desk, ada, case):
        resolution.resolve(case, by=ada, resolution="Done.", root_cause="A clock.", is_bug=True)
        resolution.reopen(case, by=ada)
        desk.post(at("closure", case), {})
        case.refresh_from_db()
        assert (case.status, case.root_cause) == (Status.CLOSED, "A clock.")

    def test_closing_what_is_closed_asks_nothing(self, desk, bug):
        resolution.close(bug, by=None)
        assert desk.post(at("closure", bug), {}).status_code == 302

    def test_changes_to_many_cases_do_not_ask(self, ada, bug):
        started = bulk.start(by=ada, name="status", value="closed", label="Close", cases=[bug.number])
        bulk.run(started)
        bug.refresh_from_db()
        assert bug.status == Status.CLOSED


class TestReach:
    @pytest.fixture
    def outage(self, ada, case, till):
        """An incident of `case` and of others, each with a customer of its own."""

        def hit(customers):
            cases = [case, *(CaseFactory(system=till) for _ in range(customers - 1))]
            return incidents.open_incident(
                system=till, title="Outage", by=ada, severity=2, cases=[one.number for one in cases]
            )

        return hit

    def test_the_priority_is_suggested_with_its_reason_and_set_in_one_click(self, desk, ada, case, outage):
        outage(4)
        assert "P1 suggested: High severity, 4 customers hit" in desk.get(at("case", case)).text
        desk.post(at("priority", case), {"priority": "1"})
        case.refresh_from_db()
        assert case.priority == Priority.P1
        assert case.events.latest("sequence").kind == Kind.PRIORITY
        assert "suggested" not in desk.get(at("case", case)).text

    def test_a_case_alone_has_its_severity_for_a_reason(self, desk, case):
        assert "P2 suggested: High severity</p>" in " ".join(desk.get(at("case", case)).text.split())

    def test_nothing_is_suggested_for_a_case_that_does_not_say_how_bad_it_is(self, desk, ada, case, outage):
        triage.set_severity(case, by=ada, severity=Severity.UNSTATED)
        assert "suggested:" not in desk.get(at("case", case)).text
        outage(2)
        assert "P2 suggested: Severity not stated, 2 customers hit" in desk.get(at("case", case)).text

    def test_an_agents_decision_stands(self, desk, ada, case, outage):
        triage.set_priority(case, by=ada, priority=Priority.P2)
        outage(5)
        case.refresh_from_db()
        assert case.priority == Priority.P2
        assert "P1 suggested: High severity, 5 customers hit" in desk.get(at("case", case)).text

    def test_a_customer_with_two_cases_counts_once(self, ada, cleo, case, till, outage):
        incident = outage(1)
        incidents.attach(CaseFactory(system=till, customer=cleo), by=ada, incident=incident)
        case.refresh_from_db()
        assert case.customers_hit == 1

    def test_what_hits_many_is_no_contradiction_when_it_is_done_sooner(self, desk, ada, case, outage):
        triage.set_severity(case, by=ada, severity=Severity.MEDIUM)
        triage.set_priority(case, by=ada, priority=Priority.P1)
        assert "Medium severity, but P1." in desk.get(at("case", case)).text
        assert "contradict" in desk.get(reverse("queue")).text
        outage(5)
        assert "but P1." not in desk.get(at("case", case)).text
        assert "contradict" not in desk.get(reverse("queue")).text

    def test_a_closed_case_is_suggested_nothing(self, desk, ada, case):
        resolution.close(case, by=ada)
        assert "suggested:" not in desk.get(at("case", case)).text

    def test_counting_costs_one_query_and_only_with_an_incident(
        self, ada, case, outage, django_assert_num_queries
    ):
        with django_assert_num_queries(0):
            assert case.suggested_priority == Priority.P2
        outage(3)
        attached = type(case).objects.get(pk=case.pk)
        with django_assert_num_queries(1):
            assert attached.suggested_priority == Priority.P1
            assert attached.reason_of_priority == "High severity, 3 customers hit"
