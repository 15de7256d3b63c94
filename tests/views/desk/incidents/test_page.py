import re
from uuid import uuid4

import pytest
from django.urls import reverse

from cases.actions import bulk, incident_updates, incidents
from cases.models import Bulk, Case, Incident, IncidentEvent
from tests.factories import CaseFactory

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def desk(ada, browser_of):
    return browser_of(ada)


@pytest.fixture
def incident(ada, till):
    return incidents.open_incident(system=till, title="Cards are refused", by=ada, severity=1)


@pytest.fixture
def attached(incident, ada, till, cleo, mallory):
    """Three cases of two customers."""
    found = [CaseFactory(system=till, customer=one) for one in (cleo, cleo, mallory)]
    for case in found:
        incidents.attach(case, by=ada, incident=incident)
    return found


def run():
    for one in Bulk.objects.order_by("pk"):
        bulk.run(one)


def url(name, *args):
    return reverse(f"desk_incident{name}", args=args)


def page(browser, incident, **query):
    return browser.get(url("", incident.number), query).text


class TestThePage:
    def test_the_head_counts_cases_and_customers(self, desk, incident, attached):
        text = page(desk, incident)
        assert "3 cases of 2 customers" in text
        assert "Cards are refused" in text
        assert "Investigating" in text

    def test_notes_are_marked_internal_and_updates_public(self, desk, ada, incident):
        incident_updates.add_note(incident, by=ada, body="It is the bank.")
        incident_updates.update(incident, by=ada, body="We **look**.", status="identified")
        text = page(desk, incident)
        assert "Internal: no customer will see this" in text
        assert "posted an update: identified" in text
        assert "<strong>look</strong>" in text

    def test_lines_of_attaching_lead_to_the_case(self, desk, ada, incident, attached):
        incidents.detach(attached[0], by=ada)
        text = page(desk, incident)
        assert f"attached case #{attached[0].number}" in text
        assert f"took out case #{attached[0].number}" in text

    def test_an_incident_without_cases_says_so(self, desk, incident):
        assert "No case is attached." in page(desk, incident)

    def test_earlier_lines_are_on_demand(self, desk, ada, incident):
        for number in range(60):
            incident_updates.add_note(incident, by=ada, body=f"Note {number:02}.")
        text = page(desk, incident)
        assert "Note 59." in text
        assert "Note 09." not in text
        before = re.search(r'href="\?before=(\d+)"', text)[1]
        text = page(desk, incident, before=before)
        assert "Note 09." in text
        assert "Note 10." not in text
        assert "data-live=" not in text

    def test_its_queries_do_not_grow(self, desk, ada, incident, till, django_assert_max_num_queries):
        for _ in range(12):
            incidents.attach(CaseFactory(system=till), by=ada, incident=incident)
        incident_updates.update(
            incident, by=ada, body="We look.", cases=list(Case.objects.values_list("pk", flat=True))
        )
        run()
        with django_assert_max_num_queries(17):
            page(desk, incident)

    def test_many_cases_are_on_further_pages(self, desk, ada, incident, till, django_assert_max_num_queries):
        for _ in range(103):
            incidents.attach(CaseFactory(system=till), by=ada, incident=incident)
        text = page(desk, incident)
        assert "103 cases of 103 customers" in text
        assert "And 53 more" in text
        address = re.search(r'href="([^"]*/cases/\?below=\d+)"', text)[1]
        with django_assert_max_num_queries(11):
            text = desk.get(address).text
        assert text.count('class="row-number"') == 50
        text = desk.get(url("_cases", incident.number) + re.search(r'href="(\?below=\d+)"', text)[1]).text
        assert text.count('class="row-number"') == 3
        assert "Next page" not in text

    @pytest.mark.parametrize("below", ["x", "-1", "9" * 30, "1"])
    def test_no_place_among_them_is_an_error(self, desk, incident, attached, below):
        assert desk.get(url("_cases", incident.number), {"below": below}).status_code == 200

    def test_what_is_not_there_is_not_found(self, desk):
        assert desk.get(url("", 999_999)).status_code == 404

    def test_a_tick_brings_what_is_new(self, desk, ada, incident):
        incident_updates.add_note(incident, by=ada, body="Old.")
        incident_updates.add_note(incident, by=ada, body="New.")
        text = desk.get(url("_live", incident.number), {"after": 2}, headers=HTMX).text
        assert "New." in text
        assert "Old." not in text
        assert 'name="after" value="3"' in text
        assert 'id="composer"' not in text

    def test_a_resolution_brings_other_composers(self, desk, ada, incident):
        incident_updates.resolve(incident, by=ada, resolution="Done.")
        text = desk.get(url("_live", incident.number), {"after": 1}, headers=HTMX).text
        assert "Reopen the incident" in text

    def test_a_tick_without_a_cursor_is_refused_and_one_from_long_ago_loads_anew(self, desk, ada, incident):
        assert desk.get(url("_live", incident.number)).status_code == 400
        for number in range(201):
            incident_updates.add_note(incident, by=ada, body=str(number))
        response = desk.get(url("_live", incident.number), {"after": 0}, headers=HTMX)
        assert response["HX-Refresh"] == "true"


class TestShowingIt:
    def test_what_was_told_without_it_is_counted_and_shown_only_when_chosen(
        self, desk, ada, incident, attached
    ):
        assert 'value="earlier"' not in page(desk, incident)
        incidents.change(incident, by=ada, public=False)
        incident_updates.update(incident, by=ada, body="We look.", cases=[attached[0].number])
        text = page(desk, incident)
        assert "stay with those cases (1 update), unless you choose to show them." in text
        assert "Shown, with 1 earlier update<" in text
        assert "updated its cases" in text
        assert "To its cases alone" in text
        desk.post(url("_public", incident.number), {"public": "yes"})
        assert "Shown, with 1 earlier update<" in page(desk, incident)
        desk.post(url("_public", incident.number), {"public": "earlier"})
        text = page(desk, incident)
        assert "showed its earlier updates" in text
        assert "Updates from when it wasn’t on the status page stay with those cases" not in text
        assert [event.body for event in incident.updates()] == ["We look."]


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
class TestEveryPostWithAndWithoutHtmx:
    def post(self, browser, name, args, data, headers):
        return browser.post(url(f"_{name}", *args), data | {"after": 1}, headers=headers)

    def check(self, response, headers, incident, words):
        if headers:
            assert response.status_code == 200
            assert words in response.text
            assert 'id="cursor"' in response.text
        else:
            assert response.url.startswith(url("", incident.number) + "#event-")

    def test_a_note(self, desk, incident, headers):
        response = self.post(desk, "note", [incident.number], {"body": "It is the bank."}, headers)
        self.check(response, headers, incident, "It is the bank.")
        assert incident.events.latest("sequence").public is False

    @pytest.mark.parametrize(
        ("name", "value", "holds"),
        [
            ("severity", "3", lambda one: one.severity == 3),
            ("area", "network", lambda one: one.area == "network"),
            ("owner", "", lambda one: one.owner is None),
            ("public", "no", lambda one: one.public is False),
            ("title", "Cards fail", lambda one: one.title == "Cards fail"),
        ],
    )
    def test_a_detail(self, desk, incident, headers, name, value, holds):
        response = self.post(desk, name, [incident.number], {name: value}, headers)
        self.check(response, headers, incident, 'id="details"')
        assert holds(Incident.objects.get())

    def test_resolving_and_reopening(self, desk, incident, attached, headers):
        data = {"resolution": "Back.", "root_cause": "A disk.", "area": "database", "is_bug": "yes"}
        response = self.post(desk, "resolve", [incident.number], data, headers)
        self.check(response, headers, incident, "Back.")
        run()
        assert set(Case.objects.values_list("status", "root_cause", "is_bug")) == {
            ("resolved", "A disk.", True)
        }
        response = self.post(desk, "reopen", [incident.number], {"body": "It is back."}, headers)
        self.check(response, headers, incident, "It is back.")
        assert Incident.objects.get().is_open

    def test_attaching_and_taking_out(self, desk, incident, case, headers):
        response = self.post(desk, "attach", [incident.number], {"case": f"#{case.number}"}, headers)
        self.check(response, headers, incident, f"#{case.number}")
        assert list(incident.cases.all()) == [case]
        response = self.post(desk, "detach", [incident.number, case.number], {}, headers)
        self.check(response, headers, incident, "took out case")
        assert incident.cases.count() == 0

    @pytest.mark.parametrize(
        ("name", "data", "sentence"),
        [
            ("note", {"body": " "}, "Write a note before adding it."),
            ("resolve", {"resolution": "", "root_cause": "Typed for long"}, "Say what was done"),
            ("resolve", {"resolution": "x" * 10_001}, "10,000 fit"),
            ("title", {"title": ""}, "Say in one line what is broken."),
            ("title", {"title": "x" * 201}, "at most 200 characters"),
            ("attach", {"case": ""}, "Type the number of the case to attach."),
            ("attach", {"case": "999999"}, "There is no case “999999”."),
        ],
    )
    def test_a_mistake_is_a_sentence_and_keeps_what_was_typed(
        self, desk, incident, headers, name, data, sentence
    ):
        response = self.post(desk, name, [incident.number], data, headers)
        assert response.status_code == 422
        assert sentence in response.text
        assert all(text.strip() in response.text for text in data.values())
        assert incident.events.count() == 1

    def test_resolving_while_an_update_runs_is_a_sentence(self, desk, ada, incident, attached, headers):
        incident_updates.update(incident, by=ada, body="We look.", cases=[case.number for case in attached])
        response = self.post(desk, "resolve", [incident.number], {"resolution": "Typed for long"}, headers)
        assert response.status_code == 422
        assert "still being sent to 3 cases" in response.text
        assert "Typed for long" in response.text

    def test_a_resolution_that_comes_second_is_shown_again_with_all_that_was_typed(
        self, desk, abe, incident, headers
    ):
        incident_updates.resolve(incident, by=abe, resolution="Done.")
        data = {"resolution": "Typed for long", "root_cause": "Typed as well", "area": "database"}
        response = self.post(desk, "resolve", [incident.number], data, headers)
        assert response.status_code == 422
        assert "is resolved already. Reopen it first." in response.text
        assert "Typed for long" in response.text
        assert "Typed as well" in response.text
        assert "Reopen the incident" in response.text

    def test_words_on_reopening_what_is_open_are_shown_again(self, desk, ada, abe, incident, headers):
        incident_updates.resolve(incident, by=ada, resolution="Done.")
        incident_updates.reopen(incident, by=abe, body="Back.")
        response = self.post(desk, "reopen", [incident.number], {"body": "Typed for long"}, headers)
        assert response.status_code == 422
        assert "is open already. Send this as an update or a note." in response.text
        assert "Typed for long" in response.text
        assert incident.events.filter(kind="reopened").count() == 1

    def test_reopening_sent_twice_counts_once(self, desk, ada, incident, headers):
        incident_updates.resolve(incident, by=ada, resolution="Done.")
        data = {"body": "It is back.", "token": str(uuid4())}
        for _ in range(2):
            response = self.post(desk, "reopen", [incident.number], data, headers)
            assert response.status_code == (200 if headers else 302)
        assert incident.events.filter(kind="reopened").count() == 1

    def test_reopening_what_is_open_without_a_word_is_no_mistake(self, desk, incident, headers):
        response = self.post(desk, "reopen", [incident.number], {"body": ""}, headers)
        assert response.status_code == (200 if headers else 302)

    def test_attaching_a_case_of_another_incident_is_a_sentence(self, desk, ada, till, attached, headers):
        other = incidents.open_incident(system=till, title="Another", by=ada, severity=2)
        response = self.post(desk, "attach", [other.number], {"case": attached[0].number}, headers)
        assert response.status_code == 422
        assert "Take it out of that one first." in response.text


@pytest.mark.parametrize(
    "name", ["update", "note", "resolve", "reopen", "title", "severity", "area", "owner", "public", "attach"]
)
def test_the_address_of_a_form_leads_to_the_incident(desk, incident, name):
    assert desk.get(url(f"_{name}", incident.number)).url == url("", incident.number)
    assert desk.get(url(f"_{name}", 999_999)).status_code == 404
    assert desk.put(url(f"_{name}", incident.number)).status_code == 405


def test_a_detail_that_cannot_be_is_refused(desk, incident):
    response = desk.post(url("_severity", incident.number), {"severity": "9"}, headers=HTMX)
    assert response.status_code == 409
    assert "An incident cannot have that severity." in response.text


def test_every_event_has_words(desk, ada, abe, incident, attached):
    incidents.detach(attached[0], by=ada)
    for details in (
        {"title": "T"},
        {"severity": 3},
        {"area": "other"},
        {"area": ""},
        {"owner": abe},
        {"public": False},
    ):
        incidents.change(incident, by=ada, **details)
    incidents.change(incident, by=ada, owner=None)
    incidents.change(incident, by=ada, public=True)
    text = page(desk, incident)
    for words in (
        "changed the title from “Cards are refused” to “T”",
        "changed the severity from Critical to Medium",
        "set the area to Other",
        "removed the area",
        "made Abe the owner",
        "took it off the status page",
        "removed the owner",
        "put it on the status page",
    ):
        assert words in text
    assert IncidentEvent.objects.filter(kind="detail").count() == 8
