"""How far an update has come in the cases of an incident."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.actions import conversation, incident_updates, incidents, resolution
from cases.models import Case, Event, ReadReceipt
from tests.factories import CaseFactory

from .test_page import page, run

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
        assert text.count("Delivered just now") == 3
        assert text.count("Not seen yet") == 3
        assert 'hx-trigger="load' not in text

    def test_what_was_seen_is_told_from_what_was_not(self, desk, incident, attached, told):
        run()
        for case, sequence in zip(attached, [4, 3], strict=False):
            assert Event.objects.get(case=case, body="We look.").sequence == 4
            ReadReceipt.objects.create(case=case, sequence=sequence, at=timezone.now())
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
        self, desk, ada, incident, till, django_assert_max_num_queries
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

    def test_a_case_that_came_later_was_not_told(self, desk, ada, incident, told, till):
        run()
        incidents.attach(CaseFactory(system=till), by=ada, incident=incident)
        assert page(desk, incident).count("Didn’t get the last update") == 1

    def test_every_agent_can_stop_it_and_everybody_reads_who_did(
        self, desk, browser_of, abe, adam, incident, told
    ):
        assert reverse("bulk", args=[told.pk]) in page(browser_of(abe), incident)
        stopped = browser_of(abe).post(reverse("bulk_stop", args=[told.pk]), follow=True)
        assert "Stopped: 0 of 3 cases were done, the others are as they were. Abe stopped it." in stopped.text
        assert "Back to the incident" in stopped.text
        browser_of(adam).post(reverse("bulk_stop", args=[told.pk]))
        assert "The sending was stopped: 0 of 3 cases were told. Abe stopped it." in page(desk, incident)
        run()
        assert not Event.objects.filter(body="We look.").exists()

    def test_no_customer_can_stop_it(self, browser_of, cleo, told):
        assert browser_of(cleo).post(reverse("bulk_stop", args=[told.pk])).status_code == 403
        told.refresh_from_db()
        assert not told.stopped

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
        ReadReceipt.objects.create(case=attached[0], sequence=sequence, at=timezone.now())
        text = page(desk, incident)
        assert len(re.findall(r"</svg>\s*Seen<", text)) == 1
        assert text.count("Not seen yet") == 2
