"""What is marked as spam counts nowhere and tells nobody, and comes back as it was."""

from datetime import timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from cases.actions import (
    conversation,
    escalations,
    incidents,
    merging,
    promises,
    rating,
    requests,
    resolution,
    spam,
)
from cases.actions.radar import judge
from cases.models import Kind, Notification, Refused, Request, SavedView, Status, Suggestion
from cases.queries import queue, statistics, view_counts
from tests.factories import CaseFactory, IncidentFactory, TeamFactory

pytestmark = pytest.mark.django_db


def found(agent, **filters):
    return set(queue.narrowed(agent, filters).values_list("number", flat=True))


def mailed():
    return ProcrastinateJob.objects.filter(task_name__contains="mail").count()


def test_it_is_out_of_the_queue_and_all_counts_and_found_under_its_own_filter(ada):
    for name in ("", "all", "closed", "spam"):
        SavedView.objects.create(name=f"Status {name}", status=name)
    case = CaseFactory()
    spam.mark(case, by=ada)
    assert found(ada) == found(ada, status="all") == found(ada, status="closed") == set()
    assert found(ada, status="spam") == {case.number}
    assert view_counts.mismatches() == {}
    counts = {
        view.status: sum(view.counts.values_list("n", flat=True))
        for view in SavedView.objects.filter(name__startswith="Status")
    }
    assert counts == {"": 0, "all": 0, "closed": 0, "spam": 1}


def test_nobody_is_mailed_and_nobody_has_a_notice_left(case, ada, abe, cleo, browser_of):
    notified = Notification.objects.filter(event__case=case)
    conversation.add_note(case, by=ada, body="@abe look")
    assert notified.filter(read_at=None, agent=abe).exists()
    before = mailed()
    spam.mark(case, by=ada)
    assert mailed() == before
    assert not notified.filter(read_at=None).exists()
    page = browser_of(cleo).get(f"/cases/{case.number}/").text
    assert "spam" not in page.lower()
    assert "This case is closed" in page


def test_figures_leave_it_out(case, ada, cleo):
    start, end = timezone.now() - timedelta(days=1), timezone.now() + timedelta(days=1)
    promises.promise(case, by=ada, due_at=timezone.now() + timedelta(hours=1))
    resolution.resolve(case, by=ada, resolution="Done.")
    resolution.confirm(case, by=cleo)
    rating.rate(case, by=cleo, good=False)
    assert len(list(statistics.rated(ada, start, end, "agent"))) == 1
    spam.mark(case, by=ada)
    assert list(statistics.rated(ada, start, end, "agent")) == []
    assert list(statistics.kept(ada, start, end, "agent")) == []
    with pytest.raises(Refused, match="cannot be rated"):
        rating.rate(case, by=cleo, good=False, word="Bad.")


def test_the_radar_leaves_it_out(case, ada, till):
    other = CaseFactory(system=till)
    assert judge(other)
    spam.mark(case, by=ada)
    judge(case)
    assert not Suggestion.objects.exists()
    assert judge(other) is None


def test_it_comes_back_with_all_that_ran(case, ada):
    promises.promise(case, by=ada, due_at=timezone.now() + timedelta(hours=1))
    requests.ask(case, by=ada, what="the log")
    team = TeamFactory()
    team.members.add(ada)
    escalations.escalate(case, by=ada, team=team, note="?")
    case.refresh_from_db()
    names = (
        "status",
        "waiting_on",
        "waiting_since",
        "promised_at",
        "escalated_to_id",
        "due_at",
        "due_for",
        "resolved_at",
    )
    before = {name: getattr(case, name) for name in names}
    assert spam.mark(case, by=ada)
    assert spam.mark(case, by=ada) is None
    assert not Request.objects.filter(ended_at=None).exists()
    assert spam.unmark(case, by=ada).kind == Kind.UNSPAM
    assert spam.unmark(case, by=ada) is None
    case.refresh_from_db()
    assert {name: getattr(case, name) for name in names} == before
    assert (case.spam, case.requests.filter(ended_at=None).count()) == (False, 1)


def test_a_customer_who_writes_again_brings_it_back(case, ada, cleo):
    spam.mark(case, by=ada)
    resolution.reopen(case, by=cleo, body="I do need help!")
    case.refresh_from_db()
    assert (case.spam, case.status) == (False, Status.OPEN)
    assert found(ada) == {case.number}


def test_what_others_hang_on_is_not_marked_but_says_what_to_do(case, ada, cleo):
    part = CaseFactory(customer=cleo)
    merging.merge(part, by=ada, into=case)
    for one in (case, part):
        with pytest.raises(Refused, match="Separate the two"):
            spam.mark(one, by=ada)
    attached = CaseFactory()
    incidents.attach(attached, by=ada, incident=IncidentFactory(by=ada))
    with pytest.raises(Refused, match="Take it out of that one first"):
        spam.mark(attached, by=ada)


def test_nothing_hangs_on_it_until_it_is_none(case, ada, cleo, browser_of):
    other = CaseFactory(customer=cleo)
    spam.mark(case, by=ada)
    resolution.close(other, by=ada)
    for part, into in ((case, other), (other, case)):
        with pytest.raises(Refused, match=f"Case {case.number} is marked as spam"):
            merging.merge(part, by=ada, into=into)
    page = browser_of(ada).post(f"/desk/cases/{case.number}/spam/", {"spam": "no"}, follow=True)
    assert page.status_code == 200
    assert merging.merge(other, by=ada, into=case)


def test_its_page_offers_to_take_it_back_and_to_hold_mail_of_its_sender(case, ada, cleo, browser_of):
    desk = browser_of(ada)
    page = desk.post(f"/desk/cases/{case.number}/spam/", follow=True).text
    assert f"Hold all mail of {cleo.email}" in page
    assert "marked the case as spam" in page
    back = desk.post(f"/desk/cases/{case.number}/spam/", {"spam": "no"}, follow=True).text
    assert "Mark as spam" in back
