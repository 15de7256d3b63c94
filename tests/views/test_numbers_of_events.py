"""By what customers know events: nothing of it tells of internal work."""

import re

import pytest
from django.urls import reverse

from cases.actions import conversation, incident_updates, incidents, triage
from cases.mail.outbound import message_about

NUMBERS = re.compile(r'(?:id="(?:case-\d+-)?event-|name="after" value="|data-version="|#event-)(\d+)')


@pytest.fixture
def noted(case, ada):
    """A case with internal work between what its customer reads."""
    for n in range(3):
        conversation.add_note(case, by=ada, body=f"Note {n}.")
        triage.set_priority(case, by=ada, priority=n + 1)
        conversation.reply(case, by=ada, body=f"Answer {n}.")
    case.refresh_from_db()
    return case


def test_a_customers_page_counts_public_events_alone(noted, cleo, browser_of):
    page = browser_of(cleo).get(reverse("case", args=[noted.number])).text
    assert {int(number) for number in NUMBERS.findall(page)} == {1, 2, 3, 4, 5}
    assert re.findall(r'id="event-(\d+)"', page) == ["1", "2", "3", "4", "5"]


def test_a_live_page_goes_on_by_these_numbers(noted, cleo, ada, browser_of):
    browser, live = browser_of(cleo), reverse("case_live", args=[noted.number])
    assert browser.get(live, {"after": 5}).status_code == 204
    conversation.add_note(noted, by=ada, body="Hidden.")
    assert browser.get(live, {"after": 5}).status_code == 204
    conversation.reply(noted, by=ada, body="Solved soon.")
    tick = browser.get(live, {"after": 5}).text
    assert re.findall(r'id="event-(\d+)"', tick) == ["6"]
    assert 'name="after" value="6"' in tick
    assert len(re.findall(r'id="event-(\d+)"', browser.get(live, {"after": 2}).text)) == 4


def test_a_page_from_when_all_events_were_counted_loads_anew(noted, cleo, browser_of):
    response = browser_of(cleo).get(reverse("case_live", args=[noted.number]), {"after": 11})
    assert response["HX-Refresh"] == "true"


def test_an_old_link_leads_to_its_case(noted, cleo, browser_of):
    page = browser_of(cleo).get(f"{reverse('case', args=[noted.number])}?before=11")
    assert page.status_code == 200
    assert "Answer 2." in page.text


def test_earlier_events_are_reached_by_these_numbers(noted, cleo, browser_of, monkeypatch):
    monkeypatch.setattr("cases.views.timeline.WINDOW", 2)
    browser, address = browser_of(cleo), reverse("case", args=[noted.number])
    assert "?before=4" in browser.get(address).text
    assert re.findall(r'id="event-(\d+)"', browser.get(f"{address}?before=4").text) == ["2", "3"]


def test_an_answer_leads_to_its_own_event(noted, cleo, browser_of):
    response = browser_of(cleo).post(reverse("case_replies", args=[noted.number]), {"body": "Thanks."})
    assert response.url.endswith("#event-6")


def test_search_finds_the_place_by_it(noted, cleo, ada, browser_of):
    found = browser_of(cleo).get(reverse("cases"), {"q": "Answer"}).text
    assert {int(number) for number in NUMBERS.findall(found)} <= {3, 4, 5}
    assert (
        f"/desk/cases/{noted.number}/#event-11" in browser_of(ada).get("/desk/search/", {"q": "Answer"}).text
    )


def test_a_mail_is_known_by_it(noted, ada):
    replies = noted.events.filter(kind="reply", role="agent")
    ids = [re.search(r"\.(\d+)@", message_about(one).extra_headers["Message-ID"])[1] for one in replies]
    assert ids == ["3", "4", "5"]


def test_agents_know_events_by_their_place_among_all(noted, ada, browser_of):
    page = browser_of(ada).get(reverse("desk_case", args=[noted.number])).text
    assert re.findall(r'id="event-(\d+)"', page) == [str(number) for number in range(1, 12)]


def test_updates_of_an_incident_do_not_count_the_notes_between_them(ada, till, client):
    incident = incidents.open_incident(system=till, title="Cards are refused", by=ada, severity=1)
    for body in ("We look.", "Found it."):
        incident_updates.add_note(incident, by=ada, body="Hidden.")
        incident_updates.update(incident, by=ada, body=body)
    page = client.get(reverse("incident", args=[incident.pk])).text
    feed = client.get(reverse("incident_feed")).text
    ids = re.findall(r'id="update-([^"]+)"', page)
    assert len(set(ids)) == 3
    assert not any(one.isdecimal() and int(one) < 100 for one in ids)
    assert len(set(re.findall(r"#update-([^\"<]+)", feed)) & set(ids)) == 2
    assert not re.search(rf"incident-{incident.pk}-\d\b", feed)
