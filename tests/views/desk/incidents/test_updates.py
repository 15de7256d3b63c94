"""Updates of an incident: looked at, sent to its cases, and broadcast."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from cases.actions import incident_updates, incidents, resolution
from cases.models import Bulk, Event, Incident
from tests.factories import CaseFactory

from .test_page import page, run, url

pytestmark = pytest.mark.django_db


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


def test_the_theme_can_be_changed_where_an_update_is_looked_at(desk, incident):
    text = desk.post(url("_update", incident.number), {"body": "We look."}).text
    back = re.search(r'name="next" value="([^"]*)"', text)[1]
    assert desk.post(reverse("theme"), {"theme": "dark", "next": back}, follow=True).status_code == 200


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
        assert desk.post(url("_update", incident.number), said).url.startswith(url("", incident.number))
        again = desk.post(url("_update", incident.number), said, follow=True)
        assert "You’ve already sent this." in again.text
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
        assert "The attached cases have changed. Check the recipients again." in response.text
        assert "Goes to 3 customers, 4 cases" in response.text
        assert Bulk.objects.count() == 0
        desk.post(url("_update", incident.number), self.shown(response))
        assert Bulk.objects.get().items.count() == 4

    def test_a_text_that_was_changed_on_the_page_is_shown_again(self, desk, incident, attached):
        said = self.shown(self.send(desk, incident)) | {"body": "Other words."}
        response = desk.post(url("_update", incident.number), said)
        assert "You changed the text. Check the preview, then send." in response.text
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
        assert "Everyone gets" in text
        assert text.count("We look into it.") == 2  # where it is typed, and where it is shown

    @pytest.mark.parametrize(
        ("body", "sentence"),
        [("", "Write an update first."), ("  ", "Write an update first."), ("x" * 10_001, "10,000 fit")],
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
        assert "Goes to the status page only" in response.text
        desk.post(url("_update", incident.number), self.shown(response))
        assert incident.events.filter(kind="update", bulk=None).count() == 1

    def test_what_nobody_would_read_is_a_sentence(self, desk, ada, incident):
        incidents.change(incident, by=ada, public=False)
        response = self.send(desk, incident)
        assert response.status_code == 422
        assert (
            "Nobody would get this: no cases are selected and the incident isn’t on the status page. Write a note instead."
            in response.text
        )

    def test_it_says_who_can_read_it_besides(self, desk, ada, incident, attached):
        assert (
            "Customers you leave out can still read it on the status page." in self.send(desk, incident).text
        )
        assert "Everyone can read its updates on the status page, including people left out of one." in page(
            desk, incident
        )
        incidents.change(incident, by=ada, public=False)
        text = self.send(desk, incident).text
        assert "Customers you leave out can still read it on the status page." not in text
        assert (
            "The incident isn’t on the status page, so only these cases get this update unless you publish it later."
            in text
        )
        assert "Only its cases get its updates." in page(desk, incident)

    @pytest.mark.parametrize("public", [True, False])
    def test_when_other_people_would_read_it_than_was_shown_it_asks_again(
        self, desk, ada, incident, attached, public
    ):
        incidents.change(incident, by=ada, public=not public)
        said = self.shown(self.send(desk, incident))
        incidents.change(incident, by=ada, public=public)
        response = desk.post(url("_update", incident.number), said)
        words = (
            "The incident is now on the status page, so everyone would see this. Please check it again."
            if public
            else "is no longer on the status page"
        )
        assert words in response.text
        assert Bulk.objects.count() == 0
        desk.post(url("_update", incident.number), self.shown(response))
        assert Bulk.objects.count() == 1

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
