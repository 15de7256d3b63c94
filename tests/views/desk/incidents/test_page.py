import re
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.actions import bulk, conversation, incident_updates, incidents, resolution
from cases.models import Bulk, Case, Event, Incident, IncidentEvent, Sight
from tests.factories import CaseFactory, SystemFactory

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


class TestTheList:
    def test_open_ones_come_first_and_the_newest_of_them(self, desk, ada, till, incident):
        over = incidents.open_incident(system=till, title="Long ago", by=ada, severity=2)
        incident_updates.resolve(over, by=ada, resolution="Done.")
        incidents.open_incident(system=till, title="Slow pages", by=ada, severity=3)
        text = desk.get(reverse("desk_incidents")).text
        places = [text.index(title) for title in ("Slow pages", "Cards are refused", "Long ago")]
        assert places == sorted(places)

    def test_an_empty_list_says_what_an_incident_is_for(self, desk):
        text = desk.get(reverse("desk_incidents")).text
        assert "No incident is open." in text
        assert reverse("desk_incident_new") in text

    def test_a_row_says_how_many_cases_there_are(self, desk, attached):
        assert "3 cases" in desk.get(reverse("desk_incidents")).text

    def test_earlier_ones_are_on_further_pages(self, desk, ada, till):
        for number in range(35):
            one = incidents.open_incident(system=till, title=f"Outage {number:02}", by=ada, severity=2)
            incident_updates.resolve(one, by=ada, resolution="Done.")
        text = desk.get(reverse("desk_incidents")).text
        assert "Outage 05" in text
        assert "Outage 04" not in text
        further = re.search(r'href="(\?before=\d+)"', text)[1]
        text = desk.get(reverse("desk_incidents") + further).text
        assert "Outage 04" in text
        assert "Outage 05" not in text
        assert "Back to the newest" in text

    def test_its_queries_do_not_grow(self, desk, ada, till, attached, django_assert_max_num_queries):
        for number in range(10):
            incidents.open_incident(system=till, title=f"Outage {number}", by=ada, severity=2)
        with django_assert_max_num_queries(7):
            desk.get(reverse("desk_incidents"))

    @pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "1"])
    def test_no_place_in_it_is_an_error(self, desk, incident, before):
        assert desk.get(reverse("desk_incidents"), {"before": before}).status_code == 200


class TestANewOne:
    def open(self, browser, till, **fields):
        data = {"title": "Cards are refused", "system": till.pk, "severity": 1, "public": "on"} | fields
        return browser.post(reverse("desk_incident_new"), data)

    def test_it_is_opened_and_its_page_shown(self, desk, ada, till):
        response = self.open(desk, till, area="backend")
        found = Incident.objects.get()
        assert response.url == url("", found.number)
        assert (found.title, found.system, found.severity, found.area) == (
            "Cards are refused", till, 1, "backend",
        )  # fmt: skip
        assert (found.public, found.owner) == (True, ada)

    def test_without_the_tick_it_is_not_public(self, desk, till):
        self.open(desk, till, public="")
        assert Incident.objects.get().public is False

    def test_it_takes_over_what_a_case_says(self, desk, case):
        Case.objects.filter(pk=case.pk).update(area="network", severity=3)
        text = desk.get(reverse("desk_incident_new"), {"case": case.number}).text
        assert f'<option value="{case.system_id}" selected' in text
        assert '<option value="3" selected' in text
        assert '<option value="network" selected' in text
        assert case.summary not in re.search(r'name="title"[^>]*>', text)[0]
        assert "name no customer" in text

    def test_of_several_cases_those_that_stay_checked_are_attached(self, desk, case, till):
        other = CaseFactory(system=till)
        text = desk.get(reverse("desk_incident_new"), {"case": [case.number, other.number]}).text
        assert text.count('name="case"') == 2
        self.open(desk, till, offered=[case.number, other.number], case=[other.number])
        assert list(Incident.objects.get().cases.all()) == [other]

    def test_a_case_that_was_not_offered_is_not_attached(self, desk, case, till):
        self.open(desk, till, case=[case.number])
        assert Incident.objects.get().cases.count() == 0

    def test_a_case_of_another_incident_is_unchecked_and_says_so(self, desk, attached, incident, case):
        text = desk.get(reverse("desk_incident_new"), {"case": [case.number, attached[0].number]}).text
        assert f"Belongs to incident {incident.number}" in text
        assert text.count(" checked>") == 2  # the free case and the tick of the status page

    def test_a_case_that_was_attached_meanwhile_is_a_sentence_and_nothing_is_lost(
        self, desk, attached, incident, till
    ):
        number = attached[0].number
        response = self.open(desk, till, offered=[number], case=[number], title="Typed for long")
        assert response.status_code == 422
        assert f"belongs to incident {incident.number} already" in response.text
        assert "Typed for long" in response.text
        assert Incident.objects.count() == 1

    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({"title": ""}, "Say in one line what is broken."),
            ({"title": "x" * 201}, "at most 200 characters"),
            ({"system": ""}, "Choose the system"),
            ({"system": "99999999999999999999"}, "Select a valid choice"),
            ({"severity": "5"}, "Select a valid choice"),
        ],
    )
    def test_a_mistake_gets_a_sentence(self, desk, till, fields, sentence):
        response = self.open(desk, till, **fields)
        assert response.status_code == 422
        assert sentence in response.text

    def test_nonsense_in_the_address_is_left_out(self, desk, case):
        asked = {"case": ["x", "-1", "9" * 30, "0", "999999", str(case.number)]}
        text = desk.get(reverse("desk_incident_new"), asked).text
        assert text.count('name="case"') == 1


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
        assert "told everybody: identified" in text
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
        assert "still on its way to 3 cases" in response.text
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


def test_so_does_the_address_of_taking_out(desk, incident, attached):
    address = url("_detach", incident.number, attached[0].number)
    assert desk.get(address).url == url("", incident.number)
    assert incident.cases.count() == 3


def test_the_theme_can_be_changed_where_an_update_is_looked_at(desk, incident):
    text = desk.post(url("_update", incident.number), {"body": "We look."}).text
    back = re.search(r'name="next" value="([^"]*)"', text)[1]
    assert desk.post(reverse("theme"), {"theme": "dark", "next": back}, follow=True).status_code == 200


def test_a_detail_that_cannot_be_is_refused(desk, incident):
    response = desk.post(url("_severity", incident.number), {"severity": "9"}, headers=HTMX)
    assert response.status_code == 409
    assert "An incident cannot have that severity." in response.text


def test_a_form_of_another_incident_takes_no_case_out(desk, ada, till, attached):
    other = incidents.open_incident(system=till, title="Another", by=ada, severity=2)
    desk.post(url("_detach", other.number, attached[0].number))
    assert Case.objects.filter(incident=None).count() == 0


class TestBroadcast:
    def send(self, browser, incident, **fields):
        data = {"body": "We look, {customer}.", "status": "identified", "token": str(uuid4())} | fields
        return browser.post(url("_update", incident.number), data)

    def shown(self, response):
        """What the preview posts."""
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', response.text))
        del fields["csrfmiddlewaretoken"]
        checked = re.findall(r'name="case" value="(\d+)" checked', response.text)
        text = re.search(r"<textarea[^>]*>\s*([^<]*)</textarea>", response.text)[1]
        return fields | {"case": checked, "body": text, "status": "identified", "send": "yes"}

    def test_it_is_shown_before_it_is_sent(self, desk, incident, attached, cleo):
        text = self.send(desk, incident).text
        assert "Goes to 2 customers, 3 cases, and to the status page" in text
        assert "We look, Cleo." in text
        assert "We look, Mallory." in text
        assert "We look, there." in text
        assert "Bakery" in text
        assert Bulk.objects.count() == 0
        assert incident.events.filter(kind="update").count() == 0

    def test_what_was_shown_is_sent_once(self, desk, incident, attached):
        said = self.shown(self.send(desk, incident))
        assert desk.post(url("_update", incident.number), said).url == url("", incident.number)
        again = desk.post(url("_update", incident.number), said, follow=True)
        assert "You have sent this already." in again.text
        run()
        assert sorted(Event.objects.filter(body__startswith="We look").values_list("body", flat=True)) == [
            "We look, Cleo.", "We look, Cleo.", "We look, Mallory.",
        ]  # fmt: skip
        assert Incident.objects.get().status == "identified"

    def test_whoever_is_unchecked_is_left_out(self, desk, incident, attached):
        said = self.shown(self.send(desk, incident))
        said["case"].remove(str(attached[2].number))
        again = desk.post(url("_update", incident.number), {**said, "send": ""} | {"look": "again"})
        del said["token"]
        desk.post(url("_update", incident.number), said)
        run()
        assert Event.objects.filter(body__startswith="We look").count() == 2
        assert again.status_code in (200, 302)

    def test_looking_again_keeps_who_is_unchecked_and_counts_anew(self, desk, incident, attached):
        said = self.shown(self.send(desk, incident))
        said["case"].remove(str(attached[2].number))
        del said["send"]
        text = desk.post(url("_update", incident.number), said).text
        assert "Goes to 1 customer, 2 cases" in text
        assert len(re.findall(r'name="case" value="\d+" checked', text)) == 2
        assert f'name="case" value="{attached[2].number}">' in text

    def test_when_the_cases_have_changed_it_says_so_and_shows_them_again(
        self, desk, ada, incident, attached, till
    ):
        said = self.shown(self.send(desk, incident))
        new = CaseFactory(system=till)
        incidents.attach(new, by=ada, incident=incident)
        response = desk.post(url("_update", incident.number), said)
        assert "The attached cases have changed since you looked." in response.text
        assert "Goes to 3 customers, 4 cases" in response.text
        assert Bulk.objects.count() == 0
        desk.post(url("_update", incident.number), self.shown(response))
        assert Bulk.objects.get().items.count() == 4

    def test_a_text_that_was_changed_on_the_page_is_shown_again(self, desk, incident, attached):
        said = self.shown(self.send(desk, incident)) | {"body": "Other words."}
        response = desk.post(url("_update", incident.number), said)
        assert "You have changed the text." in response.text
        assert Bulk.objects.count() == 0
        desk.post(url("_update", incident.number), self.shown(response))
        run()
        assert Event.objects.filter(body="Other words.").count() == 3

    def test_a_page_that_one_goes_back_to_may_say_something_else(self, desk, incident, attached):
        first = self.shown(self.send(desk, incident))
        desk.post(url("_update", incident.number), first)
        run()
        second = self.shown(self.send(desk, incident, body="And more.", token=first["token"]))
        desk.post(url("_update", incident.number), second)
        assert incident.events.filter(kind="update").count() == 2

    def test_an_unknown_placeholder_is_complained_about(self, desk, incident, attached):
        text = self.send(desk, incident, body="Hello {costumer}.").text
        assert "{costumer} is no placeholder and stays as typed." in text

    def test_a_text_without_placeholders_is_shown_once(self, desk, incident, attached):
        text = self.send(desk, incident, body="We look into it.").text
        assert "Everybody reads" in text
        assert text.count("We look into it.") == 2  # where it is typed, and where it is shown

    @pytest.mark.parametrize(
        ("body", "sentence"),
        [("", "Write what you want to tell."), ("  ", "Write what"), ("x" * 10_001, "10,000 fit")],
    )
    def test_no_text_and_too_much_of_it_get_a_sentence_and_keep_it(
        self, desk, incident, attached, body, sentence
    ):
        response = self.send(desk, incident, body=body)
        assert response.status_code == 422
        assert sentence in response.text
        assert body.strip() in response.text

    def test_a_status_that_cannot_be_gets_a_sentence(self, desk, incident, attached):
        assert self.send(desk, incident, status="resolved").status_code == 422

    def test_a_text_of_100_kb_is_no_error_of_ours(self, desk, incident, attached):
        assert self.send(desk, incident, body="ü" * 100_000).status_code == 422

    def test_without_cases_it_goes_to_the_status_page_alone(self, desk, incident):
        response = self.send(desk, incident)
        assert "Goes to the status page alone" in response.text
        desk.post(url("_update", incident.number), self.shown(response))
        assert incident.events.filter(kind="update", bulk=None).count() == 1

    def test_what_nobody_would_read_is_a_sentence(self, desk, ada, incident):
        incidents.change(incident, by=ada, public=False)
        response = self.send(desk, incident)
        assert response.status_code == 422
        assert "Nobody would read this" in response.text

    def test_it_says_who_can_read_it_besides(self, desk, ada, incident, attached):
        assert "Whoever is left out can still read this on the status page." in self.send(desk, incident).text
        assert "also those who were left out of one" in page(desk, incident)
        incidents.change(incident, by=ada, public=False)
        text = self.send(desk, incident).text
        assert "Whoever is left out" not in text
        assert "Should you show it there later, everybody can read this update too." in text
        assert "everybody can read its earlier updates too" in page(desk, incident)

    def test_closed_cases_are_left_out_and_counted(self, desk, ada, incident, attached):
        resolution.close(attached[0], by=ada)
        text = self.send(desk, incident).text
        assert "Goes to 2 customers, 2 cases" in text
        assert "1 closed case is left out." in text

    def test_an_incident_that_was_resolved_meanwhile_is_a_sentence(self, desk, ada, incident, attached):
        said = self.shown(self.send(desk, incident))
        incident_updates.resolve(incident, by=ada, resolution="Done.")
        response = desk.post(url("_update", incident.number), said)
        assert response.status_code == 422
        assert "is resolved. Reopen it" in response.text
        assert "We look, {customer}." in response.text

    def test_many_cases_are_counted_beyond_the_first_fifty(
        self, desk, ada, incident, till, django_assert_max_num_queries
    ):
        for _ in range(53):
            incidents.attach(CaseFactory(system=till), by=ada, incident=incident)
        with django_assert_max_num_queries(10):
            response = self.send(desk, incident)
        assert "Goes to 53 customers, 53 cases" in response.text
        assert "And 3 more cases." in response.text
        said = self.shown(response)
        said["case"] = said["case"][1:]
        desk.post(url("_update", incident.number), said)
        assert Bulk.objects.get().items.count() == 52

    def test_cases_beyond_the_first_fifty_are_left_out_by_their_numbers(self, desk, ada, incident, till):
        for _ in range(54):
            incidents.attach(CaseFactory(system=till), by=ada, incident=incident)
        *_, first, second, third = incident.cases.order_by("number").values_list("number", flat=True)
        response = self.send(desk, incident)
        assert "Leave out these cases" in response.text
        said = self.shown(response) | {"without": f"{first}, #{second} {third}"}
        del said["send"]
        response = desk.post(url("_update", incident.number), said)
        assert "Goes to 51 customers, 51 cases" in response.text
        assert f'name="case" value="{second}">' in response.text
        desk.post(url("_update", incident.number), self.shown(response))
        told = set(Bulk.objects.get().items.values_list("case", flat=True))
        assert len(told) == 51
        assert not told & {first, second, third}

    def test_numbers_that_are_typed_and_sent_at_once_are_left_out(self, desk, incident, attached):
        said = self.shown(self.send(desk, incident)) | {"without": str(attached[0].number)}
        desk.post(url("_update", incident.number), said)
        assert Bulk.objects.get().items.count() == 2

    @pytest.mark.parametrize("typed", ["999999", "x", "-1", "#", "9" * 5000, "\0", "٣"])
    def test_a_number_that_no_case_has_is_a_sentence_and_sends_nothing(self, desk, incident, attached, typed):
        said = self.shown(self.send(desk, incident)) | {"without": f"{attached[0].number} {typed}"}
        response = desk.post(url("_update", incident.number), said)
        assert response.status_code == 422
        assert f"No case of this incident is “{typed[:20]}”." in response.text
        assert f'name="without" id="update_without" value="{attached[0].number} ' in response.text
        assert Bulk.objects.count() == 0

    def test_of_many_such_numbers_five_are_named(self, desk, incident, attached):
        text = self.send(desk, incident, without=",".join(str(8_000_000_000 + n) for n in range(2000))).text
        assert "“8000000004” or 1,995 more." in text

    def test_a_token_that_is_none_is_a_form_that_is_not_sent(self, desk, incident, attached):
        assert self.send(desk, incident, token="x").status_code == 422


class TestProgress:
    @pytest.fixture
    def told(self, ada, incident, attached):
        event = incident_updates.update(
            incident, by=ada, body="We look.", cases=[case.number for case in attached]
        )
        return event.bulk

    def test_it_is_shown_until_all_are_told(self, desk, incident, told):
        text = page(desk, incident)
        assert "The update has reached 0 of 3 cases." in text
        assert text.count("On its way") == 3
        assert 'hx-trigger="load delay:1s"' in text
        run()
        text = page(desk, incident)
        assert "has reached" not in text
        assert text.count("Delivered 0 s ago") == 3
        assert text.count("Not seen yet") == 3
        assert 'hx-trigger="load' not in text

    def test_what_was_seen_is_told_from_what_was_not(self, desk, incident, attached, told):
        run()
        for case, sequence in zip(attached, [4, 3], strict=False):
            assert Event.objects.get(case=case, body="We look.").sequence == 4
            Sight.objects.create(case=case, sequence=sequence, at=timezone.now())
        text = page(desk, incident)
        assert len(re.findall(r"</svg>\s*Seen<", text)) == 1
        assert text.count("Not seen yet") == 2

    def test_who_could_not_be_told_is_named(self, desk, ada, incident, attached, told):
        resolution.close(attached[0], by=ada)
        run()
        text = page(desk, incident)
        assert "1 of 3 cases could not be told." in text
        assert f"Case {attached[0].number} is closed. Reopen it to write in it." in text

    def test_who_could_not_be_told_comes_first_among_many(
        self, desk, browser_of, ada, abe, incident, till, django_assert_max_num_queries
    ):
        for _ in range(53):
            incidents.attach(CaseFactory(system=till), by=ada, incident=incident)
        numbers = list(incident.cases.order_by("number").values_list("number", flat=True))
        told = incident_updates.update(incident, by=ada, body="We look.", cases=numbers).bulk
        resolution.close(Case.objects.get(pk=numbers[0]), by=ada)
        run()
        with django_assert_max_num_queries(18):
            text = page(desk, incident)
        rows = [int(number) for number in re.findall(r'row-number">#(\d+)', text)]
        assert rows[:2] == [numbers[0], numbers[-1]]
        assert len(rows) == 50
        assert f"?below={numbers[4]}" in text
        assert reverse("bulk", args=[told.pk]) in text
        assert reverse("bulk", args=[told.pk]) not in page(browser_of(abe), incident)

    def test_a_case_that_came_later_was_not_told(self, desk, ada, incident, told, till):
        run()
        incidents.attach(CaseFactory(system=till), by=ada, incident=incident)
        assert page(desk, incident).count("Not told of the last update") == 1

    def test_who_sent_it_can_stop_it_and_others_see_that(self, desk, browser_of, abe, incident, told):
        assert reverse("bulk", args=[told.pk]) in page(desk, incident)
        assert reverse("bulk", args=[told.pk]) not in page(browser_of(abe), incident)
        bulk.stop(told)
        assert "The sending was stopped: 0 of 3 cases were told." in page(browser_of(abe), incident)

    def test_not_yet_stands_out_and_comes_first(self, desk, ada, incident, attached, cleo):
        incident_updates.resolve(incident, by=ada, resolution="Done.")
        run()
        assert "Not fixed yet" not in page(desk, incident)
        resolution.decline(attached[0], by=cleo, body="Still refused.")
        conversation.reply(attached[1], by=cleo, body="Here too.")
        text = page(desk, incident)
        assert "2 not fixed yet" in text
        rows = re.findall(r'<li( class="not-yet-fixed")?>\s*<a href="/desk/cases/(\d+)/"', text)
        assert [int(number) for marked, number in rows if marked] == [attached[1].number, attached[0].number]
        assert not rows[-1][0]

    def test_a_resolution_that_was_seen_is_known(self, desk, ada, incident, attached):
        incident_updates.resolve(incident, by=ada, resolution="Done.")
        run()
        sequence = Event.objects.get(case=attached[0], kind="resolved").sequence
        Sight.objects.create(case=attached[0], sequence=sequence, at=timezone.now())
        text = page(desk, incident)
        assert len(re.findall(r"</svg>\s*Seen<", text)) == 1
        assert text.count("Not seen yet") == 2


class TestFromTheCase:
    def case_page(self, browser, case):
        return browser.get(reverse("desk_case", args=[case.number])).text

    def test_open_incidents_of_its_system_are_offered(self, desk, ada, case, incident):
        incidents.open_incident(system=SystemFactory(), title="Elsewhere", by=ada, severity=2)
        menu = reverse("desk_joining", args=[case.number])
        for text in (desk.get(menu).text, desk.get(menu, headers=HTMX).text):
            assert "Cards are refused" in text
            assert "Elsewhere" not in text
        text = self.case_page(desk, case)
        assert f'hx-get="{menu}"' in text
        assert f"{reverse('desk_incident_new')}?case={case.number}" in text

    @pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
    def test_it_is_attached_and_taken_out(self, desk, case, incident, headers):
        joining, leaving = (reverse(name, args=[case.number]) for name in ("desk_joining", "desk_leaving"))
        response = desk.post(joining, {"incident": incident.number, "after": 2}, headers=headers)
        assert response.status_code == (200 if headers else 302)
        text = response.text if headers else self.case_page(desk, case)
        assert "Take out" in text
        assert url("", incident.number) in text
        desk.post(leaving, {"after": 3}, headers=headers)
        assert "Attach to an incident" in self.case_page(desk, case)

    @pytest.mark.parametrize("number", ["", "x", "-1", "999999", "9" * 30])
    def test_an_incident_that_is_not_there_is_a_sentence(self, desk, case, number):
        response = desk.post(reverse("desk_joining", args=[case.number]), {"incident": number}, headers=HTMX)
        assert response.status_code == 409
        assert "There is no such incident." in response.text

    def test_a_second_incident_is_a_sentence(self, desk, ada, till, attached):
        other = incidents.open_incident(system=till, title="Another", by=ada, severity=2)
        address = reverse("desk_joining", args=[attached[0].number])
        response = desk.post(address, {"incident": other.number}, headers=HTMX)
        assert response.status_code == 409
        assert "Take it out of that one first." in response.text


def test_agents_find_it_in_the_bar_and_customers_do_not(desk, cleo, browser_of):
    assert reverse("desk_incidents") in desk.get(reverse("queue")).text
    assert reverse("desk_incidents") not in browser_of(cleo).get(reverse("cases")).text


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
