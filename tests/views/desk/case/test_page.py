import re

import pytest
from django.urls import reverse

from cases.actions import conversation, resolution, triage
from cases.models import Area, Kind, Priority, Severity, Status
from tests.factories import CaseFactory

HTMX = {"HX-Request": "true"}


def page(browser, case):
    return browser.get(reverse("desk_case", args=[case.number])).text


def test_the_page_shows_conversation_notes_and_history(ada, cleo, case, browser_of):
    conversation.add_note(case, by=ada, body="Smells of the bank.")
    triage.set_severity(case, by=ada, severity=Severity.CRITICAL)
    text = page(browser_of(ada), case)
    assert "Since this morning every card is refused." in text
    assert "Smells of the bank." in text
    assert "Internal: the customer will not see this" in text
    assert "changed the severity from High to Critical" in text


def test_the_customers_other_cases_are_at_hand(ada, cleo, case, browser_of):
    other = CaseFactory(customer=cleo, summary="The drawer is stuck")
    assert reverse("desk_case", args=[other.number]) in page(browser_of(ada), case)


def test_a_contradiction_is_pointed_out_and_mended_in_one_click(ada, case, browser_of):
    triage.set_severity(case, by=ada, severity=Severity.CRITICAL)
    triage.set_priority(case, by=ada, priority=Priority.P4)
    browser = browser_of(ada)
    assert "Critical severity, but P4." in page(browser, case)
    browser.post(reverse("desk_priority", args=[case.number]), {"priority": "1"})
    case.refresh_from_db()
    assert case.priority == Priority.P1
    assert "Critical severity, but" not in page(browser, case)


DETAILS = [
    ("status", {"status": "investigating"}, lambda case: case.status == Status.INVESTIGATING),
    ("severity", {"severity": "1"}, lambda case: case.severity == Severity.CRITICAL),
    ("priority", {"priority": "2"}, lambda case: case.priority == Priority.P2),
    ("area", {"area": "network"}, lambda case: case.area == Area.NETWORK),
]


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
class TestEveryPostWithAndWithoutHtmx:
    def post(self, browser, name, case, data, headers):
        return browser.post(reverse(f"desk_{name}", args=[case.number]), data | {"after": 2}, headers=headers)

    def check(self, response, headers, case, words):
        if headers:
            assert response.status_code == 200
            assert words in response.text
            assert 'id="cursor"' in response.text
        else:
            assert response.url.startswith(reverse("desk_case", args=[case.number]) + "#event-")

    @pytest.mark.parametrize(("name", "data", "holds"), DETAILS, ids=[row[0] for row in DETAILS])
    def test_a_detail(self, ada, case, browser_of, headers, name, data, holds):
        response = self.post(browser_of(ada), name, case, data, headers)
        self.check(response, headers, case, 'id="details"')
        case.refresh_from_db()
        assert holds(case)

    def test_the_assignee(self, ada, case, browser_of, headers):
        response = self.post(browser_of(ada), "assignee", case, {"assignee": ada.pk}, headers)
        self.check(response, headers, case, "took the case")
        case.refresh_from_db()
        assert case.assignee == ada

    def test_the_team(self, ada, case, team, browser_of, headers):
        response = self.post(browser_of(ada), "team", case, {"team": team.pk}, headers)
        self.check(response, headers, case, "handed the case to Engineering")
        case.refresh_from_db()
        assert case.team == team

    def test_a_reply(self, ada, case, browser_of, headers):
        response = self.post(browser_of(ada), "replies", case, {"body": "On it."}, headers)
        self.check(response, headers, case, "On it.")
        assert case.events.latest("sequence").public

    def test_a_note(self, ada, case, browser_of, headers):
        response = self.post(browser_of(ada), "notes", case, {"body": "Hm."}, headers)
        self.check(response, headers, case, "Hm.")
        assert not case.events.latest("sequence").public

    def test_a_resolution(self, ada, case, browser_of, headers):
        data = {"resolution": "Restarted.", "root_cause": "Leak.", "area": "backend", "is_bug": "yes"}
        response = self.post(browser_of(ada), "resolution", case, data, headers)
        self.check(response, headers, case, "Restarted.")
        case.refresh_from_db()
        assert (case.status, case.root_cause, case.area, case.is_bug) == (
            "resolved",
            "Leak.",
            "backend",
            True,
        )

    def test_a_resolution_without_words_keeps_the_rest(self, ada, case, browser_of, headers):
        response = self.post(browser_of(ada), "resolution", case, {"root_cause": "A leak in it."}, headers)
        assert response.status_code == 422
        assert "Say what was done, in the customer’s words." in response.text
        assert "A leak in it." in response.text

    def test_closing(self, ada, case, browser_of, headers):
        response = self.post(browser_of(ada), "closure", case, {}, headers)
        self.check(response, headers, case, "closed the case")

    def test_reopening(self, ada, case, browser_of, headers):
        resolution.close(case, by=ada)
        response = self.post(browser_of(ada), "reopening", case, {"body": "One more thing."}, headers)
        self.check(response, headers, case, "One more thing.")

    def test_reopening_what_was_resolved_anew_is_a_sentence(self, ada, case, browser_of, headers):
        browser = browser_of(ada)
        resolution.resolve(case, by=ada, resolution="Done.")
        form = {"resolved_at": re.search(r'name="resolved_at" value="([^"]*)"', page(browser, case))[1]}
        response = self.post(browser, "reopening", case, form, headers)
        self.check(response, headers, case, "reopened the case")
        resolution.resolve(case, by=ada, resolution="Done better.")
        again = browser.post(
            reverse("desk_reopening", args=[case.number]), form, headers=headers, follow=True
        )
        assert "was resolved again in the meantime" in again.text
        case.refresh_from_db()
        assert case.status == Status.RESOLVED

    def test_a_value_that_does_not_exist_is_a_sentence(self, ada, case, browser_of, headers):
        response = browser_of(ada).post(
            reverse("desk_severity", args=[case.number]), {"severity": "9"}, headers=headers, follow=True
        )
        assert "A case cannot have that severity." in response.text

    def test_a_case_is_not_assigned_to_a_customer(self, ada, cleo, case, browser_of, headers):
        response = browser_of(ada).post(
            reverse("desk_assignee", args=[case.number]), {"assignee": cleo.pk}, headers=headers, follow=True
        )
        assert "A case cannot have that assignee." in response.text
        case.refresh_from_db()
        assert case.assignee is None


def test_what_is_already_so_answers_with_the_page_as_it_is(ada, case, browser_of):
    response = browser_of(ada).post(
        reverse("desk_severity", args=[case.number]), {"severity": "2", "after": 2}, headers=HTMX
    )
    assert response.status_code == 200
    assert case.events.filter(kind=Kind.SEVERITY).count() == 0


def test_only_the_agents_page_of_a_case_closed_meanwhile_keeps_the_reply(ada, case, browser_of):
    resolution.close(case, by=ada)
    response = browser_of(ada).post(
        reverse("desk_replies", args=[case.number]), {"body": "Long text."}, headers=HTMX
    )
    assert response.status_code == 422
    assert "Long text." in response.text
    assert "Reopen, send and take the case" in response.text


def test_a_change_sent_without_a_cursor_is_made_and_the_page_loads_anew(ada, case, browser_of):
    response = browser_of(ada).post(reverse("desk_notes", args=[case.number]), {"body": "Hm."}, headers=HTMX)
    assert response["HX-Refresh"] == "true"
    assert case.events.latest("sequence").body == "Hm."


def test_what_is_swapped_in_brings_no_older_cursor_than_the_page_has(ada, case, browser_of):
    # htmx makes elements of what stands in <noscript>, and a field of the form wins over the page's cursor
    address = reverse("desk_replies", args=[case.number])
    answer = browser_of(ada).post(address, {"body": "Hello.", "after": 2}, headers=HTMX)
    assert 'id="composer"' in answer.text
    assert '<noscript><input type="hidden" name="after"' not in answer.text
