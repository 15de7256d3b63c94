from uuid import uuid4

import pytest

from cases.actions import attachments, conversation, merging, removal, resolution, spam, splitting
from cases.models import Attachment, Case, Event, Guest, Refused, Status, WaitingOn
from cases.wording.events import sentence
from tests.factories import CaseFactory, SystemFactory, TeamFactory, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def said(case, cleo):
    return conversation.reply(case, by=cleo, body="Besides, the coins are stuck.\n\nSince Monday.")


def split(case, by, event, **fields):
    fields = {"summary": "The coins are stuck", "system": case.system} | fields
    return splitting.split(case, by=by, event=event.sequence, **fields)


def test_a_message_begins_a_case_of_the_same_customer_and_both_say_so(ada, cleo, case, said):
    new = split(case, ada, said)
    assert (new.customer, new.organisation, new.severity) == (cleo, case.organisation, case.severity)
    new.refresh_from_db()
    assert (new.status, new.waiting_on, new.summary) == (Status.OPEN, WaitingOn.US, "The coins are stuck")
    opened, first, from_there = new.events.order_by("sequence")
    assert (opened.kind, opened.author) == ("opened", ada)
    assert (first.body, first.author, first.role) == (said.body, cleo, "customer")
    assert first.details["said_at"] == said.at.isoformat()
    assert sentence(from_there) == f"Ada opened this case for a message of case #{case.number}"
    assert sentence(case.events.latest("sequence")) == f"Ada continued a message in case #{new.number}"
    assert Event.objects.get(pk=said.pk).body == said.body


def test_it_goes_to_the_team_of_the_system_that_was_chosen(ada, case, said):
    team = TeamFactory()
    new = split(case, ada, said, system=SystemFactory(team=team))
    assert (new.team, new.system.team) == (team, team)


def test_a_form_that_comes_twice_opens_one_case(ada, case, said):
    token = uuid4()
    assert split(case, ada, said, token=token) == split(case, ada, said, token=token)
    assert Case.objects.count() == 2


def test_a_colleagues_message_is_shown_as_theirs(ada, carl, cleo, case):
    said = conversation.reply(case, by=carl, body="Mine too.")
    new = split(case, ada, said)
    assert (new.customer, new.events.get(kind="reply").author) == (cleo, carl)


def test_its_files_are_copied(ada, cleo, case):
    file = attachments.receive(upload("a.png"), by=cleo)
    said = conversation.reply(case, by=cleo, body="See.", attachments=[file])
    copy = attachments.copy(Attachment.objects.get(pk=file.pk), by=ada)
    new = split(case, ada, said, attachments=[copy])
    there = new.attachments.get()
    assert (there.name, there.sha256) == (file.name, file.sha256)
    assert there.key != file.key
    assert new.events.get(kind="reply").attachments[0]["key"] == str(there.key)
    assert Attachment.objects.get(pk=file.pk).case_id == case.pk


def test_a_visitors_case_stays_as_unproven(ada):
    case = CaseFactory(customer=None, claimed_email="who@example.com", customer_name="Who")
    said = case.events.get(kind="reply")
    new = split(case, ada, said)
    assert (new.unproven, new.customer, new.claimed_email) == (True, None, "who@example.com")
    assert new.events.get(kind="reply").author is None
    assert not Case.objects.visible_to(Guest((case.number,))).filter(pk=new.pk).exists()


@pytest.mark.parametrize(
    ("words", "spoil"),
    [
        ("Only what a customer wrote", "agent"),
        ("Only what a customer wrote", "note"),
        ("marked as spam", "spam"),
        ("Separate the two first", "merged"),
    ],
)
def test_what_cannot_be_split_says_why(ada, cleo, case, said, words, spoil):
    if spoil == "agent":
        said = conversation.reply(case, by=ada, body="We look.")
    elif spoil == "note":
        said = conversation.add_note(case, by=ada, body="Hm.")
    elif spoil == "spam":
        spam.mark(case, by=ada)
    else:
        merging.merge(case, by=ada, into=CaseFactory(customer=cleo))
    before = Case.objects.count()
    with pytest.raises(Refused, match=words):
        split(case, ada, said)
    assert Case.objects.count() == before


def test_a_closed_case_stays_closed(ada, case, said):
    resolution.close(case, by=ada)
    split(case, ada, said)
    case.refresh_from_db()
    assert case.status == Status.CLOSED


def test_merging_it_back_undoes_it(ada, case, said):
    new = split(case, ada, said)
    merging.merge(new, by=ada, into=case)
    new.refresh_from_db()
    assert new.merged_into == case
    with pytest.raises(Refused):
        split(new, ada, new.events.get(kind="reply"))


@pytest.mark.parametrize("there", [True, False])
def test_a_passage_that_is_removed_is_gone_from_both(ada, case, said, there):
    new = split(case, ada, said)
    where = (new, new.events.get(kind="reply")) if there else (case, said)
    removal.remove_passage(where[0], by=ada, event=where[1].sequence, passage="Since Monday")
    bodies = Event.objects.filter(kind="reply").values_list("body", flat=True)
    assert not any("Monday" in body for body in bodies)
