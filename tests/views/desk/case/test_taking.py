"""Whoever answers a case that is nobody's takes it, as the button said."""

import pytest

from cases.actions import rating, resolution, triage
from cases.models import Event, Kind, Macro, Rating

pytestmark = pytest.mark.django_db

TAKES = "Send reply and take the case"


def page(browser_of, who, case):
    return browser_of(who).get(f"/desk/cases/{case.number}/").content.decode()


def send(browser_of, ada, case, **more):
    answer = {"body": "Please restart the till.", **more}
    assert browser_of(ada).post(f"/desk/cases/{case.number}/replies/", answer).status_code == 302
    case.refresh_from_db()


def test_answering_takes_a_case_that_is_nobodys_and_its_rating_counts_for_who_answered(case, ada, browser_of):
    assert TAKES in page(browser_of, ada, case)
    send(browser_of, ada, case, take="yes")
    assert case.assignee == ada
    shown = page(browser_of, ada, case)
    assert "answered and took the case" in shown
    assert TAKES not in shown
    assert "took the case" not in browser_of(case.customer).get(f"/cases/{case.number}/").content.decode()
    resolution.resolve(case, by=ada, resolution="Restarted.")
    resolution.confirm(case, by=case.customer)
    rating.rate(case, by=case.customer, good=True)
    assert Rating.objects.get().agent == ada


def test_the_other_button_leaves_it_nobodys(case, ada, browser_of):
    assert "Send without taking it" in page(browser_of, ada, case)
    send(browser_of, ada, case)
    assert case.assignee is None


def test_the_button_says_all_that_it_does_in_a_closed_case(case, ada, browser_of):
    resolution.close(case, by=ada)
    words = " ".join(page(browser_of, ada, case).split())
    assert "Reopen, send and take the case" in words


def test_a_resolution_takes_it_too(case, ada, browser_of):
    browser_of(ada).post(
        f"/desk/cases/{case.number}/resolution/", {"resolution": "Restarted.", "take": "yes"}
    )
    case.refresh_from_db()
    assert (case.assignee, case.status) == (ada, "resolved")


def test_what_somebody_took_meanwhile_stays_theirs(case, ada, abe, browser_of):
    triage.assign(case, by=abe, assignee=abe)
    send(browser_of, ada, case, take="yes")
    assert case.assignee == abe


def test_an_installation_may_leave_it_nobodys(case, ada, browser_of, settings):
    settings.ANSWERING_TAKES = False
    assert "take the case" not in page(browser_of, ada, case)
    send(browser_of, ada, case, take="yes")
    assert case.assignee is None


def test_a_macro_that_assigns_says_whose_it_is(case, ada, abe, browser_of):
    macro = Macro.objects.create(owner=ada, name="Hand to Abe", body="Abe looks.", assignee=str(abe.pk))
    send(browser_of, ada, case, take="yes", macro=macro.pk, also=f"assignee:{abe.pk}")
    assert case.assignee == abe
    assert Event.objects.filter(case=case, kind=Kind.ASSIGNEE).count() == 1
