"""Saved views of the queue."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.actions import saved_views as actions
from cases.forms import ViewForm
from cases.models import SavedView
from cases.queries import view_counts
from tests.factories import CaseFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(ada, browser_of):
    return browser_of(ada)


def saved(browser, name="Network trouble", query="area=network&order=newest", audience="me"):
    data = {"name": name, "query": query, "audience": audience}
    return browser.post(reverse("view_new"), data, follow=True)


def names(browser):
    return [view.name for view in browser.get(reverse("queue")).context["views"]]


def test_every_desk_starts_with_sensible_views(desk):
    assert names(desk)[:7] == [
        "Queue", "Mine", "Unassigned", "Waiting on us", "Due soon", "Critical", "Resolved, to confirm",
    ]  # fmt: skip


def test_a_view_is_saved_opened_and_marked_as_the_current_one(desk):
    response = saved(desk)
    assert response.redirect_chain[-1][0] == f"{reverse('queue')}?area=network&order=newest"
    assert response.context["view"].name == "Network trouble"
    assert 'aria-current="page"' in response.text


def test_each_view_shows_how_many_cases_it_holds(desk, till, case):
    CaseFactory()
    saved(desk, query=f"system={till.pk}")
    view = SavedView.objects.get(name="Network trouble")
    text = desk.get(reverse("queue")).text
    assert f'<span id="count-{view.pk}" class="count">1</span>' in text


def test_every_filter_and_the_order_are_kept(desk, ada, till, team):
    query = (
        f"status=closed&severity=1&priority=2&area=network&system={till.pk}&waiting=2&assignee={ada.pk}"
        f"&team={team.pk}&tag=vat&order=newest"
    )
    response = saved(desk, query=query)
    address = response.redirect_chain[-1][0].partition("?")[2]
    assert sorted(address.split("&")) == sorted(query.split("&"))


def test_ones_own_view_is_nobody_elses(desk, abe, browser_of):
    saved(desk)
    assert "Network trouble" in names(desk)
    assert "Network trouble" not in names(browser_of(abe))


def test_a_team_shares_its_view(desk, ada, abe, adam, team, browser_of):
    team.members.add(ada, abe)
    saved(desk, audience=str(team.pk))
    assert "Network trouble" in names(browser_of(abe))
    assert "Network trouble" not in names(browser_of(adam))


def test_only_administrators_save_views_for_everybody(desk, adam, abe, browser_of):
    assert saved(desk, audience="all").status_code == 422
    saved(browser_of(adam), audience="all")
    assert "Network trouble" in names(browser_of(abe))


def test_a_view_is_renamed_and_moved(desk):
    saved(desk, name="First")
    saved(desk, name="Second")
    first, second = SavedView.objects.get(name="First"), SavedView.objects.get(name="Second")
    desk.post(reverse("view_change", args=[second.pk]), {"move": "up"})
    assert names(desk)[-2:] == ["Second", "First"]
    desk.post(reverse("view_change", args=[second.pk]), {"move": "up"})
    assert names(desk)[-2:] == ["Second", "First"]
    desk.post(reverse("view_change", args=[first.pk]), {"name": "Prime", "audience": "me"})
    assert names(desk)[-2:] == ["Second", "Prime"]


def test_a_deleted_view_leaves_its_queue_on_the_screen_to_be_saved_again(desk):
    saved(desk)
    view = SavedView.objects.get(name="Network trouble")
    response = desk.post(reverse("view_delete", args=[view.pk]), follow=True)
    assert "Network trouble” was deleted" in response.text
    assert "Save view" in response.text
    assert response.context["form"].data["area"] == "network"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": ""}, "Give the view a name."),
        ({"name": "x" * 61}, "at most 60 characters"),
        ({"audience": "99"}, "Select a valid choice"),
        ({"query": "severity=9"}, "That view no longer exists."),
    ],
)
def test_bad_input_gets_a_sentence(desk, fields, sentence):
    response = saved(desk, **fields)
    assert response.status_code == 422
    assert sentence in response.text
    assert not SavedView.objects.filter(owner__isnull=False).exists()


def test_views_of_others_and_of_everybody_are_not_changed_by_an_agent(desk, abe, browser_of):
    saved(desk)
    own, shared = SavedView.objects.get(name="Network trouble"), SavedView.objects.get(name="Queue")
    for name in ("view_change", "view_delete"):
        assert browser_of(abe).post(reverse(name, args=[own.pk]), {"name": "Mine"}).status_code == 404
        assert desk.post(reverse(name, args=[shared.pk]), {"name": "Mine"}).status_code == 403


def test_a_name_is_text_and_never_markup(desk):
    assert "<script>alert" not in saved(desk, name="<script>alert(1)</script>").text


def test_a_view_that_is_deleted_while_it_is_saved_stays_gone(desk, case, monkeypatch):
    saved(desk)
    view = SavedView.objects.get(name="Network trouble")

    def deleted_meanwhile(form, valid=ViewForm.is_valid):
        SavedView.objects.filter(pk=view.pk).delete()
        return valid(form)

    monkeypatch.setattr(ViewForm, "is_valid", deleted_meanwhile)
    answer = desk.post(reverse("view_change", args=[view.pk]), {"name": "Late", "audience": "me"})
    assert answer.status_code == 404
    assert not SavedView.objects.filter(pk=view.pk).exists()
    assert view_counts.mismatches() == {}


def test_a_view_that_is_deleted_while_it_is_moved_stays_gone(desk, monkeypatch):
    saved(desk)
    view = SavedView.objects.get(name="Network trouble")
    move = actions.move

    def deleted_meanwhile(moved, step):
        SavedView.objects.filter(pk=moved.pk).delete()
        return move(moved, step=step)

    monkeypatch.setattr(actions, "move", deleted_meanwhile)
    assert desk.post(reverse("view_change", args=[view.pk]), {"move": "up"}).status_code == 404


def test_renaming_a_view_leaves_alone_what_was_changed_meanwhile(desk, monkeypatch):
    saved(desk)
    view = SavedView.objects.get(name="Network trouble")

    def moved_meanwhile(form, valid=ViewForm.is_valid):
        SavedView.objects.filter(pk=view.pk).update(position=7)
        return valid(form)

    monkeypatch.setattr(ViewForm, "is_valid", moved_meanwhile)
    desk.post(reverse("view_change", args=[view.pk]), {"name": "Later", "audience": "me"})
    view.refresh_from_db()
    assert (view.name, view.position) == ("Later", 7)


def test_a_view_stays_whose_it_is_when_the_form_does_not_say(desk, ada, adam, team, browser_of):
    team.members.add(ada)
    saved(desk, audience=str(team.pk))
    theirs, everybodys = SavedView.objects.get(name="Network trouble"), SavedView.objects.get(name="Queue")
    desk.post(reverse("view_change", args=[theirs.pk]), {"name": "Renamed"})
    browser_of(adam).post(reverse("view_change", args=[everybodys.pk]), {"name": "Renamed"})
    renamed = SavedView.objects.filter(name="Renamed").order_by("shared_with")
    assert list(renamed.values_list("owner", "shared_with")) == [(None, team.pk), (None, None)]


def test_nobody_no_team_and_not_everybody_has_too_many_views(ada, adam, team, browser_of, monkeypatch):
    team.members.add(adam)
    office = browser_of(adam)
    monkeypatch.setattr(actions, "MOST", SavedView.objects.filter(owner=None, shared_with=None).count())
    SavedView.objects.bulk_create(SavedView(name=f"{n}", owner=adam) for n in range(actions.MOST))
    SavedView.objects.bulk_create(SavedView(name=f"{n}", shared_with=team) for n in range(actions.MOST))
    before = SavedView.objects.count()
    for audience, have in {
        "me": "You have",
        str(team.pk): "Team Engineering has",
        "all": "Everyone has",
    }.items():
        assert f"{have} {actions.MOST} views. Delete one" in saved(office, audience=audience).text
    assert SavedView.objects.count() == before
    assert saved(browser_of(ada)).status_code == 200


def test_a_view_is_not_given_to_a_circle_that_has_too_many_and_may_be_renamed_within_it(
    desk, ada, team, monkeypatch
):
    team.members.add(ada)
    SavedView.objects.create(name="Theirs", shared_with=team)
    monkeypatch.setattr(actions, "MOST", 1)
    saved(desk)
    view = SavedView.objects.get(name="Network trouble")
    url = reverse("view_change", args=[view.pk])
    answer = desk.post(url, {"name": "Given", "audience": str(team.pk)})
    assert (answer.status_code, "Team Engineering has 1 views" in answer.text) == (422, True)
    assert desk.post(url, {"name": "Renamed", "audience": "me"}).status_code == 302
    view.refresh_from_db()
    assert (view.name, view.owner) == ("Renamed", ada)


def test_the_page_of_views_asks_as_much_for_many_views_as_for_few(desk, ada, team, django_assert_num_queries):
    team.members.add(ada)
    desk.get(reverse("views"))
    with CaptureQueriesContext(connection) as few:
        desk.get(reverse("views"))
    SavedView.objects.bulk_create(SavedView(name=f"{n}", owner=ada) for n in range(20))
    with django_assert_num_queries(len(few)):
        desk.get(reverse("views"))


def test_a_view_is_dragged_to_another_place(desk, ada):
    first, second, third = (SavedView.objects.create(name=f"{n}", owner=ada, position=n) for n in range(3))
    address = reverse("view_change", args=[third.pk])
    assert desk.post(address, {"move": "-2"}, headers={"HX-Request": "true"}).status_code == 204
    assert [view.name for view in SavedView.objects.together_with(first)] == ["2", "0", "1"]
    desk.post(address, {"move": "down"})
    assert list(SavedView.objects.filter(owner=ada).order_by("position")) == [first, third, second]


def test_views_stand_by_whose_they_are_and_only_ones_own_can_be_moved(desk, ada, team):
    team.members.add(ada)
    SavedView.objects.create(name="Ours", shared_with=team)
    saved(desk)
    circles = {
        whose: [row.view.name for row in rows]
        for whose, rows in desk.get(reverse("views")).context["circles"]
    }
    assert [*circles] == ["Everybody", "Team Engineering", "Only me"]
    assert circles["Team Engineering"] == ["Ours"]
    text = desk.get(reverse("views")).text
    assert "Move Ours up" in text
    assert "Move Queue up" not in text
