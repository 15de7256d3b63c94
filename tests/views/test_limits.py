"""A limit says so where it bites."""

import pytest
from django.utils import timezone

from cases.actions import attachments, bulk, conversation, merging
from cases.forms import LONGEST_MESSAGE
from cases.models import Case, Draft, Link, WaitingOn
from tests.factories import CaseFactory, IncidentFactory, upload

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
    assert "Only the first 50 linked cases are shown." in page


def test_more_drafts_than_are_listed_are_said(browser_of, ada, till):
    drafts = [
        Draft(case=one, agent=ada, kind="reply", fields={"body": "x"}) for one in many(101, system=till)
    ]
    Draft.objects.bulk_create(drafts[:100])
    assert (
        "Only your 100 newest drafts are shown. Send or discard some to see the rest."
        not in browser_of(ada).get("/desk/drafts/").text
    )
    Draft.objects.bulk_create(drafts[100:])
    assert (
        "Only your 100 newest drafts are shown. Send or discard some to see the rest."
        in browser_of(ada).get("/desk/drafts/").text
    )


def test_more_cases_than_a_new_incident_takes_are_said(browser_of, ada, till):
    chosen = [one.pk for one in many(203, system=till)]
    page = browser_of(ada).get("/desk/incidents/new/", {"case": chosen}).text
    assert "203 cases were chosen, and 200 can be attached here." in page
    assert "cases were chosen" not in browser_of(ada).get("/desk/incidents/new/", {"case": chosen[:200]}).text


def test_more_requests_than_wait_in_a_case_are_said(browser_of, ada, case):
    def found(count):
        body = " ".join(f"Please send file {n}." for n in range(count))
        return browser_of(ada).post(f"/desk/cases/{case.number}/requests/found/", {"body": body}).text

    assert "These are the first 5" not in found(5)
    assert "These are the first 5: more do not wait in one case." in found(6)
    assert found(6).count("Asks for") == 5


def test_more_than_can_be_forwarded_is_said(browser_of, ada, case, monkeypatch):
    monkeypatch.setattr("cases.views.desk.case.forwards.OFFERED", 1)
    page, said = f"/desk/cases/{case.number}/forward/", "There are more: these are the newest 1."
    assert said not in browser_of(ada).get(page).text
    for _ in range(2):
        conversation.reply(case, by=ada, body="", attachments=[attachments.receive(upload(), by=ada)])
    assert browser_of(ada).get(page).text.count(said) == 1
    conversation.reply(case, by=ada, body="Look.")
    assert browser_of(ada).get(page).text.count(said) == 2


def test_more_changes_than_are_listed_are_said(browser_of, ada, case, monkeypatch):
    monkeypatch.setattr("cases.views.desk.bulk.RUNNING_SHOWN", 1)
    for n, priority in enumerate((1, 2)):
        bulk.start(
            by=ada,
            name="priority",
            value=priority,
            label=f"Priority P{priority}",
            token=None,
            cases=[case.pk],
        )
        said = "More are under way: these are the newest 1." in browser_of(ada).get("/desk/bulk/").text
        assert said is (n == 1)


def test_more_reports_and_incidents_than_are_offered_for_comparing_are_said(browser_of, ada, cleo, till):
    for n in range(5):
        IncidentFactory(system=till, by=ada, title=f"Down {n}")
        CaseFactory(system=till, customer=cleo, summary=f"Broken {n}") if n < 3 else None
    page = browser_of(cleo).get("/cases/new/", {"system": till.pk}).text
    assert "all of them" not in page
    IncidentFactory(system=till, by=ada, title="Down again")
    CaseFactory(system=till, customer=cleo, summary="Broken again")
    page = browser_of(cleo).get("/cases/new/", {"system": till.pk}).text
    assert 'These are the newest 5: <a href="/incidents/">all of them</a>.' in page
    assert 'These are the 3 with the newest answers: <a href="/cases/">all of them</a>.' in page
    assert ("Down 0" in page, "Broken 0" in page) == (False, False)


def test_a_case_that_a_visitors_browser_opens_no_more_is_named(visitor, till, monkeypatch):
    monkeypatch.setattr("cases.access.MOST_GUEST_CASES", 1)
    monkeypatch.setattr("cases.views.customer.report.MOST_GUEST_CASES", 1)
    for n, summary in enumerate(("Broken", "Broken again")):
        typed = {"system": till.pk, "summary": summary, "description": "No sound.", "severity": "3"}
        page = visitor.post("/cases/new/", typed | {"name": "Grete", "email": "g@example.com"}, follow=True)
        assert page.status_code == 200
        first = Case.objects.order_by("number").first().number
        assert (f"and case {first} no more." in page.text) is (n == 1)
    assert visitor.get(f"/cases/{first}/").url == f"/accounts/login/?next=/cases/{first}/"


def test_push_says_how_many_devices_it_reaches(browser_of, ada):
    assert (
        "Push works until you sign this device out, and on the"
        in browser_of(ada).get("/accounts/notifications/").text
    )


def test_more_incidents_than_a_menu_holds_are_said(browser_of, ada, case, till):
    for n in range(21):
        IncidentFactory(system=till, by=ada, title=f"Down {n}")
    page = browser_of(ada).get(f"/desk/cases/{case.number}/incident/").text
    assert "Only the 20 newest are shown. To use another, attach the case from <a" in page


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
    assert "Only the first 50 merged cases are shown." in page
