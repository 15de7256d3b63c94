"""A limit says so where it bites."""

import pytest
from django.utils import timezone

from cases.actions import conversation, merging
from cases.forms import LONGEST_MESSAGE
from cases.models import Case, Draft, Link, WaitingOn
from tests.factories import CaseFactory, IncidentFactory

pytestmark = pytest.mark.django_db


def many(count, **fields):
    """Cases without a history."""
    return Case.objects.bulk_create(
        Case(reference=f"M-{n}", summary=f"Broken {n}", **fields) for n in range(count)
    )


def test_a_customers_other_cases_are_eight_and_the_way_to_all(browser_of, ada, case, cleo, till):
    many(8, customer=cleo, system=till)
    assert "All of them" not in browser_of(ada).get(f"/desk/cases/{case.number}/").text
    CaseFactory(customer=cleo, system=till)
    page = browser_of(ada).get(f"/desk/cases/{case.number}/").text
    assert "The newest 8." in page
    assert 'href="/desk/search/?q=cleo%40example.com"' in page or "?q=cleo@example.com" in page


def test_more_links_than_are_listed_are_said(browser_of, ada, case, till):
    for other in many(51, system=till):
        Link.objects.create(first_id=min(case.pk, other.pk), second_id=max(case.pk, other.pk))
    page = browser_of(ada).get(f"/desk/cases/{case.number}/").text
    assert "More are linked: these are the first 50." in page


def test_more_drafts_than_are_listed_are_said(browser_of, ada, till):
    drafts = [
        Draft(case=one, agent=ada, kind="reply", fields={"body": "x"}) for one in many(101, system=till)
    ]
    Draft.objects.bulk_create(drafts[:100])
    assert "You have more" not in browser_of(ada).get("/desk/drafts/").text
    Draft.objects.bulk_create(drafts[100:])
    assert "You have more: these are the newest 100." in browser_of(ada).get("/desk/drafts/").text


def test_more_cases_than_a_new_incident_takes_are_said(browser_of, ada, till):
    chosen = [one.pk for one in many(203, system=till)]
    page = browser_of(ada).get("/desk/incidents/new/", {"case": chosen}).text
    assert "203 cases were chosen, and 200 can be attached here." in page
    assert "cases were chosen" not in browser_of(ada).get("/desk/incidents/new/", {"case": chosen[:200]}).text


def test_more_incidents_than_a_menu_holds_are_said(browser_of, ada, case, till):
    for n in range(21):
        IncidentFactory(system=till, by=ada, title=f"Down {n}")
    page = browser_of(ada).get(f"/desk/cases/{case.number}/incident/").text
    assert "These are the newest 20." in page


def test_a_long_history_in_administration_says_what_is_left_out(browser_of, adam, ada, case, monkeypatch):
    monkeypatch.setattr("cases.admin.cases.EVENTS_SHOWN", 2)
    for n in range(3):
        conversation.reply(case, by=ada, body=f"Word {n}")
    page = browser_of(adam).get(f"/admin/cases/case/{case.pk}/change/", follow=True).text
    assert "earlier ones are read on the desk." in page


def test_what_was_typed_before_signing_in_is_kept_whole(visitor, till):
    words = "x" * LONGEST_MESSAGE + " and the end"
    visitor.post("/cases/new/", {"system": till.pk, "description": words, "sign-in": "yes"})
    assert "and the end" in visitor.get("/cases/new/").text


def test_more_merged_cases_than_are_listed_are_said(browser_of, ada, case, cleo, till):
    merging.merge(CaseFactory(customer=cleo, system=till), by=ada, into=case)
    many(
        50,
        customer=cleo,
        system=till,
        merged_into=case,
        status="closed",
        resolved_at=timezone.now(),
        waiting_on=WaitingOn.NOBODY,
    )
    page = browser_of(ada).get(f"/desk/cases/{case.number}/").text
    assert "More were merged into this one: these are the first 50." in page
