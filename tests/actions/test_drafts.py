"""Drafts: kept in versions, never written over unseen, and gone with what was sent."""

from functools import partial
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection

from cases.actions import conversation, drafts, macros, resolution
from cases.actions.drafts import AnswersCrossed, DraftConflict
from cases.models import Draft, Macro, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def keep(case, ada):
    def keep(body="Half a", seen=0, kind="reply", **more):
        return drafts.keep(case, by=ada, kind=kind, fields={"body": body}, seen=seen, **more)

    return keep


@pytest.fixture
def send(case, ada):
    def send(body="Half a", seen=0, kind="reply", after=None, token=None, say=conversation.reply):
        return drafts.send(
            case,
            by=ada,
            kind=kind,
            say=say,
            fields={"body": body},
            seen=seen,
            after=after,
            body=body,
            token=token,
        )

    return send


def text():
    return Draft.objects.get().fields["body"]


def test_a_draft_is_kept_in_versions(keep):
    first = keep("Half a")
    second = keep("Half a thought", seen=first.version)
    assert second.version == first.version + 1
    assert text() == "Half a thought"


def test_the_same_text_once_more_leaves_the_version_that_was_seen(keep, case, ada):
    seen = keep("Half a", token=uuid4()).version
    assert keep("Half a", token=uuid4()).version == seen
    drafts.discard(case, by=ada, kind="reply", seen=seen)
    assert not Draft.objects.exists()


def test_a_draft_is_no_event_and_moves_nothing(keep, case):
    keep()
    before = case.last_sequence, case.changed_at
    case.refresh_from_db()
    assert (case.last_sequence, case.changed_at) == before


def test_each_composer_of_each_agent_has_its_own(keep, case, abe):
    keep()
    keep(kind="note")
    drafts.keep(case, by=abe, kind="reply", fields={"body": "Abe's"}, seen=0)
    assert Draft.objects.count() == 3


def test_an_emptied_composer_ends_the_draft(keep):
    kept = keep()
    assert keep(" \n", seen=kept.version) is None
    assert not Draft.objects.exists()


def test_nothing_written_begins_no_draft(keep, case, ada):
    assert keep("  ") is None
    case.root_cause = "Dust."
    case.save()
    fields = {"resolution": "", "root_cause": "Dust.", "area": "network"}
    assert drafts.keep(case, by=ada, kind="resolve", fields=fields, seen=0) is None
    fields["root_cause"] = "Dust in the reader."
    assert drafts.keep(case, by=ada, kind="resolve", fields=fields, seen=0)


def test_a_newer_version_is_not_written_over_and_comes_with_the_refusal(keep):
    seen = keep("Words").version
    newer = keep("Words of one tab", seen=seen)
    with pytest.raises(DraftConflict, match="changed in another tab") as conflict:
        keep("Words of the other", seen=seen)
    assert conflict.value.draft == newer
    assert text() == "Words of one tab"
    keep("Words of the other", seen=newer.version)
    assert text() == "Words of the other"


def test_a_text_that_only_goes_on_with_the_newer_one_takes_nothing_away(keep):
    seen = keep("Words").version
    keep("Words of", seen=seen)
    keep("Words of wisdom", seen=seen)
    assert text() == "Words of wisdom"


def test_the_form_that_wrote_last_may_always_write(keep):
    token = uuid4()
    keep("Words", token=token)
    keep("Other words", token=token)
    assert text() == "Other words"
    with pytest.raises(DraftConflict):
        keep("Third words", token=uuid4())


def test_a_second_tab_does_not_empty_what_the_first_wrote(keep):
    keep("Words")
    with pytest.raises(DraftConflict):
        keep("")
    assert text() == "Words"


def test_a_draft_that_is_gone_is_said_to_be(keep, case, ada):
    seen = keep().version
    drafts.discard(case, by=ada, kind="reply", seen=seen)
    with pytest.raises(DraftConflict, match="sent or discarded in another tab") as conflict:
        keep("Half a thought", seen=seen)
    assert conflict.value.draft is None


def test_a_later_draft_is_not_taken_for_the_one_that_was_seen(keep, case, ada):
    seen = keep("One").version
    drafts.discard(case, by=ada, kind="reply", seen=seen)
    keep("Another")
    with pytest.raises(DraftConflict):
        keep("One and a half", seen=seen)


def test_discarding_what_changed_meanwhile_is_refused(keep, case, ada):
    seen = keep("One").version
    keep("Another", seen=seen)
    with pytest.raises(DraftConflict):
        drafts.discard(case, by=ada, kind="reply", seen=seen)
    assert text() == "Another"


def test_sending_ends_the_draft(keep, send, case):
    keep("For later", kind="note")
    send(seen=keep().version)
    assert case.events.filter(body="Half a").exists()
    assert [draft.kind for draft in Draft.objects.all()] == ["note"]


def test_what_could_not_be_sent_stays_a_draft(keep, send, case, ada):
    seen = keep().version
    resolution.close(case, by=ada)
    with pytest.raises(Refused, match="is closed"):
        send(seen=seen)
    assert text() == "Half a"


def test_with_a_macro_as_well(keep, case, ada):
    seen = keep("Hello.").version
    macro = Macro.objects.create(name="Bill", body="Hello.", assignee="me")
    say = partial(macros.apply, macro=macro, composer="reply", only=["assignee:me"])
    drafts.send(
        case, by=ada, kind="reply", say=say, fields={"body": "Hello."}, seen=seen, after=None, body="Hello."
    )
    case.refresh_from_db()
    assert case.assignee == ada
    assert not Draft.objects.exists()


def test_a_stale_tab_does_not_send_again(keep, send, case):
    seen = keep().version
    send(seen=seen)
    with pytest.raises(DraftConflict):
        send(seen=seen)
    assert case.events.filter(body="Half a").count() == 1


def test_a_stale_tab_does_not_send_over_a_newer_text(keep, send):
    seen = keep("Words").version
    keep("Better words", seen=seen)
    with pytest.raises(DraftConflict):
        send("Words", seen=seen)
    assert text() == "Better words"


def test_a_form_that_is_received_twice_counts_once_and_is_no_conflict(keep, send, case):
    seen, token = keep().version, uuid4()
    send(seen=seen, token=token)
    send(seen=seen, token=token)
    assert case.events.filter(body="Half a").count() == 1


def test_a_resolution_received_twice_is_no_conflict_either(case, ada):
    fields = {"resolution": "Dusted."}
    seen = drafts.keep(case, by=ada, kind="resolve", fields=fields, seen=0).version
    for _ in range(2):
        drafts.send(
            case,
            by=ada,
            kind="resolve",
            say=resolution.resolve,
            fields=fields,
            seen=seen,
            after=None,
            **fields,
        )
    assert case.events.filter(kind="resolved").count() == 1
    assert drafts.keep(case, by=ada, kind="resolve", fields=fields, seen=0) is None


def test_a_draft_that_arrives_after_it_was_sent_is_not_kept(keep, send):
    token = uuid4()
    send(token=token)
    assert keep(token=token) is None
    assert not Draft.objects.exists()


def test_an_answer_that_was_not_seen_is_asked_about(keep, send, case, cleo):
    seen = keep().version
    answer = conversation.reply(case, by=cleo, body="It is red.")
    with pytest.raises(AnswersCrossed) as crossed:
        send(seen=seen, after=2)
    assert crossed.value.event == answer
    assert text() == "Half a"
    send(seen=seen, after=answer.sequence)
    assert not Draft.objects.exists()


def test_a_colleagues_note_crosses_too(send, case, abe):
    conversation.add_note(case, by=abe, body="Do not answer yet.")
    with pytest.raises(AnswersCrossed):
        send(after=2)


def test_what_one_said_oneself_and_what_nobody_said_crosses_nothing(send, case, ada, abe):
    conversation.add_note(case, by=ada, body="From my other tab.")
    resolution.close(case, by=abe)
    resolution.reopen(case, by=ada)
    send(after=2)
    assert case.events.last().kind == "reply"


def test_a_note_crosses_nothing(send, case, cleo):
    conversation.reply(case, by=cleo, body="It is red.")
    send(kind="note", say=conversation.add_note, after=2)
    assert case.events.last().kind == "note"


@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_once_begin_one_draft(case, ada):
    start, outcomes = Barrier(2), []

    def tab(body):
        start.wait()
        try:
            drafts.keep(case, by=ada, kind="reply", fields={"body": body}, seen=0)
            outcomes.append("kept")
        except DraftConflict:
            outcomes.append("told")
        finally:
            connection.close()

    tabs = [Thread(target=tab, args=[body]) for body in ("One", "Two")]
    for one in tabs:
        one.start()
    for one in tabs:
        one.join()
    assert sorted(outcomes) == ["kept", "told"]
    assert Draft.objects.count() == 1
