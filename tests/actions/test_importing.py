from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from cases.actions import conversation, triage
from cases.actions.importing import document_of, import_document
from cases.models import Case, Event, Kind, Refused, Role, Severity, Status, System, User, WaitingOn
from cases.transcripts.document import Document, Message
from cases.wording.events import deed

from .replay import replay

pytestmark = pytest.mark.django_db

NINE = datetime(2025, 3, 4, 9, 0, tzinfo=UTC)


def minutes(n):
    return NINE + timedelta(minutes=n)


@pytest.fixture
def document():
    return Document(
        case_id="OLD-17",
        created_at=NINE,
        system_description="Pocket Till. Takes payments at market stalls.",
        issue_summary="Cards are refused",
        severity="critical",
        priority="P2",
        status="resolved",
        customer_name="Olga Berg",
        contact_email="olga@example.com",
        messages=(
            Message("customer", minutes(1), "No card works."),
            Message("agent", minutes(5), "We are on it."),
            Message("agent", minutes(5), "Found it."),
            Message("customer", minutes(40), "All good now."),
        ),
        resolved_at=minutes(30),
        resolution="Renewed the certificate.",
        area="network",
        is_bug=True,
        root_cause="It had expired.",
        generated_at=minutes(60),
    )


def test_a_document_becomes_a_case_and_the_same_document_again(document):
    outcome = import_document(document)
    assert outcome.done == "created"
    assert document_of(outcome.case) == document


def test_the_case_keeps_the_documents_times_and_order(document):
    case = import_document(document).case
    case.refresh_from_db()
    assert (case.opened_at, case.resolved_at) == (NINE, minutes(30))
    assert [(event.kind, event.role, event.at) for event in case.events.all()] == [
        (Kind.OPENED, Role.CUSTOMER, NINE),
        (Kind.REPLY, Role.CUSTOMER, minutes(1)),
        (Kind.REPLY, Role.AGENT, minutes(5)),
        (Kind.REPLY, Role.AGENT, minutes(5)),
        (Kind.RESOLVED, Role.AGENT, minutes(30)),
        (Kind.REPLY, Role.CUSTOMER, minutes(40)),
    ]
    assert case.waiting_on == WaitingOn.CUSTOMER


def test_the_stored_state_equals_the_replay_of_the_events(document):
    for status in (None, *Status):
        case = import_document(replace(document, case_id=f"OLD-{status}", status=status)).case
        case.refresh_from_db()
        state = replay(case.events.all())
        assert state["status"] == case.status
        assert (state["waiting_on"], state["waiting_since"]) == (case.waiting_on, case.waiting_since)
        assert state["area"] == case.area
        assert state["is_bug"] == case.is_bug


def test_nobody_is_mailed_about_what_is_long_past(document):
    import_document(document)
    assert not ProcrastinateJob.objects.exists()


def test_the_same_document_again_changes_nothing(document):
    case = import_document(document).case
    triage.set_severity(case, by=None, severity=Severity.LOW)
    before = case.events.count()
    assert import_document(document).done == "unchanged"
    case.refresh_from_db()
    assert case.events.count() == before
    assert case.severity == Severity.LOW


def test_an_exported_case_is_not_imported_again(case):
    case = Case.objects.get(pk=case.pk)
    assert import_document(document_of(case)).done == "unchanged"
    assert Case.objects.count() == 1


def test_a_later_version_brings_the_case_up_to_date(document):
    early = replace(
        document,
        status="open",
        messages=document.messages[:2],
        resolved_at=None,
        resolution=None,
        generated_at=minutes(6),
    )
    case = import_document(early).case
    outcome = import_document(document)
    assert (outcome.done, outcome.messages, outcome.case) == ("updated", 2, case)
    case.refresh_from_db()
    assert document_of(case) == document
    assert import_document(document).done == "unchanged"


def test_a_later_version_that_only_names_the_case_otherwise_is_an_event_too(document):
    """Open pages hear of events alone."""
    case = import_document(document).case
    import_document(replace(document, issue_summary="Nothing prints at all", generated_at=minutes(90)))
    last = case.events.latest("sequence")
    assert (last.kind, deed(last)) == (Kind.IMPORTED, "took over from a newer document: summary")


def test_an_earlier_version_that_comes_late_takes_nothing_away(document):
    case = import_document(document).case
    early = replace(document, status="open", messages=document.messages[:1], generated_at=minutes(2))
    assert import_document(early).done == "unchanged"
    case.refresh_from_db()
    assert case.status == Status.RESOLVED


def test_what_a_later_version_leaves_out_stays(document):
    case = import_document(document).case
    import_document(replace(document, root_cause=None, area=None, severity="high", generated_at=minutes(90)))
    case.refresh_from_db()
    assert (case.severity, case.root_cause, case.area) == (Severity.HIGH, "It had expired.", "network")


def test_a_document_that_says_next_to_nothing_is_imported():
    case = import_document(Document(case_id="X-1", issue_summary="Broken")).case
    assert document_of(case) == Document(
        case_id="X-1", issue_summary="Broken", created_at=case.opened_at, status="open"
    )


def test_a_document_that_is_nothing_but_an_id_is_refused_with_a_sentence():
    with pytest.raises(Refused, match="nothing but its Case ID"):
        import_document(Document(case_id="X-1"))


def test_documents_of_one_product_share_its_system_and_keep_their_own_words(document):
    first = import_document(document).case
    words = "Pocket Till – takes payments at market stalls and fairs."
    second = import_document(replace(document, case_id="OLD-18", system_description=words)).case
    assert first.system == second.system == System.objects.get(name="Pocket Till")
    assert document_of(second).system_description == words


def test_a_known_address_is_the_known_customer_and_keeps_their_name(document, cleo):
    case = import_document(replace(document, contact_email="CLEO@example.com")).case
    assert case.customer == cleo
    assert case.customer_name == "Olga Berg"
    assert User.objects.get(pk=cleo.pk).name == "Cleo"


def test_a_document_without_an_address_has_no_customer_and_keeps_the_name(document):
    case = import_document(replace(document, contact_email=None)).case
    assert (case.customer, case.customer_name) == (None, "Olga Berg")
    assert conversation.reply(case, by=None, body="Hello?", role=Role.AGENT)


def test_a_message_without_a_time_takes_that_of_the_one_before(document):
    messages = (document.messages[0], Message("agent", None, "Soon."))
    case = import_document(replace(document, messages=messages)).case
    assert [message.at for message in document_of(case).messages] == [minutes(1), minutes(1)]


def test_a_case_id_longer_than_fits_is_refused_with_a_sentence(document):
    with pytest.raises(Refused, match="longer than 200 characters"):
        import_document(replace(document, case_id="x" * 201))


def test_a_message_longer_than_the_search_index_takes_is_stored_whole(document):
    text = " ".join(f"word{n}" for n in range(200_000))
    case = import_document(replace(document, messages=(Message("customer", NINE, text),))).case
    assert document_of(case).messages[0].text == text


def test_a_document_without_any_time_is_still_the_same_document_the_next_time():
    document = Document(case_id="X-2", messages=(Message("customer", None, "Help."),))
    import_document(document)
    assert import_document(document).done == "unchanged"


def test_the_same_words_twice_at_the_same_second_are_two_messages(document):
    twice = (document.messages[0], document.messages[0])
    case = import_document(replace(document, messages=twice)).case
    assert len(document_of(case).messages) == 2


def test_a_version_that_was_cut_off_is_completed_by_the_whole_one(document):
    cut = Document(case_id=document.case_id, created_at=NINE, issue_summary="Cards are")
    import_document(cut)
    case = import_document(document).case
    case.refresh_from_db()
    assert document_of(case) == document
    assert System.objects.get(name="Pocket Till") == case.system


SECRET = Message("agent", minutes(6), "They never paid a bill.", internal=True)


def with_note(document):
    return replace(document, messages=(*document.messages[:2], SECRET, *document.messages[2:]))


def test_what_a_document_calls_internal_becomes_a_note_that_its_customer_never_reads(document, browser_of):
    case = import_document(with_note(document)).case
    note = case.events.get(body=SECRET.text)
    assert (note.kind, note.public, note.role, note.at) == (Kind.NOTE, False, Role.AGENT, minutes(6))
    assert not Event.objects.visible_to(case.customer).filter(body=SECRET.text).exists()
    page = browser_of(case.customer).get(f"/cases/{case.number}/").text
    assert "No card works." in page
    assert SECRET.text not in page


def test_a_note_changes_neither_whose_turn_it_is_nor_the_order_of_the_customers_list(document):
    plain = replace(document, status="open", resolved_at=None, messages=document.messages[:1])
    noted = replace(plain, case_id="OLD-18", messages=(*plain.messages, SECRET))
    first, second = (import_document(one).case for one in (plain, noted))
    assert (first.waiting_on, first.waiting_since, first.last_public_at) == (
        second.waiting_on,
        second.waiting_since,
        second.last_public_at,
    )


def test_a_case_with_notes_is_written_and_read_back_as_it_is(document):
    documents = with_note(document)
    case = import_document(documents).case
    assert document_of(case) == documents
    assert import_document(document_of(case)).done == "unchanged"


def test_a_system_speaks_to_the_desk_alone_and_is_nobodys_agent(document, ada, browser_of):
    moved = Message("system", minutes(6), "Moved to tier 2.", internal=True)
    case = import_document(replace(document, messages=(*document.messages, moved))).case
    event = case.events.get(body=moved.text)
    assert (event.kind, event.role, event.author) == (Kind.NOTE, Role.SYSTEM, None)
    assert "Moved to tier 2." in browser_of(ada).get(f"/desk/cases/{case.number}/").text
    assert moved in document_of(case).messages


def test_a_customers_note_is_not_put_into_an_agents_mouth(document):
    aside = Message("customer", minutes(6), "Do not tell my boss.", internal=True)
    case = import_document(replace(document, messages=(*document.messages, aside))).case
    assert case.events.get(body=aside.text).role == Role.CUSTOMER
    assert aside in document_of(case).messages


def test_what_was_a_reply_and_is_now_called_internal_is_counted_and_not_written_twice(document):
    public = replace(SECRET, internal=False)
    case = import_document(replace(document, messages=(*document.messages[:1], public))).case
    again = replace(document, messages=(*document.messages[:1], SECRET), generated_at=minutes(90))
    outcome = import_document(again)
    assert (outcome.done, outcome.told) == ("updated", 1)
    assert case.events.filter(body=SECRET.text).count() == 1


def test_a_system_that_an_import_makes_is_not_public_and_is_named_once(document):
    outcome = import_document(document)
    assert outcome.system == outcome.case.system
    assert not System.objects.get(name="Pocket Till").public
    assert import_document(replace(document, case_id="OLD-18")).system is None


def test_an_import_leaves_a_system_as_public_as_it_is(document):
    System.objects.create(name="Pocket Till", public=True)
    assert import_document(document).system is None
    assert System.objects.get(name="Pocket Till").public
