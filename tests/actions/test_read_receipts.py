import pytest
from django.urls import reverse

from cases.actions import conversation, incidents, read_receipts
from cases.models import ReadReceipt
from tests.factories import IncidentFactory


@pytest.fixture
def incident(ada, till):
    return IncidentFactory(system=till, by=ada)


@pytest.fixture
def attached(case, ada, incident):
    incidents.attach(case, by=ada, incident=incident)
    case.refresh_from_db()
    return case


def seen(case):
    return ReadReceipt.objects.filter(case=case).values_list("sequence", flat=True).first()


def look(browser_of, user, case):
    return browser_of(user).get(reverse("case", args=[case.number]))


def test_what_the_customer_is_shown_is_seen(attached, cleo, ada, browser_of):
    assert seen(attached) is None
    look(browser_of, cleo, attached)
    assert seen(attached) == 3
    conversation.reply(attached, by=ada, body="We found it.")
    assert seen(attached) == 3
    look(browser_of, cleo, attached)
    assert seen(attached) == 4


def test_what_comes_live_is_seen_too(attached, cleo, ada, browser_of):
    conversation.reply(attached, by=ada, body="We found it.")
    url = reverse("case_live", args=[attached.number])
    assert browser_of(cleo).get(url, {"after": 3}).status_code == 200
    assert seen(attached) == 4


def test_a_note_moves_nothing(attached, cleo, ada, browser_of):
    conversation.add_note(attached, by=ada, body="Secret.")
    look(browser_of, cleo, attached)
    assert seen(attached) == 3


@pytest.mark.parametrize("who", ["ada", "carl"])
def test_an_agents_or_a_colleagues_look_is_not_the_customers(who, attached, browser_of, request):
    look(browser_of, request.getfixturevalue(who), attached)
    assert seen(attached) is None


def test_the_guest_who_reported_the_case_is_its_customer(claimed, ada, incident, guest_of):
    incidents.attach(claimed, by=ada, incident=incident)
    assert guest_of(claimed).get(reverse("case", args=[claimed.number])).status_code == 200
    assert seen(claimed) == 3


def test_a_look_back_into_the_history_shows_nothing_new(attached, cleo, browser_of):
    browser_of(cleo).get(reverse("case", args=[attached.number]), {"before": 2})
    assert seen(attached) is None


def test_costs_one_statement_and_tells_the_desk_only_of_what_is_new(
    attached, ada, incident, django_assert_num_queries
):
    with django_assert_num_queries(1) as written:
        assert read_receipts.see(attached)
    assert f"incident-{incident.number}" in written.captured_queries[0]["sql"]
    with django_assert_num_queries(1):
        assert not read_receipts.see(attached)
    at = ReadReceipt.objects.get().at
    read_receipts.see(attached)
    assert ReadReceipt.objects.get().at == at
    conversation.reply(attached, by=ada, body="We found it.")
    assert read_receipts.see(attached)


def test_a_case_without_an_incident_costs_nothing(case, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert not read_receipts.see(case)


def test_a_case_that_was_taken_out_is_not_watched_any_more(attached, cleo, ada, browser_of):
    incidents.detach(attached, by=ada)
    look(browser_of, cleo, attached)
    assert seen(attached) is None
