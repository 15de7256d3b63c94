from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from cases.actions import bulk, merging, resolution, spam
from cases.actions.replies import REPLY
from cases.models import Bulk, BulkItem, Event, Promise
from tests.factories import CaseFactory

pytestmark = pytest.mark.django_db


def sent(by, cases, text="Hello {customer}, case {case} is fixed.", ago=timedelta()):
    token = uuid4()
    value = {"text": text, "token": str(token), "sent_at": (timezone.now() - ago).isoformat()}
    numbers = [case.number for case in cases]
    return bulk.start(by=by, name=REPLY, value=value, label="Reply to cases", cases=numbers, token=token)


def refusals(of):
    return dict(of.items.exclude(refused="").values_list("case", "refused"))


def test_each_customer_reads_their_own_words_in_their_own_case(ada, case, mallory):
    other = CaseFactory(customer=mallory)
    bulk.run(sent(ada, [case, other]))
    for one, name in ((case, "Cleo"), (other, "Mallory")):
        said = one.events.get(kind="reply", role="agent")
        assert said.body == f"Hello {name}, case {one.number} is fixed."
        assert said.author == ada


def test_whoever_was_told_is_not_told_again_after_a_crash(ada, case):
    asked = sent(ada, [case])
    bulk.run(asked)
    BulkItem.objects.update(done_at=None)
    bulk.run(asked)
    assert case.events.filter(kind="reply", role="agent").count() == 1


def test_what_cannot_get_it_says_why_and_the_others_get_it(ada, cleo, case):
    closed, merged, junk = (CaseFactory(customer=cleo) for _ in range(3))
    resolution.close(closed, by=ada)
    merging.merge(merged, by=ada, into=case)
    spam.mark(junk, by=ada)
    asked = sent(ada, [case, closed, merged, junk])
    bulk.run(asked)
    assert refusals(asked) == {
        closed.pk: f"Case {closed.number} is closed. Reopen it to write in it.",
        merged.pk: f"Case {merged.number} goes on in case {case.number}. Choose that one instead.",
        junk.pk: f"Case {junk.number} is marked as spam.",
    }
    assert [event.case_id for event in Event.objects.filter(kind="reply", role="agent")] == [case.pk]


def test_what_it_promises_counts_in_each_case_from_when_it_was_sent(ada, case):
    other = CaseFactory()
    bulk.run(sent(ada, [case, other], "We will update you within 2 hours.", ago=timedelta(minutes=30)))
    for one in (case, other):
        promise = Promise.objects.get(case=one, outcome=Promise.Outcome.RUNNING)
        assert timedelta(minutes=89) < promise.due_at - timezone.now() < timedelta(minutes=91)


def test_what_could_only_be_promised_late_or_to_a_case_that_is_over_is_not_sent(ada, case):
    late = sent(ada, [case], "We will update you within 2 hours.", ago=timedelta(hours=3))
    bulk.run(late)
    resolution.resolve(case, by=ada, resolution="Fixed.")
    over = sent(ada, [case], "We will update you within 2 hours.")
    bulk.run(over)
    assert "That time has passed." in refusals(late)[case.pk]
    assert "nothing can be promised in it" in refusals(over)[case.pk]
    assert not case.events.filter(kind="reply", role="agent").exists()


def test_a_summary_promises_nothing(ada):
    case = CaseFactory(summary="We will update you within 2 hours")
    bulk.run(sent(ada, [case], "About “{summary}”: we look."))
    assert not Promise.objects.filter(case=case).exists()


def test_it_can_be_stopped_between_two_cases(ada, case):
    asked = sent(ada, [case])
    bulk.stop(asked, by=ada)
    bulk.run(Bulk.objects.get())
    assert not case.events.filter(kind="reply", role="agent").exists()
