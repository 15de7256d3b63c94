"""Requests of one browser at once: none takes away what another keeps in the session."""

from importlib import import_module

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from cases.access import GUEST_CASES, UPLOADS
from cases.actions import attachments, reports
from cases.models import Attachment, Case
from tests.factories import upload

pytestmark = pytest.mark.django_db

NEW = "/cases/new/"
GUEST = {"name": "Grete", "email": "grete@example.com"}


def store(key=None):
    return import_module(settings.SESSION_ENGINE).SessionStore(key)


@pytest.fixture
def both():
    """Two requests that have read the same session."""
    first = store()
    first["there"], first["list"] = "before", [1, 2]
    first.save()
    pair = store(first.session_key), store(first.session_key)
    assert [one["there"] for one in pair] == ["before", "before"]
    return pair


def saved(session):
    return dict(store(session.session_key).items())


def test_each_keeps_what_it_set(both):
    first, second = both
    first["a"], second["b"] = 1, 2
    first.save()
    second.save()
    assert saved(first) == {"there": "before", "list": [1, 2], "a": 1, "b": 2}


def test_what_one_took_away_stays_away(both):
    first, second = both
    del first["there"]
    second["b"] = 2
    first.save()
    second.save()
    assert saved(first) == {"list": [1, 2], "b": 2}


def test_of_a_list_both_additions_and_both_removals_count(both):
    first, second = both
    first["list"], second["list"] = [1, 2, 3], [2, 4]
    first.save()
    second.save()
    assert saved(first)["list"] == [2, 3, 4]


def test_of_one_value_the_later_holds(both):
    first, second = both
    first["there"], second["there"] = "first", "second"
    first.save()
    second.save()
    assert saved(first)["there"] == "second"


def test_what_both_must_know_by_one_name_is_agreed(both):
    first, second = both
    assert first.agree("name", "mine") == "mine"
    assert second.agree("name", "yours") == "mine"
    assert saved(first)["name"] == "mine"


def test_a_session_that_goes_on_under_another_key_takes_all_with_it(both):
    first, _ = both
    first["a"] = 1
    first.cycle_key()
    first["b"] = 2
    first.save()
    assert saved(first) == {"there": "before", "list": [1, 2], "a": 1, "b": 2}
    first.flush()
    first["c"] = 3
    first.save()
    assert saved(first) == {"c": 3}
    assert Session.objects.count() == 1


def test_two_reports_at_once_are_both_the_visitors(visitor, till, monkeypatch):
    report = GUEST | {"system": till.pk, "description": "All blank.", "severity": 2}
    visitor.post(NEW, report | {"summary": "First"})
    send = reports.report

    def meanwhile(**said):
        monkeypatch.setattr(reports, "report", send)
        other = Client()
        other.cookies = visitor.cookies
        assert other.post(NEW, report | {"summary": "Third"}).status_code == 302
        return send(**said)

    monkeypatch.setattr(reports, "report", meanwhile)
    visitor.post(NEW, report | {"summary": "Second"})
    assert sorted(visitor.session[GUEST_CASES]) == sorted(Case.objects.values_list("pk", flat=True))
    assert Case.objects.count() == 3


def test_two_files_at_once_are_both_the_visitors(visitor, till, monkeypatch):
    visitor.post(NEW, {"sign-in": "yes", "summary": "Blank"})
    receive = attachments.receive

    def meanwhile(file, *, by):
        monkeypatch.setattr(attachments, "receive", receive)
        other = Client()
        other.cookies = visitor.cookies
        assert other.post("/attachments/", {"files": upload("b.png")}).status_code == 201
        return receive(file, by=by)

    monkeypatch.setattr(attachments, "receive", meanwhile)
    visitor.post("/attachments/", {"files": upload("a.png")})
    assert Attachment.objects.filter(session=visitor.session[UPLOADS]).count() == 2
