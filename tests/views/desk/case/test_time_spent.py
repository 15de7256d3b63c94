"""Time is entered in the details, or with a reply or a note, where the case's team records it."""

import pytest
from django.urls import reverse

from cases.actions import spam, time_spent, triage
from cases.models import Case, Draft, Event, Kind, Limit, Team
from tests.factories import CaseFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def timed(case, team, ada):
    team.records_time = True
    team.save()
    triage.assign_team(case, by=ada, team=team)
    return case


def total(case):
    return Case.objects.get(pk=case.pk).minutes_spent


def test_time_is_entered_in_the_details(browser_of, timed, ada):
    browser, page = browser_of(ada), reverse("desk_time", args=[timed.number])
    shown = browser.post(page, {"minutes": "1h 20m", "body": "The gateway."}, follow=True).text
    assert "1 h 20 min" in shown
    assert "spent 1 h 20 min" in shown
    assert "The gateway." in shown
    wrong = browser.post(page, {"minutes": "soon", "body": "Kept"})
    assert wrong.status_code == 422
    assert "Type a time such as" in wrong.text
    assert 'value="Kept"' in wrong.text
    refused = browser.post(page, {"minutes": "-10", "body": ""})
    assert refused.status_code == 422
    assert "Say why you take time back." in refused.text


@pytest.mark.parametrize(("name", "kind"), [("desk_replies", Kind.REPLY), ("desk_notes", Kind.NOTE)])
def test_time_comes_with_what_is_said(browser_of, timed, ada, name, kind):
    browser, page = browser_of(ada), reverse(name, args=[timed.number])
    wrong = browser.post(page, {"body": "Look.", "spent": "soon"})
    assert wrong.status_code == 422
    assert 'value="soon"' in wrong.text
    assert not Event.objects.filter(kind=kind, body="Look.").exists()
    browser.post(page, {"body": "Look.", "spent": "15"})
    assert Event.objects.filter(kind=kind, body="Look.").exists()
    assert total(timed) == 15
    browser.post(page, {"body": "And look."})
    assert total(timed) == 15


def test_what_cannot_be_recorded_says_nothing_either(browser_of, timed, ada):
    Team.objects.update(records_time=False)
    page = browser_of(ada).post(reverse("desk_notes", args=[timed.number]), {"body": "Look.", "spent": "15"})
    assert page.status_code == 422
    assert "does not record time spent" in page.text
    assert not Event.objects.filter(kind=Kind.NOTE).exists()


def test_time_is_kept_with_a_draft(browser_of, timed, ada):
    browser = browser_of(ada)
    browser.post(reverse("desk_draft_note", args=[timed.number]), {"body": "Half", "spent": "2h"})
    assert Draft.objects.get().fields["spent"] == "2h"
    assert 'value="2h"' in browser.get(reverse("desk_case", args=[timed.number])).text


def test_where_no_team_records_it_nobody_is_asked_and_a_customer_never_sees_it(
    browser_of, timed, ada, cleo, team
):
    browser = browser_of(ada)
    browser.post(reverse("desk_time", args=[timed.number]), {"minutes": "80"})
    assert "Time spent" not in browser_of(cleo).get(reverse("case", args=[timed.number])).text
    Team.objects.update(records_time=False)
    shown = browser.get(reverse("desk_case", args=[timed.number])).text
    assert "1 h 20 min" in shown
    assert "Add time" not in shown


def test_reports_say_who_spent_how_long_and_a_file_says_on_which_cases(browser_of, timed, ada, abe, team):
    other = CaseFactory(summary="=Sum")
    triage.assign_team(other, by=ada, team=team)
    for case, agent, minutes in ((timed, ada, 80), (timed, abe, 5), (other, ada, 10)):
        time_spent.spend(case, by=agent, minutes=minutes)
    browser = browser_of(ada)
    page = browser.get(reverse("reports")).text
    assert "1 h 30 min" in page
    assert "1 h 35 min" in page
    assert "Engineering" in browser.get(reverse("reports"), {"by": "team"}).text
    rows = browser.get(reverse("report_time"), {"days": "7"}).content.decode().splitlines()
    assert f"Ada,{timed.number},{timed.summary},Engineering,80" in rows
    assert f"Abe,{timed.number},{timed.summary},Engineering,5" in rows
    assert f"Ada,{other.number},'=Sum,Engineering,10" in rows
    assert len(rows) == 4


def test_reports_leave_out_spam_and_what_is_beyond_a_limit(browser_of, timed, ada, abe):
    time_spent.spend(timed, by=ada, minutes=80)
    abe.limit = Limit.objects.create(name="Other", systems=[timed.system_id + 1])
    abe.save()
    assert "1 h 20 min" not in browser_of(abe).get(reverse("reports")).text
    spam.mark(timed, by=ada)
    assert "1 h 20 min" not in browser_of(ada).get(reverse("reports")).text
