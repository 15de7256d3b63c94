"""What was promised and kept, met, answered and rated, as the desk's reports tell it."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from cases.actions import conversation, escalations, promises, triage
from cases.actions.conversation import ReplyTerms
from cases.models import Clock, Due, Escalation, Promise, Rating, User
from cases.queries import statistics
from tests.factories import CaseFactory, SystemFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def page(ada, browser_of):
    browser = browser_of(ada)
    return lambda **query: browser.get(reverse("reports"), query)


def promised(case, agent, outcome, ago=HOUR, **fields):
    """A promise that was due then, with how it came out."""
    due_at = timezone.now() - ago
    fields = {"ended_at": due_at, "broken_at": None, "team": case.team} | fields
    return Promise.objects.create(
        case=case,
        made_in=case.events.first(),
        agent=agent,
        system=case.system,
        due_at=due_at,
        made_at=due_at - HOUR,
        outcome=outcome,
        **fields,
    )


def table(response, name):
    return next(t for section in response.context["sections"] for t in section.tables if t.name == name)


def lines(response, name="promises"):
    return [(one.name, one.good, one.late, one.bad, one.percent) for one in table(response, name).lines]


def test_promises_are_counted_by_agent(page, case, ada, abe):
    for outcome in ("kept", "kept", "late", "broken"):
        promised(case, ada, outcome)
    promised(case, abe, "kept")
    promised(case, None, "kept")
    assert lines(page()) == [("Ada", 2, 1, 1, 50.0), ("Abe", 1, 0, 0, 100.0), ("No agent", 1, 0, 0, 100.0)]
    total = table(page(), "promises").total
    assert (total.count, total.percent) == (6, 66.6)


def test_promises_are_counted_by_team_and_by_system(page, case, ada, team, till):
    promised(case, ada, "kept", team=team)
    promised(CaseFactory(system=SystemFactory(name="Scale")), ada, "late")
    assert lines(page(by="team")) == [("Engineering", 1, 0, 0, 100.0), ("No team", 0, 1, 0, 0.0)]
    assert lines(page(by="system")) == [("Scale", 0, 1, 0, 0.0), ("Till", 1, 0, 0, 100.0)]


def test_what_was_taken_back_or_needed_no_more_does_not_count(page, case, ada):
    for outcome in ("taken_back", "ended"):
        promised(case, ada, outcome)
    promised(case, ada, "proposed", ended_at=None)
    assert "Nothing was due" in page().text


def test_what_is_overdue_still_is_not_kept(page, case, ada):
    promised(case, ada, "", ended_at=None, broken_at=timezone.now() - HOUR)
    promised(case, ada, "", ended_at=None, ago=-HOUR)
    assert lines(page()) == [("Ada", 0, 0, 1, 0.0)]


def test_only_what_was_due_in_the_period_counts(page, case, ada):
    for days in (1, 8, 31, 91):
        promised(case, ada, "kept", ago=days * DAY)
    promised(case, ada, "kept", ago=-DAY)
    assert [lines(page(days=days))[0][1] for days in (7, 30, 90)] == [1, 2, 3]


def test_a_promise_made_and_kept_on_the_desk_is_in_the_report(page, case, ada):
    promises.promise(case, by=ada, due_at=timezone.now() + HOUR)
    Promise.objects.update(due_at=timezone.now() - HOUR)
    conversation.reply(case, by=ada, body="Done.", terms=ReplyTerms(promises=[]))
    assert lines(page()) == [("Ada", 0, 1, 0, 0.0)]


def test_service_levels_are_counted_by_measure_and_system(page, case, till):
    now = timezone.now()
    for n, (measure, broken) in enumerate(
        [(Due.FIRST_RESPONSE, None), (Due.FIRST_RESPONSE, now), (Due.RESOLUTION, None)]
    ):
        Clock.objects.create(
            case=case,
            measure=measure,
            started_at=now - (n + 2) * HOUR,
            ended_at=now - HOUR,
            broken_at=broken,
            system=till,
        )
    Clock.objects.create(case=case, measure=Due.NEXT_UPDATE, started_at=now, system=till)
    found = page()
    assert lines(found, "first_response") == [("Till", 1, 0, 1, 50.0)]
    assert lines(found, "resolution") == [("Till", 1, 0, 0, 100.0)]
    assert lines(found, "next_update") == []


def test_escalations_are_counted_by_team_once_they_are_answered_or_overdue(page, ada, abe, team):
    team.members.add(abe)
    asked = [CaseFactory() for _ in range(5)]
    for case in asked:
        escalations.escalate(case, by=ada, team=team, note="?")
    past = timezone.now() - HOUR
    Escalation.objects.filter(case__in=asked[1:3]).update(due_at=past, broken_at=past)
    for case in asked[:2]:
        escalations.answer(case, by=abe, note="!")
    escalations.withdraw(asked[3], by=ada)
    assert lines(page(), "escalations") == [("Engineering", 1, 1, 1, 33.3)]
    Escalation.objects.filter(case__in=asked[:2]).update(asked_at=timezone.now() - 8 * DAY)
    assert lines(page(days=7), "escalations") == [("Engineering", 0, 0, 1, 0.0)]


def test_ratings_are_counted_as_promises_are(page, case, ada, team):
    for good in (True, False, True):
        Rating.objects.create(case=CaseFactory(), good=good, agent=ada, team=team, system=case.system)
    assert lines(page(), "ratings") == [("Ada", 2, 0, 1, 66.6)]
    assert lines(page(by="team"), "ratings") == [("Engineering", 2, 0, 1, 66.6)]


def test_the_tables_are_sorted_by_links(page, case, ada, abe):
    promised(case, ada, "kept")
    for outcome in ("kept", "late"):
        promised(case, abe, outcome)
    names = {
        sort: [line[0] for line in lines(page(sort=sort))]
        for sort in ("name", "-name", "percent", "-percent", "-good", "nonsense")
    }
    assert names == {
        "name": ["Abe", "Ada"],
        "-name": ["Ada", "Abe"],
        "percent": ["Abe", "Ada"],
        "-percent": ["Ada", "Abe"],
        "-good": ["Abe", "Ada"],
        "nonsense": ["Abe", "Ada"],
    }
    text = page(sort="percent", days=90).text
    assert 'aria-sort="ascending"' in text
    assert "?sort=-percent&amp;days=90" in text


def test_what_is_asked_for_wrongly_is_the_usual_with_a_sentence_and_no_file(page, case, ada, browser_of):
    promised(case, ada, "kept")
    asked = {"days": "9999999", "by": "password", "sort": "name__x", "team": "1"}
    table = browser_of(ada).get(reverse("report_table", args=["promises"]), asked)
    for found, status in ((page(**asked), 200), (table, 422)):
        assert found.status_code == status
        assert lines(found) == [("Ada", 1, 0, 0, 100.0)]
        assert "“9999999” is not a known period, so it was ignored." in found.text
        assert "“password” is not a known group" in found.text
        assert "“name__x” is not a known order" in found.text
        assert "The report has no filter “team”" in found.text


def test_without_anything_to_count_the_page_says_so(page):
    text = page().text
    assert "Nothing was due in these 30 days." in text
    assert "?days=90" in text


def test_the_page_says_how_it_counts(page, case, ada):
    promised(case, ada, "kept")
    assert "What was taken back, or needed no more, does not count." in page().text


def test_a_table_is_downloaded_as_it_is_shown(case, ada, browser_of):
    evil = UserFactory(name="=1+1", role=User.Role.AGENT)
    promised(case, ada, "kept")
    promised(case, evil, "broken")
    response = browser_of(ada).get(reverse("report_table", args=["promises"]), {"days": 7, "sort": "name"})
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="promises-by-agent-7-days.csv"' in response["Content-Disposition"]
    assert list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")))) == [
        ["Agent", "Count", "Kept", "Late", "Not kept", "Per cent"],
        ["'=1+1", "1", "0", "0", "1", "0.0"],
        ["Ada", "1", "1", "0", "0", "100.0"],
    ]
    assert browser_of(ada).get(reverse("report_table", args=["salaries"])).status_code == 404


def test_a_report_costs_as_many_queries_for_many_as_for_one(page, case, ada, django_assert_max_num_queries):
    for n in range(20):
        promised(
            case, UserFactory(name=f"Agent {n}", role=User.Role.AGENT), "kept", team=TeamFactory(), ago=HOUR
        )
    with django_assert_max_num_queries(14):
        page()


@pytest.fixture
def history(case, ada, team):
    """Years of promises, clocks, escalations and ratings, of which the last days are little."""
    conversation.add_note(case, by=ada, body="?")
    triage.assign(case, by=ada, assignee=ada)
    known = {
        "case": case.pk,
        "event": case.events.first().pk,
        "agent": ada.pk,
        "team": team.pk,
        "system": case.system_id,
    }
    statements = [
        """
        INSERT INTO cases_promise (case_id, made_in_id, agent_id, team_id, system_id, phrase, vague, made_at, due_at,
            ended_at, outcome)
        SELECT %(case)s, %(event)s, %(agent)s, %(team)s, %(system)s, '', false, at, at, at, 'kept'
        FROM (SELECT now() - n * interval '1 hour' AS at FROM generate_series(1, 30000) AS n) AS past
        """,
        """
        INSERT INTO cases_clock (case_id, measure, system_id, started_at, due_at, ended_at)
        SELECT %(case)s, 2, %(system)s, at, at, at
        FROM (SELECT now() - n * interval '1 hour' AS at FROM generate_series(1, 30000) AS n) AS past
        """,
        """
        INSERT INTO cases_escalation (case_id, team_id, asked_in_id, asked_at, due_at, ended_at, answered)
        SELECT %(case)s, %(team)s, %(event)s, at, at, at, true
        FROM (SELECT now() - n * interval '1 hour' AS at FROM generate_series(30000, 1, -1) AS n) AS past
        """,
    ]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, known)
        cursor.execute("ANALYZE cases_promise, cases_clock, cases_escalation")


def plans(django_capture):
    """How PostgreSQL goes about each question of a report, with nothing forbidden to it."""
    found = []
    with connection.cursor() as cursor:
        for query in django_capture:
            cursor.execute(f"EXPLAIN {query['sql']}")
            found.append("\n".join(line for (line,) in cursor.fetchall()))
    return found


@pytest.mark.django_db(transaction=True)  # what PostgreSQL learns of big tables must not outlive them
@pytest.mark.parametrize("by", statistics.GROUPS)
def test_a_report_reads_its_period_by_indexes_and_no_history(history, ada, by, django_assert_max_num_queries):
    end = timezone.now()
    with django_assert_max_num_queries(20) as asked:
        sections = statistics.report(ada, end - 7 * DAY, end, by)
    counted = {table.name: table.total.count for section in sections for table in section.tables}
    assert 160 < counted["promises"] == counted["first_response"] == counted["escalations"] < 170
    found = plans(asked.captured_queries)
    for big in ("cases_promise", "cases_clock", "cases_escalation"):
        assert any(f"on {big}" in plan for plan in found)
        assert not [plan for plan in found if f"Seq Scan on {big}" in plan]
    assert any("promises_judged" in plan for plan in found)
    assert any("clocks_ended" in plan for plan in found)
