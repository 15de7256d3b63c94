from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from cases.actions import attachments, conversation, drafts, resolution
from cases.actions.importing import document_of, import_document
from cases.files.store import Folder, StoreUnavailable
from cases.models import Attachment, Event, Guest, Kind, Refused, Status
from tests.factories import CaseFactory, picture, upload


@pytest.fixture
def given(cleo):
    def receive(name="shot.png", content=None, by=cleo):
        return attachments.receive(upload(name, content), by=by)

    return receive


def files_in(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_received_file_is_stored_under_its_key_with_a_small_picture(given, kept):
    one = given("../../shot.png")
    assert (one.name, one.content_type, one.width, one.height) == ("shot.png", "image/png", 60, 40)
    assert files_in(kept) == [one.key.hex, f"{one.key.hex}.webp"]
    assert (kept / one.stored).read_bytes() == picture()


def test_an_empty_file_is_refused_with_a_sentence(given, kept):
    with pytest.raises(Refused, match=r"“log\.txt” is empty: it has 0 bytes\."):
        given("log.txt", b"")
    assert files_in(kept) == []


def test_what_an_event_says_of_its_files_stands_in_the_event(given, case, cleo):
    one, two = given(), given("a.log", b"line\n")
    event = conversation.reply(case, by=cleo, body="Look.", attachments=[one, two])
    event.refresh_from_db()
    assert [told["name"] for told in event.attachments] == ["shot.png", "a.log"]
    assert event.attachments[0] == {
        "key": str(one.key),
        "name": "shot.png",
        "type": "image/png",
        "size": one.size,
        "sha256": one.sha256,
        "width": 60,
        "height": 40,
    }
    assert list(event.files.values_list("pk", "case")) == [(one.pk, case.pk), (two.pk, case.pk)]


def test_files_alone_are_a_message(given, case, cleo):
    event = conversation.reply(case, by=cleo, body="", attachments=[given()])
    assert (event.body, len(event.attachments)) == ("", 1)


@pytest.mark.parametrize("say", [conversation.reply, resolution.reopen, resolution.decline])
def test_a_message_received_twice_counts_once_even_if_its_files_came_twice(given, case, cleo, say):
    token = uuid4()
    for _ in range(2):
        say(case, by=cleo, body="", token=token, attachments=[given()])
    assert Event.objects.exclude(attachments=[]).count() == 1
    assert Attachment.objects.pending().count() == 1


def test_other_files_from_the_same_form_are_another_message(given, case, cleo):
    token = uuid4()
    conversation.reply(case, by=cleo, body="Look.", token=token, attachments=[given()])
    conversation.reply(case, by=cleo, body="Look.", token=token, attachments=[given("b", b"b")])
    assert case.events.exclude(attachments=[]).count() == 2


def test_files_that_were_sent_already_say_nothing_anew(given, case, cleo):
    one = given()
    conversation.reply(case, by=cleo, body="", attachments=[one])
    one.refresh_from_db()
    assert conversation.reply(case, by=cleo, body="", token=uuid4(), attachments=[one]) is None
    with pytest.raises(Refused, match=r"“shot\.png” went with an earlier message"):
        conversation.reply(case, by=cleo, body="And?", attachments=[one])


def test_a_refused_message_leaves_its_files_as_they_were(given, case, cleo, ada, kept):
    resolution.close(case, by=ada)
    one = given()
    with pytest.raises(Refused):
        conversation.reply(case, by=cleo, body="Look.", attachments=[one])
    one.refresh_from_db()
    assert one.event is None
    assert len(files_in(kept)) == 2


def test_a_message_does_not_go_without_a_file_that_is_gone(given, case, cleo):
    one = given()
    attachments.let_go(one)
    with pytest.raises(Refused, match="Choose your files again"):
        conversation.reply(case, by=cleo, body="Look.", attachments=[one])
    assert not case.events.filter(body="Look.").exists()


def test_declining_and_reopening_carry_files(given, case, cleo, ada):
    resolution.resolve(case, by=ada, resolution="Done.")
    resolution.decline(case, by=cleo, attachments=[given()])
    case.refresh_from_db()
    assert case.status == Status.OPEN
    assert [event.kind for event in case.events.exclude(attachments=[])] == [Kind.REPLY]


def test_a_report_carries_files(given, cleo, till):
    case = CaseFactory(customer=cleo, system=till, attachments=[given()])
    assert case.events.get(kind=Kind.REPLY).attachments[0]["name"] == "shot.png"


def test_an_event_keeps_what_it_said_of_its_files(given, case, cleo):
    conversation.reply(case, by=cleo, body="", attachments=[given()])
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Event.objects.exclude(attachments=[]).update(attachments=[])


def test_documents_are_as_they_were(given, case, cleo):
    before = document_of(case)
    conversation.reply(case, by=cleo, body="", attachments=[given()])
    case.refresh_from_db()
    assert document_of(case).messages == before.messages
    assert import_document(document_of(case)).done == "unchanged"


class TestWhoSees:
    def seen_by(self, *viewers):
        return [Attachment.objects.visible_to(viewer).exists() for viewer in viewers]

    def test_a_replys_file_whoever_sees_the_case(self, given, case, cleo, carl, mallory, ada):
        conversation.reply(case, by=cleo, body="", attachments=[given()])
        assert self.seen_by(cleo, carl, ada) == [True] * 3
        assert self.seen_by(mallory, Guest(), Guest((case.number,))) == [False] * 3

    def test_a_visitors_file_whoever_sees_the_case(self, given, claimed, cleo, carl, mallory, ada):
        visitor = Guest((claimed.number,), uploads="theirs")
        conversation.reply(claimed, by=visitor, body="", attachments=[given()])
        assert self.seen_by(visitor, ada) == [True] * 2
        assert self.seen_by(cleo, carl, mallory, Guest()) == [False] * 4

    def test_a_notes_file_only_agents(self, given, case, cleo, ada, abe):
        conversation.add_note(case, by=ada, body="", attachments=[given(by=ada)])
        assert self.seen_by(ada, abe) == [True] * 2
        assert self.seen_by(cleo, Guest((case.number,))) == [False] * 2

    def test_a_pending_file_only_its_uploader(self, given, cleo, carl, ada):
        given()
        assert self.seen_by(cleo, carl, ada, Guest()) == [True, False, False, False]

    def test_a_visitors_pending_file_only_their_browser(self, given, db, ada):
        given(by=Guest(uploads="mine"))
        assert self.seen_by(Guest(uploads="mine"), Guest(uploads="other"), Guest(), ada) == [
            True, False, False, False,
        ]  # fmt: skip

    def test_a_file_that_was_let_go_nobody(self, given, cleo, monkeypatch):
        one = given()

        def away(*_):
            raise StoreUnavailable

        monkeypatch.setattr(Folder, "remove", away)
        attachments.let_go(one)
        assert Attachment.objects.filter(pk=one.pk).exists()  # until the store gives it up
        assert self.seen_by(cleo, Guest()) == [False, False]


def test_who_signs_in_keeps_what_they_chose(given, db, cleo):
    one = given(by=Guest(uploads="mine"))
    attachments.claim("mine", by=cleo)
    one.refresh_from_db()
    assert (one.uploader, one.session) == (cleo, "")


def test_a_visitor_cannot_fill_the_disk(given, db, monkeypatch):
    visitor = Guest(uploads="mine")
    monkeypatch.setitem(attachments.MOST_PENDING, False, 2)
    for n in range(2):
        given(content=b"%d" % n, by=visitor)
    with pytest.raises(Refused, match="too many of your files wait"):
        given(by=visitor)
    monkeypatch.setattr(attachments, "MOST_OF_VISITORS", 100)
    with pytest.raises(Refused, match="Sign in to send it"):
        given(content=b"x" * 100, by=Guest(uploads="another"))


class TestSweeping:
    def test_what_was_not_sent_within_a_day_is_thrown_away(self, given, case, cleo, kept):
        old, sent, new = given(content=b"a"), given(content=b"b"), given(content=b"c")
        conversation.reply(case, by=cleo, body="", attachments=[sent])
        Attachment.objects.exclude(pk=new.pk).update(created_at=timezone.now() - timedelta(hours=25))
        assert attachments.sweep() == 1
        assert files_in(kept) == sorted([sent.key.hex, new.key.hex])
        assert not Attachment.objects.filter(pk=old.pk).exists()

    def test_a_draft_keeps_its_files(self, given, case, ada):
        one = given(by=ada)
        fields = {"body": "", "attachments": [str(one.key)]}
        drafts.keep(case, by=ada, kind="reply", fields=fields, seen=0)
        Attachment.objects.update(created_at=timezone.now() - timedelta(days=9))
        assert attachments.sweep() == 0

    def test_what_the_store_did_not_give_up_is_tried_again(self, given, kept, monkeypatch):
        one = given(content=b"a")
        with monkeypatch.context() as broken:
            broken.setattr(Folder, "remove", lambda *_: (_ for _ in ()).throw(StoreUnavailable()))
            attachments.let_go(one)
        assert files_in(kept) == [one.key.hex]
        assert attachments.sweep() == 1
        assert files_in(kept) == []

    def test_files_that_cannot_be_deleted_keep_no_others_from_going(self, given, kept, monkeypatch):
        monkeypatch.setattr(attachments, "SWEPT_AT_ONCE", 3)
        stuck = [given(content=b"stuck %d" % n) for n in range(3)]
        others = [given(content=b"%d" % n) for n in range(3)]
        Attachment.objects.update(created_at=timezone.now() - timedelta(days=2))
        names, remove = {one.stored for one in stuck}, Folder.remove

        def sticks(store, name):
            if name in names:
                raise StoreUnavailable
            remove(store, name)

        monkeypatch.setattr(Folder, "remove", sticks)
        assert [attachments.sweep() for _ in range(3)] == [0, 3, 0]
        assert not Attachment.objects.filter(pk__in=[one.pk for one in others]).exists()
        names.clear()
        assert attachments.sweep() == 3

    def test_a_store_that_is_away_is_not_asked_for_every_file(self, given, kept, monkeypatch):
        for n in range(3):
            given(content=b"%d" % n)
        Attachment.objects.update(created_at=timezone.now() - timedelta(days=2))
        asked = []

        def away(store, name):
            asked.append(name)
            raise StoreUnavailable

        monkeypatch.setattr(attachments, "MOST_KEPT", 2)
        monkeypatch.setattr(Folder, "remove", away)
        assert attachments.sweep() == 0
        assert len(asked) == 2

    def test_a_draft_that_is_long_held_keeps_no_others_from_going(self, given, case, ada, monkeypatch):
        monkeypatch.setattr(attachments, "SWEPT_AT_ONCE", 1)
        held, other = given(content=b"a", by=ada), given(content=b"b", by=ada)
        drafts.keep(case, by=ada, kind="note", fields={"body": "", "attachments": [str(held.key)]}, seen=0)
        Attachment.objects.update(created_at=timezone.now() - timedelta(days=9))
        assert attachments.sweep() == 1
        assert not Attachment.objects.filter(pk=other.pk).exists()


def test_a_store_that_is_away_leaves_neither_row_nor_file(given, kept, monkeypatch):
    def away(*_):
        raise StoreUnavailable

    monkeypatch.setattr(Folder, "put", away)
    with pytest.raises(Refused, match="We could not keep “shot"):
        given()
    assert (files_in(kept), Attachment.objects.count()) == ([], 0)


def test_the_store_is_never_asked_in_a_transaction(given, monkeypatch, transactional_db):
    asked, keep = [], Folder.put
    monkeypatch.setattr(Folder, "put", lambda *args: asked.append(connection.in_atomic_block) or keep(*args))
    given()
    assert asked == [False, False]


def test_a_file_that_is_being_thrown_away_goes_with_no_message(case, cleo):
    one = attachments.receive(upload(), by=cleo)
    Attachment.objects.filter(pk=one.pk).update(uploader=None, session="")  # as `let_go` begins
    with pytest.raises(Refused, match="not here any more"):
        conversation.reply(case, by=cleo, body="See the file.", attachments=[one])


def test_a_resolution_carries_files_once_however_often_its_form_comes(given, case, ada):
    log = given("log.txt", b"fixed", by=ada)
    event = resolution.resolve(case, by=ada, resolution="Restarted.", attachments=[log])
    assert [file["name"] for file in event.attachments] == ["log.txt"]
    again = given("log.txt", b"fixed", by=ada)  # without JavaScript the file comes along each time
    for files in ([log], [again], []):
        assert resolution.resolve(case, by=ada, resolution="Restarted.", attachments=files) is None
    assert case.events.filter(kind=Kind.RESOLVED).count() == 1


def test_a_file_that_comes_after_its_resolution_is_refused_and_not_lost(given, case, ada):
    resolution.resolve(case, by=ada, resolution="Restarted.")
    late = given("log.txt", b"fixed", by=ada)
    with pytest.raises(Refused, match="is already resolved"):
        resolution.resolve(case, by=ada, resolution="Restarted.", attachments=[late])
    conversation.reply(case, by=ada, body="", attachments=[late])
