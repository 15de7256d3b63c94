import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.actions import bulk, incident_updates, incidents
from cases.models import Incident
from cases.status_page import pages
from tests.factories import CaseFactory, IncidentFactory
from tests.markup import Browser

LIST, FEED = "/incidents/", "/incidents/feed/"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def incident(ada, till):
    return IncidentFactory(system=till, by=ada)


@pytest.fixture
def look(visitor):
    """What a visitor reads who comes after the last page was forgotten."""

    def read(address=LIST, status=200):
        pages.forget()
        response = visitor.get(address)
        assert response.status_code == status
        return response.text

    return read


def page_of(incident):
    return reverse("incident", args=[incident.number])


@pytest.mark.django_db
def test_without_incidents_all_is_well(look):
    page = look()
    assert "All systems working" in page
    assert "No incidents in the last 90 days" in page
    assert FEED in page


def test_an_open_incident_is_named_with_its_newest_update(look, ada, incident):
    incident_updates.update(incident, by=ada, body="We look at the terminals.")
    incident_updates.update(incident, by=ada, body="It is the **switch**.", status="identified")
    page = look()
    assert "1 known problem" in page
    assert "Card payments fail" in page
    assert "Till" in page
    assert "Identified" in page
    assert "<strong>switch</strong>" in page
    assert "terminals" not in page
    assert "All systems working" not in page


def test_what_was_resolved_stays_for_ninety_days(look, ada, incident):
    incident_updates.resolve(incident, by=ada, resolution="The switch was replaced.")
    page = look()
    assert "All systems working" in page
    assert "Card payments fail" in page
    Incident.objects.update(resolved_at=timezone.now() - timedelta(days=91))
    assert "Card payments fail" not in look()
    assert "Card payments fail" in look(page_of(incident))


def test_a_page_tells_all_updates_in_their_order_and_when_it_was_over(look, ada, incident):
    incident_updates.update(incident, by=ada, body="First word.")
    incident_updates.add_note(incident, by=ada, body="Internal word.")
    incident_updates.update(incident, by=ada, body="Second word.", status="monitoring")
    incident_updates.resolve(incident, by=ada, resolution="Third word.", root_cause="A cause for agents.")
    page = look(page_of(incident))
    assert page.index("We have begun") < page.index("First word") < page.index("Second word")
    assert page.index("Second word") < page.index("Third word")
    assert "Monitoring" in page
    assert "Resolved <time" in page
    assert "Internal word" not in page
    assert "A cause for agents" not in page


def test_an_incident_that_came_back_says_so(look, ada, incident):
    incident_updates.resolve(incident, by=ada, resolution="Done.")
    incident_updates.reopen(incident, by=ada)
    page = look(page_of(incident))
    assert "It is back." in page
    assert "Investigating" in page.split("It is back.")[0].rsplit("<article", 1)[1]
    assert "1 known problem" in look()


def test_what_is_not_public_is_not_there(look, ada, till):
    hidden = IncidentFactory(system=till, by=ada, title="Hidden trouble")
    incident_updates.update(hidden, by=ada, body="Hidden word.")
    assert "Hidden word" in look()
    incidents.change(hidden, by=ada, public=False)
    assert "Hidden" not in look()
    assert "Hidden" not in look(FEED)
    look(page_of(hidden), status=404)
    look("/incidents/999999/", status=404)


class TestWhatWasSaidWhileAnIncidentWasHidden:
    @pytest.fixture
    def hidden(self, ada, case):
        """It was told to its one case, resolved and reopened with a word each."""
        incident = IncidentFactory(system=case.system, by=ada, public=False)
        incidents.attach(case, by=ada, incident=incident)
        told = incident_updates.update(
            incident, by=ada, body="Told in secret.", status="identified", cases=[case.number]
        )
        bulk.run(told.bulk)
        incident_updates.resolve(incident, by=ada, resolution="Resolved in secret.")
        bulk.run(incident.events.latest("sequence").bulk)
        incident_updates.reopen(incident, by=ada, body="Reopened in secret.")
        last = {"body": "Also in secret.", "status": "monitoring", "cases": [case.number]}
        bulk.run(incident_updates.update(incident, by=ada, **last).bulk)
        return incident

    def test_stays_internal_once_it_is_shown(self, look, ada, hidden):
        incidents.change(hidden, by=ada, public=True)
        incident_updates.update(hidden, by=ada, body="Told to everyone.")
        for address in (LIST, page_of(hidden), FEED):
            assert "in secret" not in look(address)
            assert "Told to everyone." in look(address)
        assert "Monitoring" in look(page_of(hidden)).split("Told to everyone.")[0].rsplit("<article", 1)[1]

    def test_stays_internal_beside_the_case_of_another_customer(self, ada, hidden, mallory, browser_of):
        other = CaseFactory(system=hidden.system, customer=mallory)
        incidents.attach(other, by=ada, incident=hidden)
        incidents.change(hidden, by=ada, public=True)
        assert "in secret" not in browser_of(mallory).get(reverse("case", args=[other.number])).text

    def test_is_shown_by_whoever_chooses_to(self, look, ada, hidden):
        incidents.change(hidden, by=ada, public=True, earlier=True)
        page = look(page_of(hidden))
        for words in ("Told in secret.", "Resolved in secret.", "Reopened in secret.", "Also in secret."):
            assert words in page
        assert "Also in secret." in look()

    def test_is_shown_later_too_and_nothing_of_what_follows(self, look, ada, case, hidden):
        incidents.change(hidden, by=ada, public=True)
        assert incidents.change(hidden, by=ada, public=True, earlier=True)
        assert "Told in secret." in look(page_of(hidden))
        assert incidents.change(hidden, by=ada, public=True, earlier=True) is None
        incidents.change(hidden, by=ada, public=False)
        incident_updates.update(hidden, by=ada, body="A new secret.", cases=[case.number])
        incidents.change(hidden, by=ada, public=True)
        page = look(page_of(hidden))
        assert "Told in secret." in page
        assert "A new secret." not in page


def test_nothing_of_cases_customers_or_agents_is_told(look, ada, cleo, incident):
    case = CaseFactory(customer=cleo, system=incident.system, summary="Nothing for strangers")
    incidents.attach(case, by=ada, incident=incident)
    update = "Hello {customer}, in case {case} ({summary}, {system}) we look. {agent}"
    incident_updates.update(incident, by=ada, body=update, cases=[case.number])
    for address in (LIST, page_of(incident), FEED):
        page = look(address)
        assert "Hello there, in case … (…, Till) we look. our support" in page
        for secret in ("Cleo", "Ada", "Nothing for strangers", "connected", "{"):
            assert secret not in page.split("<main")[-1], address


def test_text_cannot_carry_a_script(look, ada, incident):
    incidents.change(incident, by=ada, title="<script>1</script>")
    incident_updates.update(incident, by=ada, body="<script>alert(1)</script> \x0b")
    for address in (LIST, page_of(incident)):
        assert "<script>" not in look(address)
    ElementTree.fromstring(look(FEED))  # and is still XML


class TestFeed:
    def test_has_an_entry_for_each_public_update(self, look, ada, incident, settings):
        settings.URL = "https://help.example.com"
        incident_updates.update(incident, by=ada, body="First *word*.")
        incident_updates.resolve(incident, by=ada, resolution="Last word.")
        feed = ElementTree.fromstring(look(FEED))
        entries = feed.findall(f"{ATOM}entry")
        assert [entry.find(f"{ATOM}title").text for entry in entries] == ["Card payments fail (Till)"] * 2
        assert "<em>word</em>" in entries[1].find(f"{ATOM}summary").text
        updates = re.findall(r'id="update-(\w+)"', look(page_of(incident)))
        at = f"https://help.example.com/incidents/{incident.number}/#update-{updates[-1]}"
        assert entries[0].find(f"{ATOM}link").get("href") == at
        ids = [entry.find(f"{ATOM}id").text for entry in entries]
        assert ids == [f"tag:help.example.com,2026:incident-{key}" for key in updates[:0:-1]]
        links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
        assert links["self"] == "https://help.example.com/incidents/feed/"

    @pytest.mark.django_db
    def test_is_the_same_as_long_as_nothing_is_in_it(self, look):
        assert look(FEED) == look(FEED)
        ElementTree.fromstring(look(FEED))


@pytest.fixture
def addresses(incident):
    return [LIST, page_of(incident), FEED]


class TestTheAnswerIsForEverybody:
    def test_so_caches_may_keep_it_and_no_cookie_is_asked_or_set(self, visitor, addresses):
        for address in addresses:
            response = visitor.get(address)
            assert "public" in response["Cache-Control"]
            assert "max-age=5" in response["Cache-Control"]
            assert "private" not in response["Cache-Control"]
            assert "Cookie" not in response.get("Vary", "")
            assert not response.cookies

    def test_so_a_broken_cookie_is_neither_read_nor_ended(self, visitor, addresses):
        visitor.cookies.load({"sessionid": "abc", "csrftoken": "abc"})
        for address in addresses:
            response = visitor.get(address)
            assert not response.cookies
            assert "Cookie" not in response.get("Vary", "")

    def test_whoever_looks_gets_the_same_page(self, cleo, ada, browser_of, visitor, addresses):
        dark = Browser()
        dark.cookies.load({"theme": "dark", "tz": "Asia/Tokyo"})
        for address in addresses:
            plain = visitor.get(address).content
            for browser in (browser_of(cleo), browser_of(ada), dark):
                pages.forget()
                assert browser.get(address).content == plain

    def test_what_is_still_right_is_not_sent_again(self, visitor, ada, incident, addresses):
        tags = [visitor.get(address)["ETag"] for address in addresses]
        pages.forget()
        for address, tag in zip(addresses, tags, strict=True):
            response = visitor.get(address, headers={"If-None-Match": tag})
            assert response.status_code == 304
            assert "max-age=5" in response["Cache-Control"]
        incident_updates.update(incident, by=ada, body="News.")
        pages.forget()
        for address, tag in zip(addresses, tags, strict=True):
            assert visitor.get(address, headers={"If-None-Match": tag}).status_code == 200

    def test_only_the_head_can_be_asked_for(self, visitor, addresses):
        for address in addresses:
            assert visitor.head(address).status_code == 200
            assert visitor.post(address).status_code == 405


class TestWhereItIsLinked:
    def test_everybody_finds_it_and_an_open_incident_stands_out(self, look, cleo, ada, browser_of, incident):
        assert "We know of 1 problem" in look("/")
        assert 'class="trouble">1<' in look("/")
        pages.forget()
        assert 'class="trouble">1<' in browser_of(cleo).get(reverse("cases")).text
        assert LIST in browser_of(ada).get(reverse("queue")).text
        incident_updates.resolve(incident, by=ada, resolution="Done.")
        home = look("/")
        assert "We know of" not in home
        assert 'class="trouble"' not in home
        assert LIST in home
