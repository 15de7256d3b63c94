"""Jobs that only tidy up. Those that act in cases are tested with their actions."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone

from cases.tasks import clear_sessions
from cases.views.customer.report import REPORT


def test_what_a_visitor_typed_goes_with_their_session_when_that_has_ended(visitor, db, till):
    visitor.post("/cases/new/", {"sign-in": "", "summary": "Nothing prints", "system": till.pk})
    assert visitor.session[REPORT]["summary"] == "Nothing prints"
    clear_sessions(0)
    assert Session.objects.count() == 1
    Session.objects.update(expire_date=timezone.now() - timedelta(days=1))
    clear_sessions(0)
    assert not Session.objects.exists()
