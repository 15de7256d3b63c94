"""How the queue looks: its columns, its chips, what is read, how close its rows stand."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.actions import conversation, read_receipts, resolution, triage
from cases.models import Column, SavedView
from cases.models.column import USUAL, shown_columns
from tests.factories import CaseFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(ada, browser_of):
    browser = browser_of(ada)
    browser.queue = lambda **filters: browser.get(reverse("queue"), filters)
    return browser


def columns(response):
    """The columns of the first row."""
    row = response.text.partition("<li id=")[2].partition("</li>")[0]
    return [name for name in re.findall(r'class="row-(\w+)', row) if name in Column]


def is_unread(response, case):
    return "unread" in re.search(rf'id="row-{case.number}" data-row class="(.*?)"', response.text)[1]


class TestColumns:
    def test_a_queue_has_the_usual_ones(self, desk, case):
        assert columns(desk.queue()) == [*USUAL]

    def test_they_are_chosen_in_an_order(self, desk, case):
        response = desk.post(
            reverse("queue_columns"),
            {"query": "severity=2", "column": ["why", "summary", "team"]},
            follow=True,
        )
        assert columns(response) == ["why", "summary", "team"]
        assert response.redirect_chain[-1][0] == f"{reverse('queue')}?severity=2&columns=why%2Csummary%2Cteam"

    @pytest.mark.parametrize(
        ("move", "order"), [("up team", "summary,team,why"), ("down summary", "why,summary,team")]
    )
    def test_one_is_moved_without_script(self, desk, case, move, order):
        sent = {"column": ["summary", "why", "team"], "move": move}
        response = desk.post(reverse("queue_columns"), sent, follow=True)
        assert columns(response) == order.split(",")

    def test_each_of_them_says_something(self, desk, ada, team, case):
        triage.assign_team(case, by=ada, team=team)
        triage.set_area(case, by=ada, area="network")
        text = desk.queue(columns=",".join(Column)).text
        assert f'<span class="row-team">{team.name}</span>' in text
        assert '<span class="row-area">Network</span>' in text
        assert re.search(r'<span class="row-waiting"><time .+?>less than a minute</time>', text)
        assert re.search(r'<span class="row-opened"><time .+?>just now</time>', text)

    def test_what_a_case_is_about_and_what_orders_the_queue_are_always_there(self, desk, case):
        assert shown_columns("team", "activity") == (Column.SUMMARY, Column.ACTIVITY, Column.TEAM)
        assert columns(desk.queue(columns="team")) == ["summary", "why", "team"]
        assert 'class="row-number ordering"' in desk.queue(order="newest").text

    def test_one_that_is_not_known_is_named(self, desk, case):
        response = desk.queue(columns="summary,colour")
        assert "“summary,colour” is not a known columns, so it was ignored." in response.text
        assert columns(response) == [*USUAL]

    def test_a_live_row_comes_in_the_columns_that_the_page_shows(self, desk, ada, case):
        triage.set_priority(case, by=ada, priority=1)
        asked = {"columns": "summary,team", "shown": f"{case.number}.1.0", "newest": case.number}
        assert columns(desk.get(reverse("queue_live"), asked)) == ["summary", "why", "team"]


class TestColumnsOfAView:
    @pytest.fixture
    def view(self, ada, case):
        return SavedView.objects.create(name="Worst", severity=2, owner=ada)

    def keep(self, browser, view, columns):
        query = f"severity=2&columns={columns}"
        return browser.post(reverse("view_columns", args=[view.pk]), {"query": query}, follow=True)

    def test_a_view_keeps_its_columns(self, desk, view):
        response = desk.queue(severity=2, columns="summary,why")
        assert "Keep these columns in the view" in response.text
        response = self.keep(desk, view, "summary,why")
        assert columns(response) == ["summary", "why"]
        assert "Keep these columns" not in response.text
        assert columns(desk.queue(severity=2)) == ["summary", "why"]  # without a word in the address

    def test_a_view_is_saved_with_the_columns_that_one_sees(self, desk, case):
        sent = {"name": "Short", "audience": "me", "query": "area=network&columns=summary%2Cwhy"}
        desk.post(reverse("view_new"), sent)
        assert SavedView.objects.get(name="Short").columns == "summary,why"

    def test_everybodys_views_are_for_administrators(self, desk, adam, browser_of, case):
        everybodys = SavedView.objects.get(name="Queue")
        assert "Keep these columns" not in desk.queue(columns="summary,why").text
        assert self.keep(desk, everybodys, "summary,why").status_code == 403
        assert "Keep these columns" in browser_of(adam).get(reverse("queue"), {"columns": "summary"}).text
        assert self.keep(browser_of(adam), everybodys, "summary,why").status_code == 200

    def test_of_two_that_narrow_alike_the_address_says_which(self, desk, ada, view):
        other = SavedView.objects.create(name="Worst, short", severity=2, owner=ada, columns="summary,why")
        assert desk.queue(severity=2).context["view"] == view
        assert desk.get(f"{reverse('queue')}?{other.query}").context["view"] == other


class TestWhatIsRead:
    def test_a_case_is_unread_until_it_is_opened_and_again_with_the_next_word(self, desk, ada, cleo, case):
        assert is_unread(desk.queue(), case)
        desk.get(reverse("desk_case", args=[case.number]))
        assert not is_unread(desk.queue(), case)
        conversation.add_note(case, by=ada, body="Internal.")
        assert not is_unread(desk.queue(), case)
        conversation.reply(case, by=cleo, body="Still broken.")
        assert is_unread(desk.queue(), case)

    def test_each_agent_reads_for_themselves(self, desk, abe, browser_of, case):
        browser_of(abe).get(reverse("desk_case", args=[case.number]))
        assert is_unread(desk.queue(), case)

    def test_what_arrives_on_the_open_page_is_read_and_so_is_ones_own_answer(self, desk, ada, cleo, case):
        desk.get(reverse("desk_case", args=[case.number]))
        conversation.reply(case, by=cleo, body="Still broken.")
        desk.get(reverse("desk_live", args=[case.number]), {"after": 2}, headers={"HX-Request": "true"})
        assert not is_unread(desk.queue(), case)
        reply = {"body": "We look.", "after": 3, "draft": ""}
        desk.post(reverse("desk_replies", args=[case.number]), reply, headers={"HX-Request": "true"})
        case.refresh_from_db()
        assert case.last_public_sequence > 2
        assert not is_unread(desk.queue(), case)

    def test_what_is_closed_need_not_be_read(self, desk, ada, case):
        resolution.close(case, by=ada)
        assert not is_unread(desk.queue(status="closed"), case)

    def test_reading_again_writes_nothing(self, ada, case):
        read_receipts.opened(case, by=ada)
        with connection.cursor() as cursor:
            cursor.execute("SELECT xmin, xmax FROM cases_seen")
            before = cursor.fetchall()
            read_receipts.opened(case, by=ada)
            cursor.execute("SELECT xmin, xmax FROM cases_seen")
            assert cursor.fetchall() == before


class TestChips:
    def chips(self, response):
        return [(label, said, rest) for label, said, rest in response.context["chips"]]

    def test_each_filter_in_use_is_a_chip_that_leads_to_the_queue_without_it(self, desk, till, case):
        response = desk.queue(severity=2, system=till.pk, tag="vat", waiting=0, order="newest")
        assert self.chips(response) == [
            ("Severity", "High", f"system={till.pk}&waiting=0&tag=vat&order=newest"),
            ("System", till.name, "severity=2&waiting=0&tag=vat&order=newest"),
            ("Waiting on", "Us", f"severity=2&system={till.pk}&tag=vat&order=newest"),
            ("Tag", "vat", f"severity=2&system={till.pk}&waiting=0&order=newest"),
        ]
        assert "Remove the filter Severity: High" in response.text

    def test_without_a_filter_there_is_none_and_a_wrong_one_is_none(self, desk, case):
        assert self.chips(desk.queue()) == []
        assert self.chips(desk.queue(severity="9", status="open")) == [("Status", "Open", "")]


def test_the_density_is_kept_in_this_browser(desk, case):
    assert 'class="compact"' not in desk.queue().text
    response = desk.post(reverse("density"), {"density": "compact", "next": reverse("queue")}, follow=True)
    assert '<div id="queue" class="compact">' in response.text
    desk.post(reverse("density"), {"density": "narrow", "next": reverse("queue")})
    assert 'class="compact"' in desk.queue().text


def test_columns_and_what_is_read_ask_nothing_more(desk, case):
    def asked(**filters):
        desk.queue(**filters)  # what is asked once
        with CaptureQueriesContext(
            connection,
        ) as queries:
            desk.queue(**filters)
        return len(queries)

    few = asked()
    for _ in range(10):
        CaseFactory()
    assert asked(columns=",".join(Column)) <= few
