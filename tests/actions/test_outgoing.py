"""What is sent waits before it leaves: nobody but the desk knows of it, and it can be taken back."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from cases.actions import conversation, drafts, outgoing, resolution
from cases.models import Draft, Kind, Outgoing, Refused, Status

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _undo(settings):
    settings.UNDO_SECONDS = 10


@pytest.fixture
def wait(case, ada):
    def wait(body="It is fixed.", kind="reply", composer="reply", fields=None, by=ada, **more):
        words = {"resolution": body} if kind == "resolve" else {"body": body, "token": uuid4()}
        fields = {"body": body} if fields is None else fields
        return outgoing.wait(case, by=by, kind=kind, composer=composer, fields=fields, **(words | more))

    return wait


def leave(waiting):
    """Its time has come."""
    Outgoing.objects.filter(pk=waiting.pk).update(leaves_at=timezone.now())
    outgoing.leave(Outgoing.objects.get(pk=waiting.pk), at=timezone.now())


def kinds(case):
    return [*case.events.order_by("sequence").values_list("kind", flat=True)]


def test_nothing_leaves_before_its_time(wait, case, mailoutbox):
    before = kinds(case)
    waiting = wait()
    outgoing.leave(waiting, at=timezone.now())
    assert kinds(case) == before
    case.refresh_from_db()
    assert case.last_sequence == len(before)


def test_it_leaves_once_when_its_time_has_come(wait, case):
    waiting = wait()
    leave(waiting)
    assert kinds(case)[-1] == Kind.REPLY
    assert not Outgoing.objects.exists()
    outgoing.leave(waiting, at=timezone.now())
    assert kinds(case).count(Kind.REPLY) == 2  # the report, and this


def test_a_form_that_comes_twice_waits_once(wait):
    token = uuid4()
    assert wait(token=token)
    assert wait(token=token) is None
    assert Outgoing.objects.count() == 1


def test_other_words_in_the_same_form_wait_too(wait):
    token = uuid4()
    wait("One", token=token)
    wait("Two", token=token)
    assert Outgoing.objects.count() == 2


def test_what_would_be_refused_is_refused_at_once(wait, case, ada):
    resolution.close(case, by=ada)
    with pytest.raises(Refused, match="is closed"):
        wait()
    assert not Outgoing.objects.exists()


def test_taken_back_it_is_a_draft_again_with_all_that_its_form_held(wait, case, ada):
    fields = {"body": "Half", "attachments": [], "hand": "1h", "promises-TOTAL_FORMS": "0"}
    waiting = wait("Half", fields=fields)
    outgoing.take_back(case, by=ada, key=waiting.key)
    draft = Draft.objects.get()
    assert {name: draft.fields[name] for name in fields} == fields
    assert not Outgoing.objects.exists()


def test_what_was_begun_since_stands_below_what_is_taken_back(wait, case, ada):
    waiting = wait("First")
    drafts.keep(case, by=ada, kind="reply", fields={"body": "Second"}, seen=0)
    outgoing.take_back(case, by=ada, key=waiting.key)
    assert Draft.objects.get().fields["body"] == "First\n\nSecond"


def test_taken_back_twice_or_too_late_is_a_sentence(wait, case, ada):
    waiting = wait()
    outgoing.take_back(case, by=ada, key=waiting.key)
    with pytest.raises(Refused, match="taken back or discarded already"):
        outgoing.take_back(case, by=ada, key=waiting.key)
    another = wait("Another")
    leave(another)
    with pytest.raises(Refused, match="has been sent already"):
        outgoing.take_back(case, by=ada, key=another.key)


@pytest.mark.parametrize("deed", [outgoing.take_back, outgoing.discard, outgoing.send_now])
def test_nobody_else_decides(wait, case, abe, deed):
    waiting = wait()
    with pytest.raises(Refused, match="Only Ada"):
        deed(case, by=abe, key=waiting.key)


def test_discarded_it_is_gone_and_sent_now_it_is_said(wait, case, ada):
    outgoing.discard(case, by=ada, key=wait("One").key)
    outgoing.send_now(case, by=ada, key=wait("Two").key)
    assert not Outgoing.objects.exists()
    assert case.events.get(kind=Kind.REPLY, author=ada).body == "Two"


def test_a_customers_answer_keeps_it_back_and_its_author_is_told(wait, case, ada, cleo):
    waiting = wait()
    conversation.reply(case, by=cleo, body="It works again.")
    leave(waiting)
    waiting.refresh_from_db()
    assert waiting.leaves_at is None
    assert waiting.held == "Not sent: the customer answered."
    assert kinds(case)[-1] == Kind.HELD
    assert ada.notices.get().event.kind == Kind.HELD
    outgoing.send_now(case, by=ada, key=waiting.key)
    assert case.events.get(kind=Kind.REPLY, author=ada).body == "It is fixed."


def test_a_colleagues_word_and_an_end_keep_it_back(wait, case, ada, abe):
    waiting = wait()
    conversation.reply(case, by=abe, body="I have it.")
    leave(waiting)
    assert Outgoing.objects.get().held == "Not sent: a colleague wrote."
    another = wait("More")
    resolution.close(case, by=ada)
    leave(another)
    assert Outgoing.objects.get(pk=another.pk).held == "Not sent: the case was closed."


def test_ones_own_words_keep_nothing_back(wait, case, ada):
    first, second = wait("One"), wait("Two")
    leave(first)
    leave(second)
    assert [event.body for event in case.events.filter(author=ada).order_by("sequence")] == ["One", "Two"]


def test_an_author_who_left_sends_nothing_and_a_colleague_goes_on_with_it(wait, case, ada, abe):
    waiting = wait()
    ada.is_active = False
    ada.save()
    leave(waiting)
    assert "its author may not write" in Outgoing.objects.get().held
    with pytest.raises(Refused):
        outgoing.send_now(case, by=abe, key=waiting.key)
    outgoing.take_back(case, by=abe, key=waiting.key)
    assert Draft.objects.get().agent == abe


def test_a_resolution_waits_too_and_resolves_when_it_leaves(wait, case):
    waiting = wait(
        "Restarted it.", kind="resolve", composer="resolve", fields={"resolution": "Restarted it."}
    )
    case.refresh_from_db()
    assert case.status == Status.OPEN
    assert wait("Restarted it.", kind="resolve", composer="resolve") is None
    leave(waiting)
    case.refresh_from_db()
    assert (case.status, case.resolution) == (Status.RESOLVED, "Restarted it.")


def test_a_draft_that_is_kept_late_is_none(wait, case, ada):
    token = uuid4()
    wait("Said", token=token)
    assert drafts.keep(case, by=ada, kind="reply", fields={"body": "Said"}, seen=0, token=token) is None
    wait("Done", kind="resolve", composer="resolve")
    assert drafts.keep(case, by=ada, kind="resolve", fields={"resolution": "Done"}, seen=0) is None


def test_what_follows_is_done_with_it(wait, case, ada):
    until = timezone.now().replace(microsecond=0) + timedelta(days=1)
    leave(wait(then="snooze", until=until))
    leave(wait("And", then="investigate"))
    leave(wait("So", then="take"))
    case.refresh_from_db()
    assert (case.snoozed_until, case.status, case.assignee) == (until, Status.INVESTIGATING, ada)
