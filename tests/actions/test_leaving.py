"""Somebody leaves: they are out at once, and what they had goes to others."""

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import tasks
from cases.actions import (
    bulk,
    drafts,
    escalations,
    leaving,
    promises,
    resolution,
    saved_views,
    snooze,
    triage,
)
from cases.models import (
    AuditEntry,
    AuditKind,
    Bulk,
    Case,
    Draft,
    Follow,
    Incident,
    Kind,
    Macro,
    Refused,
    SavedView,
    User,
)
from cases.queries import queue, view_counts
from cases.queries.leaving import holdings_of
from tests.factories import CaseFactory, IncidentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def lena(db):
    return User.objects.create_user("lena@example.com", name="Lena", role=User.Role.LEAD)


@pytest.fixture
def held(ada, case, cleo, till, team):
    """Cases of Ada: one with a draft, one asleep, one resolved, one closed."""
    open_one, asleep, resolved, closed = case, *(CaseFactory(customer=cleo, system=till) for _ in range(3))
    for one in (open_one, asleep, resolved, closed):
        triage.assign(one, by=ada, assignee=ada)
    promises.promise(open_one, by=ada, due_at=timezone.now() + timezone.timedelta(hours=3))
    drafts.keep(open_one, by=ada, kind="reply", fields={"body": "We found the"}, seen=0)
    snooze.snooze(asleep, by=ada, until=timezone.now() + timezone.timedelta(days=1))
    resolution.resolve(resolved, by=ada, resolution="Done.")
    resolution.close(closed, by=ada, ask=False)
    return {"open": open_one, "asleep": asleep, "resolved": resolved, "closed": closed}


def leave(person, *, by, to=None):
    """With the job that hands over the cases."""
    change = leaving.leave(person, by=by, to=to)
    if change:
        bulk.run(change)
        assert not change.items.exclude(refused="").exists()
    return change


def assignees(held):
    return {name: Case.objects.get(pk=case.pk).assignee for name, case in held.items()}


def unassigned(agent):
    view = SavedView.objects.get(name="Unassigned")
    views = {one.pk: one.count for one in view_counts.views_of(agent, queue.moment())}
    found = queue.narrowed(agent, view.filters())
    assert views[view.pk] == found.count()
    return found


def test_an_agent_takes_over_all_that_is_not_closed(held, ada, abe, lena):
    leave(ada, by=lena, to=abe)
    assert assignees(held) == {"open": abe, "asleep": abe, "resolved": abe, "closed": ada}
    event = held["open"].events.filter(kind=Kind.ASSIGNEE).latest("sequence")
    assert (event.author, event.details) == (lena, {"assignee": "Abe"})
    draft = Draft.objects.get()
    assert (draft.agent, draft.fields["body"]) == (abe, "We found the")
    assert held["open"].promises.filter(ended_at=None).exists()
    assert Case.objects.get(pk=held["asleep"].pk).snoozed_until


@pytest.mark.parametrize("to_team", [True, False])
def test_a_team_or_nobody_finds_the_cases_unassigned_and_drafts_as_notes(held, ada, abe, lena, team, to_team):
    leave(ada, by=lena, to=team if to_team else None)
    assert assignees(held) == {"open": None, "asleep": None, "resolved": None, "closed": ada}
    assert Case.objects.get(pk=held["open"].pk).team == (team if to_team else None)
    assert held["open"] in unassigned(abe)
    assert view_counts.mismatches() == {}
    note = held["open"].events.get(kind=Kind.NOTE)
    assert "Ada had begun a reply:\n\nWe found the" in note.body
    assert not Draft.objects.exists()


def test_a_draft_beside_one_of_who_takes_over_is_kept_as_a_note(held, ada, abe, lena):
    drafts.keep(held["open"], by=abe, kind="reply", fields={"body": "Mine"}, seen=0)
    leave(ada, by=lena, to=abe)
    assert Draft.objects.get().fields["body"] == "Mine"
    assert "We found the" in held["open"].events.get(kind=Kind.NOTE).body


def test_a_case_that_somebody_took_meanwhile_stays_theirs(held, ada, abe, lena):
    change = leaving.leave(ada, by=lena)
    triage.assign(held["open"], by=abe, assignee=abe)
    bulk.run(change)
    assert assignees(held)["open"] == abe


def test_their_own_views_macros_and_follows_go_to_who_takes_over(ada, abe, lena, case):
    saved_views.create(by=abe, name="First", audience="me", filters={})
    view = saved_views.create(by=ada, name="Mine", audience="me", filters={"assignee": "me"})
    macro = Macro.objects.create(name="Hello", body="Hello.", owner=ada)
    for agent in (ada, abe):
        Follow.objects.create(case=case, agent=agent)
    leave(ada, by=lena, to=abe)
    view.refresh_from_db()
    macro.refresh_from_db()
    assert (view.owner, view.position, macro.owner) == (abe, 1, abe)
    assert Follow.objects.get().agent == abe


def test_a_team_shares_their_own_views(ada, lena, team):
    view = saved_views.create(by=ada, name="Mine", audience="me", filters={})
    leave(ada, by=lena, to=team)
    view.refresh_from_db()
    assert (view.owner, view.shared_with) == (None, team)


def test_teams_incidents_and_running_changes_go_on(ada, abe, lena, team, till, case):
    team.lead = ada
    team.save()
    team.members.add(ada)
    incident = IncidentFactory(system=till, by=ada)
    running = bulk.start(by=ada, name="tag", value="vip", label="Add the tag vip", cases=[case.number])
    leave(ada, by=lena, to=abe)
    team.refresh_from_db()
    assert (team.lead, team.members.count()) == (abe, 0)
    assert Incident.objects.get(pk=incident.pk).owner == abe
    bulk.run(Bulk.objects.get(pk=running.pk))
    case.refresh_from_db()
    assert case.tags == ["vip"]


def test_they_are_out_at_once_and_offered_nowhere(held, ada, abe, lena, browser_of):
    theirs, desk = browser_of(ada), browser_of(abe)
    leave(ada, by=lena)
    assert theirs.get(reverse("queue")).status_code == 302
    page = desk.get(reverse("desk_case", args=[held["open"].number])).text
    assert f'<option value="{ada.pk}"' not in page
    assert "Ada" not in desk.get(reverse("agents"), {"q": "A"}).text
    again = User.objects.get(pk=ada.pk)
    again.is_active = True
    again.save()
    assert theirs.get(reverse("queue")).status_code == 302  # the session is gone for good


def test_it_is_in_the_audit_log_and_counted_before(held, ada, abe, lena, till, team):
    other = CaseFactory(system=till)
    team.members.add(abe)
    escalations.escalate(other, by=ada, team=team, note="?")
    found = {one.name: one.many for one in holdings_of(ada)}
    assert found == {
        "cases that are not closed": 3,
        "promises to customers": 1,
        "snoozed cases": 1,
        "questions to teams in cases of others": 1,
        "drafts": 1,
    }
    leave(ada, by=lena, to=abe)
    entry = AuditEntry.objects.get(kind=AuditKind.DEACTIVATED)
    assert (entry.by, entry.about, entry.details) == (lena, ada, {"to": "Abe"})
    assert [one.name for one in holdings_of(ada)] == ["questions to teams in cases of others"]


def test_who_may_let_whom_leave(ada, adam, lena):
    with pytest.raises(Refused, match="You can’t deactivate yourself"):
        leaving.leave(lena, by=lena)
    with pytest.raises(Refused, match="Ask an administrator"):
        leaving.leave(adam, by=lena)
    with pytest.raises(Refused, match="can’t take over"):
        leaving.leave(ada, by=lena, to=ada)
    leaving.leave(lena, by=adam)
    assert not User.objects.get(pk=lena.pk).is_active


def test_the_page_says_what_they_have_and_does_it(held, ada, abe, lena, browser_of):
    desk = browser_of(lena)
    page = reverse("leave", args=[ada.pk])
    text = desk.get(page).text
    assert "Cases that are not closed: <b>3</b>" in text
    assert "Choose who takes over" in desk.post(page, {"to": ""}).text
    assert "no longer available" in desk.post(page, {"to": f"agent={ada.pk + 1000}"}).text
    response = desk.post(page, {"to": f"agent={abe.pk}"}, follow=True)
    assert "Cases of Ada to Abe" in response.text
    assert "is deactivated and signed out everywhere." in response.text


def test_whoever_is_deactivated_in_administration_leaves_no_case_behind(held, ada, adam, abe, browser_of):
    person = {"email": ada.email, "name": "Ada", "role": "agent"}
    response = browser_of(adam, proven=True).post(
        reverse("admin:cases_user_change", args=[ada.pk]), person, follow=True
    )
    assert "is nobody" in response.text
    bulk.run(Bulk.objects.get())
    assert assignees(held)["open"] is None
    assert held["open"] in unassigned(abe)


def test_whoever_was_deactivated_otherwise_is_found_by_a_job(held, ada, abe):
    User.objects.filter(pk=ada.pk).update(is_active=False)
    tasks.tidy_after_people(0)
    assert assignees(held) == {"open": None, "asleep": None, "resolved": None, "closed": ada}
    assert view_counts.mismatches() == {}


def test_a_view_of_who_left_counts_what_it_lists(held, ada, abe, lena, browser_of):
    view = saved_views.create(
        by=abe, name="Ada’s", audience="me", filters={"assignee": str(ada.pk), "status": "closed"}
    )
    CaseFactory()
    leave(ada, by=lena)
    [counted] = [one for one in view_counts.views_of(abe, queue.moment()) if one.pk == view.pk]
    response = browser_of(abe).get(f"{reverse('queue')}?{view.query}")
    listed = [row["number"] for row in response.context["page"].rows]
    assert (counted.count, listed) == (1, [held["closed"].number])
    assert "Ada (left)" in response.text


def test_who_does_not_see_all_of_their_cases_cannot_let_them_go(held, ada, lena):
    from cases.models import Limit
    from tests.factories import SystemFactory

    lena.limit = Limit.objects.create(name="Other", systems=[SystemFactory().pk])
    lena.save()
    with pytest.raises(Refused, match="cases you can’t see"):
        leave(ada, by=lena)
