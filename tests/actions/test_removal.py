"""A passage or a file that is taken back is gone from everywhere, and the door for it is narrow."""

from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from cases import tasks
from cases.actions import (
    attachments,
    conversation,
    drafts,
    forwards,
    held,
    incident_updates,
    incidents,
    merging,
    person_exports,
    removal,
    requests,
    resolution,
)
from cases.actions.removal import opened_by
from cases.files.store import StoreUnavailable, store
from cases.mail.outbound import message_about
from cases.models import (
    Attachment,
    Bulk,
    Case,
    Delivery,
    Draft,
    Event,
    Kind,
    PersonExport,
    Refused,
    Suggestion,
)
from cases.queries import radar_reports, search
from tests.factories import CaseFactory, upload

CARD = "4111 1111 1111 1111"


def reply_with(case, by, body=f"Pay with {CARD}, please."):
    return conversation.reply(case, by=by, body=body)


def everything():
    """All that the database holds, as text."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"
        )
        texts = []
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM \"{table}\" AS t")
            texts.append(cursor.fetchone()[0])
    return " ".join(texts)


def test_a_passage_is_gone_from_wherever_it_stood(case, cleo, ada):
    said = reply_with(case, cleo)
    conversation.add_note(case, by=ada, body=f"She sent {CARD} in the open.")
    requests.ask(case, by=ada, what=f"proof that {CARD} is hers")
    resolution.resolve(case, by=ada, resolution=f"{CARD} works.", root_cause=f"{CARD} was blocked")
    drafts.keep(case, by=ada, kind="reply", fields={"body": f"Is {CARD} yours?"}, seen=0)
    suggestion = Suggestion.objects.create(system=case.system, matched=["1111", "refused"])
    suggestion.members.create(case=case)
    recorded = removal.remove_passage(case, by=ada, event=said.sequence, passage="4111 1111\n1111 1111")
    assert CARD not in everything()
    assert Suggestion.objects.get().matched == ["refused"]
    assert recorded.kind == Kind.REMOVED
    assert recorded.author == ada
    assert Event.objects.get(pk=said.pk).body == "Pay with [removed], please."
    assert Draft.objects.get().fields["body"] == "Is [removed] yours?"
    assert not search.find(ada, Case.objects.all(), "4111").hits


def test_it_goes_where_a_later_message_quotes_it_line_by_line(case, cleo, ada):
    said = reply_with(case, cleo, f"Pay with\n{CARD}, please. It is a good card.")
    quote = "On Monday Cleo wrote:\n> Pay with\n> 4111 1111\n> > 1111 1111, please. It is a good card.\n\nNo."
    quoted = conversation.reply(case, by=ada, body=quote)
    removal.remove_passage(case, by=ada, event=said.sequence, passage=f"{CARD}, please.")
    quoted.refresh_from_db()
    assert quoted.body == "On Monday Cleo wrote:\n> Pay with\n> [removed] It is a good card.\n\nNo."


def test_what_was_taken_out_about_its_people_before_is_handed_to_nobody(case, cleo, carl, ada, adam):
    said = reply_with(case, cleo)
    for person in (cleo, carl):
        person_exports.make(person_exports.ask(person, by=adam))
    removal.remove_passage(case, by=ada, event=said.sequence, passage=CARD)
    assert list(PersonExport.objects.filter(done_at__isnull=False)) == [PersonExport.objects.get(about=carl)]
    tasks.sweep_exports(0)
    assert not PersonExport.objects.filter(about=cleo).exists()


def test_what_is_being_taken_out_meanwhile_is_written_anew_without_it(case, cleo, ada, adam, monkeypatch):
    said, write = reply_with(case, cleo), held.cases_of

    def removed_meanwhile(person):
        yield from write(person)
        if CARD in Event.objects.get(pk=said.pk).body:
            removal.remove_passage(case, by=ada, event=said.sequence, passage=CARD)

    monkeypatch.setattr(held, "cases_of", removed_meanwhile)
    export = person_exports.ask(cleo, by=adam)
    person_exports.make(export)
    export.refresh_from_db()
    bundle = ZipFile(BytesIO(b"".join(store().read_range(export.stored, 0, export.size))))
    assert export.done_at
    assert b"[removed]" in bundle.read("cases.json")
    assert CARD.encode() not in bundle.read("cases.json")


@pytest.mark.parametrize("is_swept", [False, True])
def test_of_somebody_erased_meanwhile_nothing_that_was_taken_out_stays(
    case, cleo, adam, monkeypatch, is_swept
):
    write, export = held.cases_of, person_exports.ask(cleo, by=adam)

    def erased_meanwhile(person):
        yield from write(person)
        PersonExport.objects.update(asked_at=cleo.joined_at - timedelta(days=3))
        if is_swept:
            person_exports.sweep(timezone.now())

    monkeypatch.setattr(held, "cases_of", erased_meanwhile)
    person_exports.make(export)
    assert not PersonExport.objects.filter(done_at__isnull=False).exists()
    person_exports.sweep(timezone.now())
    with pytest.raises(StoreUnavailable):
        list(store().read_range(export.stored, 0, 10))


def test_mail_that_waits_leaves_without_it(case, cleo, ada):
    answer = conversation.reply(case, by=ada, body=f"We charged {CARD}.")
    removal.remove_passage(case, by=ada, event=answer.sequence, passage=CARD)
    waiting = Event.objects.select_related("case__customer", "case__system", "author").get(pk=answer.pk)
    assert "We charged [removed]." in message_about(waiting).body
    assert mail.outbox == []


def test_the_radar_reads_it_no_more(cleo, ada, till):
    case = CaseFactory(customer=cleo, system=till, description=f"Card {CARD} is refused.")
    removal.remove_passage(case, by=ada, event=2, passage=CARD)
    read = radar_reports.readings_of([case])
    assert "4111" not in repr(read)


def test_what_is_removed_from_a_note_stays_hidden_from_the_customer(case, ada):
    note = conversation.add_note(case, by=ada, body=f"{CARD} is theirs.")
    recorded = removal.remove_passage(case, by=ada, event=note.sequence, passage=CARD)
    assert (recorded.kind, recorded.public) == (Kind.REMOVED_NOTE, False)


def test_it_goes_from_the_cases_that_were_merged_too(case, cleo, ada):
    host = CaseFactory(customer=cleo)
    said = reply_with(case, cleo)
    merging.merge(case, by=ada, into=host)
    quoted = conversation.reply(host, by=ada, body=f"{CARD} is not accepted.")
    removal.remove_passage(host, by=ada, event=quoted.sequence, passage=CARD)
    assert CARD not in everything()
    record = Event.objects.get(case=host, kind=Kind.REMOVED)
    assert record.details["events"] == [said.pk, quoted.pk]
    assert Event.objects.get(case=case, kind=Kind.REMOVED).details["events"] == [said.pk]


def test_a_passage_that_does_not_stand_there_is_refused(case, cleo, ada):
    said = reply_with(case, cleo)
    for passage, why in (("Not there", "does not stand in this message"), ("Pay", "4 characters at least")):
        with pytest.raises(Refused, match=why):
            removal.remove_passage(case, by=ada, event=said.sequence, passage=passage)
    assert case.events.filter(kind=Kind.REMOVED).count() == 0


def test_times_within_an_event_are_no_words_of_it(case, ada):
    note = conversation.add_note(case, by=ada, body="Since 2026-11 it fails.")
    resolution.resolve(case, by=ada, resolution="Done.")
    changes = case.events.get(kind=Kind.RESOLVED).changes
    removal.remove_passage(case, by=ada, event=note.sequence, passage="2026-11")
    assert case.events.get(kind=Kind.RESOLVED).changes == changes


def test_a_file_is_removed_with_its_bytes(case, cleo, ada, kept):
    file = attachments.receive(upload("passport.png"), by=cleo)
    said = conversation.reply(case, by=cleo, body="My passport", attachments=[file])
    removal.remove_file(case, by=ada, file=Attachment.objects.get())
    assert Event.objects.get(pk=said.pk).attachments == [{"removed": True}]
    assert not Attachment.objects.visible_to(cleo).exists()
    assert not Attachment.objects.visible_to(ada).exists()
    tasks.drop_file(file=file.pk)
    assert not Attachment.objects.exists()
    assert [path for path in kept.rglob("*") if path.is_file()] == []
    assert "passport.png" not in everything()


def test_no_event_changes_outside_a_recorded_removal(case, cleo, ada):
    said = reply_with(case, cleo)
    removal.remove_passage(case, by=ada, event=said.sequence, passage=CARD)
    record, other = case.events.get(kind=Kind.REMOVED), reply_with(case, cleo, "Nothing secret.")
    mine, opened = Event.objects.filter(pk=said.pk), case.events.get(kind=Kind.OPENED)
    with opened_by(record):
        mine.update(body="Less.")  # the door, for what the record names
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        mine.update(body="Nothing.")
    for by, events, changed in (
        (opened, mine, {"body": "Nothing."}),  # records no removal
        (record, Event.objects.filter(pk=other.pk), {"body": "Nothing."}),  # is not named
        (record, Event.objects.filter(pk=record.pk), {"details": {}}),
        (record, mine, {"author": ada}),
        (record, mine, {"at": record.at}),
        (record, mine, {"kind": Kind.DECLINED}),
        (record, mine, {"sequence": 99}),
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), opened_by(by):
            events.update(**changed)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), opened_by(record):
        mine.delete()


def test_the_state_of_a_case_outlives_a_removal(case, cleo, ada):
    requests.ask(case, by=ada, what="the secret word")
    said = reply_with(case, cleo, "the secret word is sesame")
    before = Case.objects.get(pk=case.pk)
    removal.remove_passage(case, by=ada, event=said.sequence, passage="secret word")
    after = Case.objects.get(pk=case.pk)
    assert (after.status, after.waiting_on, after.waiting_since) == (
        before.status,
        before.waiting_on,
        before.waiting_since,
    )
    requests.ask(case, by=ada, what="a photo")  # which tells its clocks anew


def test_a_passage_is_gone_from_the_incident_that_told_it(case, ada, till):
    incident = incidents.open_incident(by=ada, title="Cards", system=till, severity=3, cases=[case.pk])
    incident_updates.update(incident, by=ada, body=f"{CARD} is refused.", cases=[case.pk])
    tasks.run_bulk(bulk=Bulk.objects.get().pk)
    told = case.events.get(kind=Kind.REPLY, role="agent")
    removal.remove_passage(case, by=ada, event=told.sequence, passage=CARD)
    assert CARD not in everything()


def test_who_was_mailed_it_before_is_said_and_noted_in_a_merged_case_too(case, cleo, ada, browser_of):
    part = CaseFactory(customer=cleo)
    event = reply_with(part, ada)
    Delivery.objects.create(event=event, address=cleo.email, message_id="1@here", state=Delivery.State.SENT)
    merging.merge(part, by=ada, into=case)
    page = browser_of(ada).get(f"/desk/cases/{part.number}/events/{event.sequence}/removal/").text
    assert f"It has already been emailed to {cleo.email}" in page
    removed = removal.remove_passage(part, by=ada, event=event.sequence, passage=CARD)
    assert (removed.case_id, removed.details["mailed"]) == (case.pk, [cleo.email])
    desk = browser_of(ada).get(f"/desk/cases/{case.number}/").text
    assert f"It was emailed before to {cleo.email}" in desk
    assert "emailed before" not in browser_of(cleo).get(f"/cases/{case.number}/").text


def test_to_whom_it_was_forwarded_is_said_and_noted_too(case, ada, cleo, browser_of):
    event, other = reply_with(case, cleo), reply_with(case, cleo, "Nothing of that.")
    for said, address in ((event, "vendor@example.net"), (other, "else@example.net")):
        sent = forwards.forward(case, by=ada, address=address, messages=[said.sequence])
        Delivery.objects.create(event=sent, address=address, message_id=address, state=Delivery.State.SENT)
    page = browser_of(ada).get(f"/desk/cases/{case.number}/events/{event.sequence}/removal/").text
    assert "It has already been emailed to vendor@example.net and can’t be recalled" in page
    removed = removal.remove_passage(case, by=ada, event=event.sequence, passage=CARD)
    assert removed.details["mailed"] == ["vendor@example.net"]
