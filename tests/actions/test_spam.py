"""What is marked as spam counts nowhere and tells nobody, and comes back as it was."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from cases.actions import (
    bulk,
    case_counts,
    conversation,
    escalations,
    incidents,
    merging,
    promises,
    rating,
    reminders,
    requests,
    resolution,
    retention,
    spam,
    triage,
)
from cases.actions.conversation import ReplyTerms
from cases.actions.importing import import_document
from cases.actions.radar import judge
from cases.models import (
    Case,
    Kind,
    Limit,
    Notification,
    Outcome,
    Promise,
    Refused,
    Request,
    SavedView,
    Status,
    Suggestion,
    ToMail,
)
from cases.models.promise import PromiseTerms
from cases.queries import owners, queue, statistics, view_counts
from cases.transcripts.document import Document, Message
from tests.factories import CaseFactory, IncidentFactory, TeamFactory

from .test_incoming import answer, asked, receive

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


def past_of(agent, owner):
    """What the desk reads of what they had: the figures, and the cases of the list."""
    figures = {what: n for what, n in owners.figures(agent, owner).items() if n}
    page = owners.cases_of(agent, owner, which="past", before="", count=sum(figures.values()))
    return figures, [row["number"] for row in page.rows]


def test_a_customer_and_an_organisation_have_it_no_more_nor_what_it_held_until_it_is_no_spam(case, ada, cleo):
    promises.promise(case, by=ada, due_at=timezone.now() + timedelta(hours=1))
    resolution.resolve(case, by=ada, resolution="Done.")
    resolution.confirm(case, by=cleo)
    rating.rate(case, by=cleo, good=False)
    whole = {"past": 1, "kept": 1, "bad": 1}, [case.number]
    spam.mark(case, by=ada)
    for owner in (cleo, cleo.organisation):
        assert past_of(ada, owner) == ({"spam": 1}, [])
        assert owners.lately(ada, owner).ratings.rows == []
    assert case_counts.mismatches() == []
    spam.unmark(case, by=ada)
    case_counts.fold()
    for owner in (cleo, cleo.organisation):
        assert past_of(ada, owner) == whole
    assert case_counts.mismatches() == []


def test_what_is_judged_while_it_is_spam_counts_only_once_it_is_none(case, ada, cleo):
    promises.promise(case, by=ada, due_at=timezone.now() + timedelta(hours=1))
    spam.mark(case, by=ada)
    Promise.objects.update(outcome="kept")
    assert past_of(ada, cleo)[0] == {"spam": 1}
    assert case_counts.mismatches() == []
    Case.objects.update(spam=False)
    assert past_of(ada, cleo)[0] == {"past": 1, "kept": 1}
    assert case_counts.mismatches() == []


def test_the_page_of_its_customer_says_so_and_stays_there_for_who_is_limited(
    case, ada, cleo, till, browser_of
):
    ada.limit = Limit.objects.create(name="Tills", systems=[till.pk])
    ada.save()
    spam.mark(case, by=ada)
    for address in (f"/desk/customers/{cleo.pk}/", f"/desk/organisations/{cleo.organisation_id}/"):
        page = browser_of(ada).get(address)
        assert page.status_code == 200
        assert "Past <b>0</b>" in page.text
        assert '<a href="?list=spam">Spam <b>1</b></a>' in page.text


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


@pytest.mark.parametrize("is_told", [False, True])
def test_what_fell_due_as_it_was_marked_is_said_to_be_overdue_once(case, ada, is_told):
    due_at = timezone.now() + timedelta(seconds=1)
    promises.promise(case, by=ada, due_at=due_at)
    Promise.objects.update(due_at=due_at - timedelta(minutes=1), next_check_at=due_at - timedelta(minutes=1))
    if is_told:
        reminders.act(Promise.objects.get(), at=timezone.now())
    spam.mark(case, by=ada)
    spam.unmark(case, by=ada)
    for _ in range(2):
        reminders.act(Promise.objects.get(), at=timezone.now())
    assert case.events.filter(kind=Kind.BROKEN).count() == 1
    assert Promise.objects.get().broken_at == due_at - timedelta(minutes=1)


def test_what_was_read_as_a_promise_asks_again_once_it_is_none(case, ada):
    word = PromiseTerms(timezone.now() + timedelta(hours=1), "within the hour")
    conversation.reply(case, by=ada, body="?", terms=ReplyTerms(promises=[], proposes=[word]))
    spam.mark(case, by=ada)
    found = Promise.objects.get()
    with pytest.raises(Refused):
        promises.accept(case, by=ada, promise=found.pk)
    spam.unmark(case, by=ada)
    found.refresh_from_db()
    assert (found.outcome, found.ended_at) == (Promise.Outcome.PROPOSED, None)
    assert promises.accept(case, by=ada, promise=found.pk).kind == Kind.PROMISED


def test_it_neither_goes_on_in_another_case_nor_another_in_it(case, ada, cleo):
    other = CaseFactory(customer=cleo)
    spam.mark(case, by=ada)
    resolution.close(other, by=ada)
    for part, end in ((case, other), (other, case)):
        with pytest.raises(Refused, match=f"Case {case.number} is marked as spam"):
            merging.merge(part, by=ada, into=end)
    assert spam.unmark(case, by=ada)


def test_it_loses_its_customer_with_time_as_a_closed_case_does(case, ada, cleo, settings):
    settings.RETENTION_DAYS = 30
    spam.mark(case, by=ada)
    at = timezone.now() + timedelta(days=31)
    assert list(retention.due(at)) == [case]
    retention.run(at, 5)
    assert Case.objects.get().anonymised


def test_many_are_marked_and_taken_back_at_once_and_those_that_refuse_are_named(case, ada, cleo):
    host, part, fine = CaseFactory(customer=cleo), CaseFactory(customer=cleo), CaseFactory()
    merging.merge(part, by=ada, into=host)
    attached = CaseFactory()
    incidents.attach(attached, by=ada, incident=IncidentFactory(by=ada))
    spam.mark(fine, by=ada)
    numbers = [one.pk for one in (case, host, part, fine, attached)]
    marked = bulk.start(by=ada, name="spam", value="yes", label="Mark as spam", cases=numbers)
    bulk.run(marked)
    assert found(ada, status="spam") == {case.number, fine.number}
    refused = dict(marked.items.exclude(refused="").values_list("case", "refused"))
    assert refused.keys() == {host.pk, part.pk, attached.pk}
    assert "Separate the two" in refused[host.pk]
    assert "Take it out of that one first" in refused[attached.pk]
    bulk.run(bulk.start(by=ada, name="spam", value="no", label="No spam", cases=numbers))
    assert found(ada, status="spam") == set()
    assert found(ada) == {case.number, host.number, fine.number, attached.number}
    assert fine.events.filter(kind=Kind.SPAM).count() == 1


def test_its_customer_does_not_reopen_it_but_reads_what_to_do_and_an_agent_does(case, ada, cleo, browser_of):
    spam.mark(case, by=ada)
    browser = browser_of(cleo)
    page = browser.get(f"/cases/{case.number}/").text
    assert "Report a new problem" in page
    assert "Reopen and send" not in page
    answer = browser.post(f"/cases/{case.number}/reopening/", {"body": "I do need help!"})
    assert answer.status_code == 422
    assert "I do need help!" in answer.text
    assert f"Case {case.number} is closed for good. Report what you need help with anew." in answer.text
    case.refresh_from_db()
    assert (case.spam, case.status) == (True, Status.CLOSED)
    resolution.reopen(case, by=ada, body="Can we help?")
    case.refresh_from_db()
    assert (case.spam, case.status) == (False, Status.OPEN)


@pytest.mark.parametrize("sender", ["cleo@example.com", "x@example.net"])
def test_mail_to_it_is_kept_there_and_tells_nobody(case, ada, cleo, sender):
    sent = asked(case)
    triage.assign(case, by=ada, assignee=ada)
    spam.mark(case, by=ada)
    ToMail.objects.all().delete()
    got = receive(answer(sent, sender, "Cheap pills!"))
    case.refresh_from_db()
    assert (case.spam, case.status) == (True, Status.CLOSED)
    assert (got.mail.case, got.outcome, got.mail.event.kind) == (case, Outcome.NOTED, Kind.NOTE)
    assert not ToMail.objects.exists()
    assert not Notification.objects.filter(event=got.mail.event).exists()
    assert found(ada) == set()


def test_a_newer_document_leaves_it_closed(ada):
    said = Document(case_id="OLD-1", issue_summary="Pills", status="open", generated_at=timezone.now())
    case = import_document(said).case
    spam.mark(case, by=ada)
    message = Message("customer", timezone.now(), "More pills!")
    import_document(replace(said, messages=(message,), generated_at=timezone.now()))
    case.refresh_from_db()
    assert (case.spam, case.status) == (True, Status.CLOSED)
    assert case.events.filter(body="More pills!").exists()


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


def test_its_page_offers_to_take_it_back_and_to_hold_mail_of_its_sender(case, ada, cleo, browser_of):
    desk = browser_of(ada)
    page = desk.post(f"/desk/cases/{case.number}/spam/", follow=True).text
    assert f"Hold all email from {cleo.email}" in page
    assert "marked the case as spam" in page
    back = desk.post(f"/desk/cases/{case.number}/spam/", {"spam": "no"}, follow=True).text
    assert "Mark as spam" in back
