"""A person is gone from everywhere, and what happened stays as it was."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from cases import tasks
from cases.actions import (
    account_merging,
    attachments,
    audit,
    bulk,
    claims,
    conversation,
    drafts,
    erasure,
    forwards,
    incident_updates,
    incidents,
    invitations,
    rating,
    requests,
    resolution,
    secrets,
    triage,
)
from cases.models import (
    Attachment,
    AuditEntry,
    AuditKind,
    Bulk,
    Case,
    Delivery,
    Draft,
    Event,
    Guest,
    Kind,
    Outcome,
    ReceivedMail,
    Refused,
    SavedView,
    User,
)
from cases.queries import search, statistics, view_counts
from cases.wording.audit import deed
from tests.actions.test_removal import everything
from tests.factories import CaseFactory, UserFactory, upload

NAME = "Zita Quillfeather"


@pytest.fixture
def zita(bakery):
    person = UserFactory(name=NAME, email="zita.q@bakery.example", organisation=bakery)
    EmailAddress.objects.create(user=person, email="zq@home.example", verified=True)
    return person


@pytest.fixture
def lived(zita, carl, ada, adam, till, kept):
    """A case of hers with all that a case can have of a person, and one of a colleague that mentions her."""
    invitations.invite("zq@home.example", by=adam)
    case = CaseFactory(customer=zita, system=till, summary=f"{NAME} cannot sign in")
    file = attachments.receive(upload("zita.png"), by=zita)
    conversation.reply(case, by=zita, body=f"I am {NAME}, write to ZQ@home.example", attachments=[file])
    conversation.add_note(case, by=ada, body=f"{NAME.upper()} called from home, not Zitadelle.")
    requests.ask(case, by=ada, what=f"the password of {NAME}", secret=True)
    secrets.give(case, by=zita, body="sesame", request=case.requests.get().pk)
    drafts.keep(case, by=ada, kind="note", fields={"body": f"{NAME} again"}, seen=0)
    triage.assign(case, by=ada, assignee=ada)
    resolution.resolve(case, by=ada, resolution=f"Let {NAME} in.")
    resolution.confirm(case, by=zita)
    rating.rate(case, by=zita, good=True, word=f"Thanks! {NAME}")
    others = CaseFactory(customer=carl, system=till, description=f"As {NAME} said.")
    app.configure_task("cases.tasks.mail_text").defer(to="zq@home.example", subject="Hello", body="Hello")
    for event in (None, case.events.earliest("sequence")):
        Delivery.objects.create(
            address=zita.email, event=event, message_id="<1@x>", answer=f"No {zita.email}"
        )
    return case, others


def erased(person, by):
    tasks.run_bulk(bulk=erasure.erase(person, by=by).pk)


def figures(by):
    end = timezone.now() + timedelta(days=1)
    made = statistics.report(by, end - timedelta(days=30), end, "agent")
    return (
        repr(made),
        view_counts.mismatches(),
        Case.objects.count(),
        Case.objects.values("customer").distinct().count(),
    )


def test_nothing_of_them_is_left(zita, lived, ada, adam, kept):
    case, others = lived
    story = list(case.events.order_by("sequence").values_list("sequence", "kind", "role", "author", "at"))
    before = figures(adam)
    erased(zita, adam)
    left = everything().lower()
    for trace in (NAME, "zita.q@bakery.example", "zq@home.example", "zita.png"):
        assert trace.lower() not in left, trace
    assert (
        list(case.events.order_by("sequence").values_list("sequence", "kind", "role", "author", "at"))[:-1]
        == story
    )
    assert figures(adam) == before
    assert case.events.latest("sequence").kind == Kind.ERASED
    case.refresh_from_db()
    assert (case.customer_name, case.resolution) == ("a former customer", "Let a former customer in.")
    assert "a former customer called from home, not zitadelle." in left
    assert Event.objects.get(case=others, kind=Kind.REPLY).body == "As a former customer said."
    assert Draft.objects.get().fields["body"] == "a former customer again"
    assert not search.find(ada, Case.objects.all(), "Quillfeather").hits
    zita.refresh_from_db()
    assert (str(zita), zita.is_active, zita.organisation) == ("A former customer", False, None)
    assert not EmailAddress.objects.filter(user=zita).exists()
    for file in Attachment.objects.all():
        tasks.drop_file(file=file.pk)
    assert [path for path in kept.rglob("*") if path.is_file()] == []


def test_it_is_told_in_the_audit_log_without_their_name(zita, lived, adam):
    erased(zita, adam)
    entry = AuditEntry.objects.get(kind=AuditKind.ERASED)
    assert (entry.by, entry.about, entry.details) == (adam, zita, {"cases": 2})
    assert str(entry.about) == "A former customer"


def test_they_are_signed_out_at_once(zita, lived, adam, browser_of):
    browser = browser_of(zita)
    assert browser.get("/cases/").status_code == 200
    erasure.erase(zita, by=adam)
    assert browser.get("/cases/").status_code == 302


def test_it_goes_on_where_a_crash_has_left_it(zita, lived, adam, monkeypatch):
    begun = erasure.erase(zita, by=adam)
    first = begun.items.order_by("case").first()
    first.done_at = timezone.now()
    first.refused = "Something went wrong. This case wasn’t changed."
    first.save()
    tasks.run_bulk(bulk=begun.pk)
    zita.refresh_from_db()
    assert zita.name == NAME  # so that it can be asked for again
    erased(zita, adam)
    zita.refresh_from_db()
    assert zita.name == "A former customer"
    assert NAME not in everything()


def test_staff_leave_first_and_nobody_erases_themselves(case, ada, abe, adam):
    triage.assign(case, by=ada, assignee=ada)
    with pytest.raises(Refused, match="Deactivate them first"):
        erasure.erase(ada, by=adam)
    ada.is_active = False
    ada.save()
    with pytest.raises(Refused, match="Hand them over first"):
        erasure.erase(ada, by=adam)
    with pytest.raises(Refused, match="You cannot erase yourself"):
        erasure.erase(adam, by=adam)
    triage.assign(case, by=abe, assignee=abe)
    erased(ada, adam)
    assert User.objects.get(pk=ada.pk).name == "A former agent"
    with pytest.raises(Refused, match="erased already"):
        erasure.erase(User.objects.get(pk=ada.pk), by=adam)


def test_an_erasure_is_not_stopped_half_way(zita, lived, adam):
    begun = erasure.erase(zita, by=adam)
    with pytest.raises(Refused, match="An erasure can’t be stopped halfway"):
        bulk.stop(begun, by=adam)
    assert SavedView.objects.exists()
    assert Bulk.objects.get().stopped is False
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE args ->> 'to' = 'zq@home.example'")
        assert cursor.fetchone() == (0,)


def test_what_an_account_did_that_was_merged_into_theirs_goes_too(zita, bakery, till, ada, adam, lena):
    gone = UserFactory(name="Zita Oldname", email="zita@old.example", organisation=bakery)
    EmailAddress.objects.filter(user__in=[zita, gone]).update(verified=True)
    case = CaseFactory(customer=gone, system=till, summary="Zita Oldname cannot print")
    file = attachments.receive(upload("old.png"), by=gone)
    conversation.reply(case, by=gone, body="I am Zita Oldname.", attachments=[file])
    conversation.add_note(CaseFactory(system=till), by=ada, body="Zita Oldname called.")
    merge = account_merging.merge(gone, by=lena, into=zita)
    tasks.move_cases(merge.pk)
    tasks.run_bulk(bulk=erasure.erase(zita, by=adam).pk)
    left = everything()
    assert "Zita Oldname" not in left
    assert "zita@old.example" not in left
    assert not Attachment.objects.filter(name="old.png").exists()


def test_an_address_that_was_typed_and_proven_goes_from_the_event_that_says_so(zita, till, adam):
    case = CaseFactory(customer=None, by=Guest(), claimed_email=zita.email, system=till)
    zita.keep_address(verified=True)
    claims.prove(case, by=zita)
    tasks.run_bulk(bulk=erasure.erase(zita, by=adam).pk)
    assert "zita.q@bakery.example" not in str(list(Event.objects.values_list("changes", flat=True)))


def test_the_audit_log_keeps_what_happened_without_them(zita, adam, ada, coming_from):
    coming_from("192.0.2.7", lambda: audit.record_failed_sign_in("zq@home.example", how="a password"))
    coming_from("192.0.2.7", lambda: audit.record(AuditKind.SIGNED_IN, by=zita, how="a passkey"))
    audit.record(AuditKind.PERSON, by=adam, about=zita, changes={"Name": ["Zita Maiden", NAME]})
    audit.record(AuditKind.SETTING_ADDED, by=adam, what="macro", name=f"As {NAME} wants it")
    coming_from("192.0.2.8", lambda: audit.record_failed_sign_in(ada.email, how="a password"))
    before = list(AuditEntry.objects.values_list("pk", "at", "kind", "by", "about", "times"))
    erased(zita, adam)
    left = everything().lower()
    for trace in ("zq@home.example", "zita", "quillfeather", "192.0.2.7"):
        assert trace not in left, trace
    assert list(AuditEntry.objects.values_list("pk", "at", "kind", "by", "about", "times"))[1:] == before
    assert {deed(entry) for entry in AuditEntry.objects.filter(about=zita).exclude(kind="erased")} == {
        "failed to sign in as someone who was erased with a password",
        "changed A former customer: Name from “someone who was erased” to “someone who was erased”",
    }
    others = AuditEntry.objects.get(about=ada)
    assert (others.details["tried"], others.address) == (ada.email, "192.0.2.8")


def test_a_line_of_the_audit_log_changes_under_a_recorded_erasure_alone(zita, adam):
    entry = audit.record(AuditKind.SIGNED_IN, by=zita, how="a passkey")
    for name, key in (("address", "192.0.2.9"), ("by", adam)):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), audit.opened_by(entry):
            AuditEntry.objects.filter(pk=entry.pk).update(**{name: key})
    gone = audit.record(AuditKind.ERASED, by=adam, about=zita, cases=0)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), audit.opened_by(gone):
        AuditEntry.objects.filter(pk=entry.pk).update(by=adam)


def test_incidents_that_name_them_do_so_no_more(zita, till, ada, adam):
    incident = incidents.open_incident(
        by=ada, title=f"{NAME} and others wait", system=till, severity=3, public=False
    )
    incident_updates.add_note(incident, by=ada, body=f"{NAME.upper()} called.")
    case = CaseFactory(customer=zita, system=till)
    incidents.attach(case, by=ada, incident=incident)
    incident_updates.update(incident, by=ada, body=f"We work on it, {NAME}.", cases=[case.pk])
    erased(zita, adam)
    assert NAME.lower() not in everything().lower()
    incident.refresh_from_db()
    assert incident.title == "a former customer and others wait"


def test_mail_that_went_to_them_too_and_belongs_to_no_case_is_deleted(zita, adam):
    mail = ReceivedMail.objects.create(
        digest="0" * 64,
        size=9,
        sender="spam@example.org",
        people=["zq@home.example"],
        outcome=Outcome.IGNORED,
    )
    erased(zita, adam)
    assert not ReceivedMail.objects.filter(pk=mail.pk).exists()


def test_two_who_erase_the_same_person_at_once_erase_them_once(zita, lived, adam, lena):
    first = erasure.erase(zita, by=adam)
    other = UserFactory(role=User.Role.ADMINISTRATOR)
    second = erasure.erase(zita, by=other)
    tasks.run_bulk(bulk=first.pk)
    tasks.run_bulk(bulk=second.pk)
    assert NAME not in everything()
    assert not second.items.filter(done_at=None).exists()
    assert Event.objects.filter(kind=Kind.ERASED).count() == 2  # one in each case


def test_an_address_to_which_somebody_forwarded_a_case_is_found_there(zita, till, ada, adam):
    case = CaseFactory(system=till)
    forwards.forward(case, by=ada, address="zita.q@bakery.example", words="Do you know this?")
    erased(zita, adam)
    assert "zita.q@bakery.example" not in everything()
