"""Escalating, answering and taking back on the case's page, and what is escalated in the queue."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases.actions import escalations, resolution, saved_views, snooze, triage
from cases.models import Case, SavedView, User
from cases.queries import queue, view_counts
from cases.tasks import keep_time
from tests.factories import CaseFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
NOTE = "Looping in backend: is the queue stuck?"


@pytest.fixture
def bea(db):
    return UserFactory(name="Bea", role=User.Role.AGENT)


@pytest.fixture
def backend(bea):
    team = TeamFactory(name="Backend <b>")
    team.members.add(bea)
    return team


@pytest.fixture
def desk(ada, browser_of):
    return browser_of(ada)


@pytest.fixture
def engineer(bea, browser_of):
    return browser_of(bea)


@pytest.fixture
def asked(case, ada, backend):
    triage.assign(case, by=ada, assignee=ada)
    escalations.escalate(case, by=ada, team=backend, note=NOTE)
    return Case.objects.get(pk=case.pk)


def address(name, case):
    return reverse(f"desk_{name}", args=[case.number])


def page(browser, case):
    return browser.get(address("case", case)).text


def strip(text):
    return text.split('id="escalation"')[1].split("</section>")[0]


def now(case):
    return Case.objects.get(pk=case.pk)


def test_a_case_is_escalated_and_its_page_says_with_whom_it_is(desk, case, backend):
    response = desk.post(address("escalation", case), {"team": backend.pk, "note": NOTE})
    assert response.status_code == 302
    assert now(case).escalated_to == backend
    text = strip(page(desk, case))
    assert "With Backend &lt;b&gt;" in text
    assert "asked by Ada" in text
    assert NOTE in text
    assert "Answer due by" in text


def test_a_case_that_is_with_nobody_has_no_strip(desk, case):
    assert "<p" not in strip(page(desk, case))


@pytest.mark.parametrize(
    ("team", "note", "sentence"),
    [
        ("", NOTE, "Choose the team to ask."),
        ("99999", NOTE, "That team no longer exists. Choose another."),
        ("x", NOTE, "That team no longer exists. Choose another."),
        ("empty", NOTE, "Nobody is in the team Empty"),
        ("backend", "", "Write what they are to find out."),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "part"])
def test_what_is_wrong_keeps_what_was_typed(desk, case, backend, team, note, sentence, headers):
    chosen = {"backend": backend.pk, "empty": TeamFactory(name="Empty").pk}.get(team, team)
    response = desk.post(address("escalation", case), {"team": chosen, "note": note}, headers=headers)
    assert response.status_code == 422
    assert sentence in response.text
    assert note in response.text
    assert f'<option value="{chosen}" selected' in response.text or team in ("99999", "x")
    assert now(case).escalated_to is None


def test_a_case_that_was_resolved_meanwhile_keeps_what_was_typed(desk, case, backend, ada):
    resolution.resolve(case, by=ada, resolution="Done.")
    assert "Escalate to a team" not in page(desk, case)
    response = desk.post(address("escalation", case), {"team": backend.pk, "note": NOTE})
    assert response.status_code == 422
    assert "Reopen it before you escalate it." in response.text
    assert NOTE in response.text


def test_the_team_answers_and_the_strip_goes(engineer, desk, asked):
    assert "You’re not in" not in strip(page(engineer, asked))
    response = engineer.post(address("escalation_answer", asked), {"note": "Restarted."})
    assert response.status_code == 302
    assert now(asked).escalated_to is None
    text = page(desk, asked)
    assert "<p" not in strip(text)
    assert "answered for Backend &lt;b&gt;" in text


def test_another_agent_may_answer_and_is_told_that_they_are_not_of_the_team(desk, asked):
    assert "You’re not in Backend &lt;b&gt;, but any agent can answer." in strip(page(desk, asked))
    desk.post(address("escalation_answer", asked), {"note": "It was the cable."})
    assert now(asked).escalated_to is None


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "part"])
def test_an_empty_answer_is_asked_for_again(engineer, asked, headers):
    response = engineer.post(address("escalation_answer", asked), {"note": " "}, headers=headers)
    assert response.status_code == 422
    assert "Write the answer before sending it." in strip(response.text)


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "part"])
def test_an_answer_that_comes_too_late_is_kept_with_a_sentence(engineer, asked, ada, headers):
    escalations.withdraw(asked, by=ada)
    response = engineer.post(address("escalation_answer", asked), {"note": "Restarted it."}, headers=headers)
    assert response.status_code == 422
    assert "No team is asked in case" in strip(response.text)
    assert "Restarted it." in strip(response.text)


def test_a_question_is_taken_back_on_the_page(desk, asked):
    assert desk.post(address("escalation_withdrawal", asked)).status_code == 302
    assert now(asked).escalated_to is None
    assert desk.post(address("escalation_withdrawal", asked)).status_code == 302


def test_an_open_page_hears_of_the_question_and_of_its_answer(desk, case, ada, bea, backend):
    after = now(case).last_sequence
    escalations.escalate(case, by=ada, team=backend, note=NOTE)
    tick = desk.get(address("live", case), {"after": after})
    assert "With Backend" in strip(tick.text)
    assert 'hx-swap-oob="true"' in strip(tick.text)
    after = now(case).last_sequence
    escalations.answer(case, by=bea, note="Restarted.")
    assert "<p" not in strip(desk.get(address("live", case), {"after": after}).text)


def test_the_customers_page_says_nothing_of_it(asked, cleo, bea, browser_of):
    def seen():
        text = browser_of(cleo).get(reverse("case", args=[asked.number])).text.split("<main")[1]
        return [line for line in text.splitlines() if "csrf" not in line and 'name="token"' not in line]

    before = seen()
    assert not [line for line in before if "Backend" in line or "Looping" in line or "scalat" in line]
    escalations.answer(asked, by=bea, note="Restarted.")
    assert seen() == before


def numbers(browser, **filters):
    return [row["number"] for row in browser.get(reverse("queue"), filters).context["page"].rows]


def test_the_queue_shows_what_is_escalated_to_ones_teams_to_a_team_or_to_any(engineer, desk, asked, ada, abe):
    other, network = CaseFactory(), TeamFactory(name="Network")
    network.members.add(abe)
    escalations.escalate(other, by=ada, team=network, note="?")
    CaseFactory()
    assert numbers(engineer, escalated="mine") == [asked.number]
    assert numbers(desk, escalated="mine") == []
    assert sorted(numbers(desk, escalated="any")) == [asked.number, other.number]
    assert numbers(desk, escalated=network.pk) == [other.number]
    assert numbers(desk, escalated="any", severity=4) == []
    assert len(numbers(desk)) == 3


def test_what_is_escalated_is_shown_to_its_team_though_its_owner_laid_it_aside(engineer, asked, ada):
    snooze.snooze(asked, by=ada, until=timezone.now() + timedelta(days=1))
    assert numbers(engineer, escalated="mine") == [asked.number]
    assert numbers(engineer, escalated="mine", status="snoozed") == [asked.number]
    assert numbers(engineer, escalated="mine", status="closed") == []


@pytest.mark.parametrize("value", ["x", "0", "99999", "me"])
def test_an_escalation_that_is_not_known_is_left_out_with_a_sentence(desk, case, value):
    response = desk.get(reverse("queue"), {"escalated": value})
    assert "is not a known" in response.text
    assert numbers(desk, escalated=value) == [case.number]


def test_a_row_says_with_whom_the_case_is(desk, asked):
    text = desk.get(reverse("queue")).text
    assert '<span class="row-asked">with Backend &lt;b&gt;</span>' in text


def test_who_is_in_a_team_has_what_is_escalated_to_it_beside_the_views(engineer, desk, asked):
    text = engineer.get(reverse("queue")).text
    assert 'href="/desk/?escalated=mine"' in text
    assert '<span id="count-escalated" class="count">1</span>' in text
    assert "Escalated to my teams" not in desk.get(reverse("queue")).text
    assert '<h1 id="view-name">Escalated to my teams' in engineer.get("/desk/?escalated=mine").text


def test_its_count_follows_live(engineer, asked, bea):
    shown = engineer.get(reverse("queue"))
    escalations.answer(asked, by=bea, note="Restarted.")
    tick = engineer.get(
        reverse("queue_live"), {"counts": shown.context["counts"], "version": shown.context["version"]}
    )
    assert '<span id="count-escalated" class="count" hx-swap-oob="true">0</span>' in tick.text


def test_new_work_arrives_live_in_what_is_escalated_to_ones_teams(engineer, case, ada, backend):
    shown = engineer.get(reverse("queue"), {"escalated": "mine"})
    escalations.escalate(case, by=ada, team=backend, note="?")
    state = {"escalated": "mine", "version": shown.context["version"], "newest": shown.context["newest"]}
    assert "1 new" in engineer.get(reverse("queue_live"), state).text


def test_a_view_of_what_is_escalated_is_saved_counted_and_shown(desk, engineer, asked, case):
    assert "Save view" in desk.get(reverse("queue"), {"escalated": "any", "severity": 2}).text
    desk.post(reverse("view_new"), {"name": "With teams", "query": "escalated=any&severity=2"})
    view = SavedView.objects.get(name="With teams")
    assert (view.escalated, view.severity) == ("any", 2)
    page = desk.get(f"{reverse('queue')}?{view.query}")
    assert f'<span id="count-{view.pk}" class="count">1</span>' in page.text
    assert '<h1 id="view-name">With teams' in page.text
    assert not view.counts.exists()
    triage.set_priority(case, by=asked.assignee, priority=1)
    assert not view.counts.exists()  # it is counted when somebody asks


def test_what_is_escalated_to_my_teams_means_the_teams_of_whoever_looks(desk, engineer, adam, asked):
    saved_views.create(by=adam, name="Ours", audience="all", filters={"escalated": "mine"})
    view = SavedView.objects.get(name="Ours")
    for browser, count in ((engineer, 1), (desk, 0)):
        page = browser.get(reverse("queue")).text
        assert f'<span id="count-{view.pk}" class="count">{count}</span>' in page
    call_command("verify_counts")


@pytest.mark.django_db(transaction=True)  # what PostgreSQL learns of big tables must not outlive them
def test_the_counts_and_the_queue_read_the_index_of_what_is_escalated(bea, backend, asked):
    """With nothing forbidden to PostgreSQL, among many cases of which few are escalated."""
    columns = [
        f.column for f in Case._meta.concrete_fields if f.column not in ("number", "reference", "search")
    ]
    same = ", ".join(f'"{column}"' for column in columns)
    plain = same.replace('"escalated_to_id"', "NULL").replace('"due_at"', "NULL").replace('"due_for"', "NULL")
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO cases_case (reference, {same}) SELECT gen_random_uuid()::text, {plain} "
            "FROM cases_case, generate_series(1, 5000)"
        )
        cursor.execute("ANALYZE cases_case")
        cursor.execute(f"EXPLAIN {view_counts.ESCALATED}", {"agent": bea.pk, "most": queue.MOST_DUE})
        plans = ["\n".join(line for (line,) in cursor.fetchall())]
    for wanted in ("mine", "any", str(backend.pk)):
        order = queue.ORDERS["active"]["due"]
        plans.append(queue.beyond(queue.narrowed(bea, {"escalated": wanted}), order, "", "")[:31].explain())
    for plan in plans:
        assert "queue_escalated" in plan, plan
        assert "Seq Scan on cases_case" not in plan, plan


def test_notices_of_escalations_are_sentences_at_no_query_each(
    engineer, ada, backend, django_assert_num_queries
):
    def ask():
        case = CaseFactory(customer=ada)
        escalations.escalate(case, by=ada, team=backend, note=NOTE)
        case.escalations.update(due_at=timezone.now(), next_check_at=timezone.now())
        keep_time(0)

    ask()
    with CaptureQueriesContext(connection) as before:
        text = engineer.get(reverse("notices")).text
    assert "Ada escalated the case to Backend &lt;b&gt;" in text
    assert "The team&#x27;s answer has been overdue since" in text
    assert "ESCALATION" not in text
    ask()
    with django_assert_num_queries(len(before)):
        engineer.get(reverse("notices"))
