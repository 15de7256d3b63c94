import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.actions import bulk, conversation, incident_updates, incidents
from cases.models import Incident
from cases.status_page import cache, pages
from tests.factories import CaseFactory, IncidentFactory

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
    assert "All is well" in page
    assert "Nothing." in page
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
    assert "All is well" not in page


def test_what_was_resolved_stays_for_ninety_days(look, ada, incident):
    incident_updates.resolve(incident, by=ada, resolution="The switch was replaced.")
    page = look()
    assert "All is well" in page
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
        at = f"https://help.example.com/incidents/{incident.number}/#update-3"
        assert entries[0].find(f"{ATOM}link").get("href") == at
        ids = [entry.find(f"{ATOM}id").text for entry in entries]
        assert ids == [f"tag:help.example.com,2026:incident-{incident.number}-{n}" for n in (3, 2)]
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
        dark = Client()
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


class TestARushOfVisitors:
    def test_costs_few_queries_once_and_then_none_not_even_for_who_is_signed_in(
        self, visitor, cleo, browser_of, addresses, django_assert_num_queries, django_assert_max_num_queries
    ):
        browser = browser_of(cleo)
        for address in addresses:
            with django_assert_max_num_queries(3):
                visitor.get(address)
            with django_assert_num_queries(0):
                for _ in range(10):
                    visitor.get(address)
                    browser.get(address)

    @pytest.mark.django_db
    def test_for_a_page_that_is_not_there_costs_one_query(
        self, visitor, django_assert_num_queries, django_assert_max_num_queries
    ):
        with django_assert_max_num_queries(2):  # and the known problems, for the navigation
            assert visitor.get("/incidents/999999/").status_code == 404
        with django_assert_num_queries(0):
            assert visitor.get("/incidents/999999/").status_code == 404

    def test_costs_as_many_queries_for_many_incidents_as_for_few(
        self, visitor, ada, till, django_assert_max_num_queries
    ):
        for number in range(5):
            one = IncidentFactory(system=till, by=ada, title=f"Trouble {number}")
            incident_updates.update(one, by=ada, body="News.")
        with django_assert_max_num_queries(3):
            assert visitor.get(LIST).text.count("News.") == 5

    @pytest.mark.django_db(transaction=True)
    def test_is_answered_by_one_look_into_the_database(self, incident, monkeypatch):
        asked, begun = [], threading.Barrier(12)
        make = pages.list_page.make

        def counted():
            asked.append(1)
            return make()

        def visit(_):
            begun.wait(10)
            try:
                return [Client().get(LIST).status_code for _ in range(10)]
            finally:
                connection.close()

        monkeypatch.setattr(pages.list_page, "make", counted)
        monkeypatch.setattr(pages.list_page, "fresh", 60)
        with ThreadPoolExecutor(12) as threads:
            answers = list(threads.map(visit, range(12)))
        assert answers == [[200] * 10] * 12
        assert len(asked) == 1

    def test_sees_a_change_of_another_process_within_seconds(self, visitor, ada, incident, monkeypatch):
        now = cache.monotonic()
        monkeypatch.setattr(cache, "monotonic", lambda: now)
        visitor.get(LIST)
        incident_updates.update(incident, by=ada, body="News.")
        assert "News." not in visitor.get(LIST).text
        now += 2.1
        assert "News." in visitor.get(LIST).text

    def test_sees_a_change_of_this_process_at_once(
        self, visitor, ada, incident, django_capture_on_commit_callbacks
    ):
        visitor.get(LIST)
        with django_capture_on_commit_callbacks(execute=True):
            incident_updates.update(incident, by=ada, body="News.")
        assert "News." in visitor.get(LIST).text

    def test_is_not_begun_anew_by_each_case_that_is_attached(
        self, visitor, ada, incident, django_capture_on_commit_callbacks
    ):
        case = CaseFactory(system=incident.system)
        with django_capture_on_commit_callbacks() as callbacks:
            incidents.attach(case, by=ada, incident=incident)
            incident_updates.add_note(incident, by=ada, body="Hm.")
        assert pages.forget not in callbacks

    def test_is_still_answered_when_the_database_is_away(self, visitor, incident, monkeypatch):
        visitor.get(LIST)
        later = cache.monotonic() + 60
        monkeypatch.setattr(cache, "monotonic", lambda: later)
        monkeypatch.setattr(pages.list_page, "make", lambda: raise_(OperationalError("away")))
        assert "Card payments fail" in visitor.get(LIST).text


def raise_(error):
    raise error


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
        assert "We tell you here how it goes." in page
        assert "your turn" not in page
        assert "Your turn" not in browser_of(cleo).get(reverse("cases")).text
        incidents.detach(attached, by=ada)
        assert "It is your turn" in self.page(browser_of, cleo, attached)
        assert "Your turn" in browser_of(cleo).get(reverse("cases")).text

    def tell(self, incident, ada, words, *cases):
        event = incident_updates.update(incident, by=ada, body=words, cases=[case.number for case in cases])
        bulk.run(event.bulk)

    def test_says_that_it_is_the_customers_turn_after_a_question(
        self, attached, cleo, ada, incident, browser_of
    ):
        self.tell(incident, ada, "We are at it.", attached)
        conversation.reply(attached, by=ada, body="Which browser do you use?")
        page = self.page(browser_of, cleo, attached)
        assert "It is your turn: please reply below." in page
        assert "We tell you here" not in page
        assert "Your turn" in browser_of(cleo).get(reverse("cases")).text
        assert "Your turn" in browser_of(cleo).get(reverse("cases"), {"q": "card reader"}).text
        live = browser_of(cleo).get(reverse("case_live", args=[attached.number]), {"after": 3}).text
        assert "It is your turn: please reply below." in live
        conversation.reply(attached, by=cleo, body="Firefox.")
        assert "We tell you here how it goes." in self.page(browser_of, cleo, attached)

    def test_an_update_that_went_to_others_takes_no_question_away(
        self, attached, cleo, ada, incident, browser_of
    ):
        conversation.reply(attached, by=ada, body="Which browser do you use?")
        other = CaseFactory(system=incident.system)
        incidents.attach(other, by=ada, incident=incident)
        self.tell(incident, ada, "We are at it.", other)
        assert "It is your turn: please reply below." in self.page(browser_of, cleo, attached)

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
            assert browser.get(reverse("cases")).text.count("Your turn") == 4

    def test_follows_with_the_next_event(self, attached, cleo, ada, incident, browser_of):
        incident_updates.update(incident, by=ada, body="Found.", status="identified")
        conversation.reply(attached, by=ada, body="Found.")
        text = browser_of(cleo).get(reverse("case_live", args=[attached.number]), {"after": 3}).text
        assert 'id="incident"' in text
        assert "Identified" in text

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
