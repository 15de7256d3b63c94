"""What an update of an incident promises."""

from dataclasses import replace
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.actions import bulk, incident_updates, incidents, promises
from cases.models import Bulk, IncidentEvent
from cases.models.promise import PromiseTerms
from cases.status_page import pages
from tests.factories import IncidentFactory

from .test_promises import HOUR, SOON, Part, fresh, in_tokyo


@pytest.fixture
def desk(ada, browser_of):
    browser = browser_of(ada)
    browser.cookies["tz"] = "Asia/Tokyo"
    return browser


class TestBroadcast:
    """What an update of an incident promises, it promises in each of its cases and to everybody."""

    @pytest.fixture
    def incident(self, ada, case, till):
        incident = IncidentFactory(system=till, by=ada)
        incidents.attach(case, by=ada, incident=incident)
        return incident

    @pytest.fixture
    def update(self, desk, incident):
        return lambda **fields: desk.post(reverse("desk_incident_update", args=[incident.number]), fields)

    @pytest.fixture
    def public(self, visitor, incident):
        def public():
            pages.forget()
            return visitor.get(reverse("incident", args=[incident.number])).text

        return public

    def fields(self, response):
        """What the preview posts."""
        part = Part(response.text)
        fields = {name: part.held[name] for name in part.held if name != "csrfmiddlewaretoken"}
        body = unescape(response.text.split("<textarea")[1].split(">", 1)[1].split("</textarea>")[0])
        return fields | {"body": body.lstrip(), "status": "identified"}

    def tell(self):
        bulk.run(Bulk.objects.latest("pk"))

    def test_each_case_and_everybody_is_promised_it(self, update, public, case, incident):
        shown = update(body=SOON, status="identified")
        assert "Promises “in 20 minutes”" in unescape(shown.text)
        fields = self.fields(shown) | {"promises-0-due_at": in_tokyo(timezone.now() + 3 * HOUR)}
        again = self.fields(update(**fields))
        assert again["promises-0-due_at"] == [fields["promises-0-due_at"]]
        assert update(**again, send="yes").status_code == 302
        self.tell()
        assert in_tokyo(fresh(case).promised_at) == fields["promises-0-due_at"]
        assert "Next update by <time" in public()

    def test_what_is_unticked_is_promised_to_nobody(self, update, public, case):
        fields = self.fields(update(body=SOON, status="identified"))
        del fields["promises-0-chosen"]
        update(**fields, send="yes")
        self.tell()
        assert not case.promises.exists()
        assert "Next update" not in public()

    def test_a_time_that_cannot_be_is_said_beside_it(self, update, case):
        fields = self.fields(update(body=SOON, status="identified")) | {
            "promises-0-due_at": "2001-01-01T10:00"
        }
        response = update(**fields, send="yes")
        assert response.status_code == 422
        assert "That time has passed." in response.text
        assert 'value="2001-01-01T10:00"' in response.text
        assert not Bulk.objects.exists()

    def test_what_is_repeated_goes_on_with_each_update_until_it_is_over(self, ada, incident, public, case):
        word = PromiseTerms(timezone.now() + HOUR, "hourly", every=HOUR)
        incident_updates.update(incident, by=ada, body="Hourly updates.", promises=[word])
        IncidentEvent.objects.filter(kind="update").update(
            details={"promises": promises.written([replace(word, due_at=timezone.now() - HOUR)])}
        )
        assert "We promised an update by <time" in public()
        incident_updates.update(incident, by=ada, body="Still at it.")
        assert "Next update by <time" in public()
        incident_updates.resolve(incident, by=ada, resolution="Done.")
        assert "update by" not in public()

    def test_a_case_that_is_told_after_the_time_is_told_all_the_same(self, ada, incident, case):
        word = PromiseTerms(timezone.now() + HOUR, "soon")
        incident_updates.update(incident, by=ada, body="Soon.", cases=[case.number], promises=[word])
        IncidentEvent.objects.filter(kind="update").update(
            details={"promises": promises.written([replace(word, due_at=timezone.now() - HOUR)])}
        )
        self.tell()
        assert case.events.latest("sequence").body == "Soon."
        assert fresh(case).promised_at is None
