"""Who may read what, asked of the models themselves: pages, streams, search and mail all start here."""

import pytest
from django.db import IntegrityError, transaction

from cases.actions import attachments, conversation
from cases.models import Attachment, Case, Event, Guest, Incident, User
from tests.factories import CaseFactory, IncidentFactory, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def noted(case, ada):
    """A case with something that only agents may see."""
    conversation.add_note(case, by=ada, body="They have not paid.")
    return case


def reads(model, viewer):
    return set(model.objects.visible_to(viewer))


def test_a_guest_sees_what_was_reported_in_this_browser_and_not_what_others_reported(claimed):
    CaseFactory(customer=None, by=Guest(), claimed_email="else@example.com")
    assert reads(Case, Guest((claimed.number,))) == {claimed}
    assert reads(Case, Guest()) == set()


def test_a_guest_sees_no_case_of_an_account_whatever_their_session_holds(case):
    assert reads(Case, Guest((case.number,))) == set()


def test_a_customer_sees_their_own_and_what_colleagues_share_and_no_strangers(
    case, cleo, carl, mallory, bakery
):
    CaseFactory(customer=None, by=Guest(), claimed_email=cleo.email)
    assert reads(Case, cleo) == reads(Case, carl) == {case}
    assert reads(Case, mallory) == set()
    bakery.shares_cases = False
    assert reads(Case, User.objects.get(pk=carl.pk)) == {case}
    bakery.save()
    assert reads(Case, User.objects.get(pk=carl.pk)) == set()


@pytest.mark.parametrize("name", ["cleo", "ada", "adam"])
def test_somebody_who_was_deactivated_sees_nothing_and_may_nothing(noted, name, request):
    person = request.getfixturevalue(name)
    person.is_active = False
    assert not person.is_agent
    assert not person.is_staff
    assert not person.has_perm("cases.change_user")
    for model in (Case, Event):
        assert reads(model, person) == set()


def test_an_internal_note_is_read_by_agents_alone(noted, cleo, ada):
    note = noted.events.get(kind="note")
    assert note in reads(Event, ada)
    assert note not in reads(Event, cleo)
    assert reads(Event, cleo) == set(noted.events.filter(public=True))


def test_events_of_a_case_that_one_does_not_see_are_not_seen(noted, mallory):
    assert reads(Event, mallory) == set()
    assert reads(Event, Guest((noted.number,))) == set()


def test_no_note_can_be_public_whoever_writes_it(noted):
    """Not even somebody who goes around the actions."""
    note = noted.events.get(kind="note")
    with pytest.raises(IntegrityError, match="note_is_internal"), transaction.atomic():
        Event.objects.create(
            case=noted, sequence=99, public_sequence=99, kind="note", role="agent", public=True, at=note.at
        )


def test_no_event_is_changed_or_deleted_whoever_tries(noted):
    note = noted.events.get(kind="note")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Event.objects.filter(pk=note.pk).update(body="They have paid.")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Event.objects.filter(pk=note.pk).delete()


def test_a_file_is_its_uploaders_until_it_is_sent_and_then_of_whoever_sees_the_message(
    case, cleo, mallory, ada
):
    [waiting, sent, internal] = (attachments.receive(upload(), by=by) for by in (cleo, cleo, ada))
    conversation.reply(case, by=cleo, body="", attachments=[sent])
    conversation.add_note(case, by=ada, body="Look.", attachments=[internal])
    assert reads(Attachment, cleo) == {waiting, sent}
    assert reads(Attachment, ada) == {sent, internal}
    assert reads(Attachment, mallory) == set()


def test_a_file_that_was_thrown_away_is_nobodys(cleo):
    """Not even of a visitor whose session is known by nothing yet."""
    Attachment.objects.create(name="gone.txt", content_type="text/plain", size=1, sha256="0" * 64)
    assert reads(Attachment, Guest()) == reads(Attachment, cleo) == set()


def test_files_of_one_visitor_are_not_anothers():
    mine = attachments.receive(upload(), by=Guest(uploads="a"))
    assert reads(Attachment, Guest(uploads="a")) == {mine}
    assert reads(Attachment, Guest(uploads="b")) == set()


def test_an_incident_that_is_not_public_is_the_desks(till, ada, cleo):
    incident = IncidentFactory(system=till, by=ada, public=False)
    assert reads(Incident, ada) == {incident}
    assert reads(Incident, cleo) == reads(Incident, Guest()) == set()
