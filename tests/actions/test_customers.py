"""A case is moved to another customer, with all that was said in it."""

from dataclasses import replace

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from cases.actions import conversation, customers, importing, merging, requests, resolution
from cases.actions.importing import document_of, import_document
from cases.actions.rating import rate
from cases.mail.outbound import message_about, recipient
from cases.models import Case, Guest, Kind, Policy, Refused, Request, Severity
from cases.transcripts.document import Document, Message
from cases.wording.events import for_agents, sentence, who
from tests.factories import CaseFactory

from .replay import replay


@pytest.fixture
def moved(case, ada, mallory):
    event = customers.move(case, by=ada, to=mallory)
    case.refresh_from_db()
    return event


def test_is_the_other_customers_and_their_organisations(moved, case, cleo, carl, mallory):
    assert (case.customer, case.organisation, case.customer_name) == (
        mallory,
        mallory.organisation,
        "Mallory",
    )
    for viewer, sees in ((mallory, True), (cleo, False), (carl, False)):
        assert Case.objects.visible_to(viewer).filter(pk=case.pk).exists() is sees
    state = replay(case.events.order_by("sequence"))
    assert (state["customer_id"], state["organisation_id"]) == (mallory.pk, mallory.organisation_id)


def test_names_both_to_agents_and_neither_to_customers(moved, mallory):
    assert sentence(moved) == "Ada moved the case to another customer"
    assert for_agents(moved) == ": from Cleo to Mallory"
    assert moved.case.events.visible_to(mallory).filter(pk=moved.pk).exists()


def test_mails_the_new_customer_alone_from_then_on(moved, case, ada, mallory):
    assert message_about(moved).to == [mallory.email]
    assert "your case" in message_about(moved).body
    reply = conversation.reply(case, by=ada, body="Hello.")
    assert recipient(reply) == mallory
    earlier = case.events.get(kind=Kind.OPENED)  # whose mail may still wait
    assert recipient(earlier) == mallory
    assert ProcrastinateJob.objects.filter(lock=f"mail of case {case.pk} to {mallory.pk}").exists()


def test_is_done_once_and_may_be_taken_back(moved, case, ada, cleo, mallory, bakery):
    assert customers.move(case, by=ada, to=mallory) is None
    customers.move(case, by=ada, to=cleo)
    case.refresh_from_db()
    assert (case.customer, case.organisation, case.customer_name) == (cleo, bakery, "Cleo")


def test_asks_the_new_customer_for_what_is_asked_with_all_their_time(case, ada, mallory):
    requests.ask(case, by=ada, what="the log")
    Request.objects.update(due_at=None, next_check_at=None)
    customers.move(case, by=ada, to=mallory)
    assert Request.objects.get().due_at
    assert requests.fulfil(case, by=mallory, body="Here.", request=Request.objects.get().pk)


def test_counts_the_service_levels_of_the_new_organisation(case, ada, cleo, mallory):
    mill = mallory.organisation
    mill.policy = Policy.objects.create(name="Gold")
    mill.policy.targets.create(severity=Severity.HIGH, first_response=30)
    mill.save()
    assert case.due_at is None
    customers.move(case, by=ada, to=mallory)
    case.refresh_from_db()
    assert case.due_at
    customers.move(case, by=ada, to=cleo)
    case.refresh_from_db()
    assert case.due_at is None


def test_leaves_a_visitors_words_under_their_name_and_ends_their_way_in(claimed, ada, mallory):
    guest = Guest((claimed.number,))
    customers.move(claimed, by=ada, to=mallory)
    claimed.refresh_from_db()
    said = claimed.events.filter(kind=Kind.REPLY).select_related("case").get()
    assert who(said) == "Not Cleo"
    assert (claimed.customer, claimed.unproven, claimed.claimed_email) == (mallory, False, "")
    assert not Case.objects.visible_to(guest).exists()
    with pytest.raises(Refused, match="belongs to an account"):
        conversation.reply(claimed, by=guest, body="Hello?")


@pytest.mark.django_db
def test_leaves_an_imported_customers_words_under_their_name(ada, mallory, cleo):
    said = (Message("customer", None, "It is broken.", False),)
    importing.import_document(
        Document(case_id="T-1", customer_name="Kleopatra", issue_summary="X", messages=said)
    )
    case = Case.objects.get()
    for customer in (mallory, cleo):
        customers.move(case, by=ada, to=customer)
    assert {
        who(event) for event in Case.objects.get().events.filter(kind=Kind.REPLY).select_related("case")
    } == {"Kleopatra"}


def test_a_rating_is_not_passed_off_as_the_new_customers(case, ada, cleo, mallory, browser_of):
    resolution.resolve(case, by=ada, resolution="Done.")
    resolution.confirm(case, by=cleo)
    rate(case, by=cleo, good=True)
    customers.move(case, by=ada, to=mallory)
    text = browser_of(mallory).get(f"/cases/{case.number}/").text
    assert "The customer rated our help as good." in text
    assert "You rated" not in text
    with pytest.raises(Refused, match="by someone else"):
        rate(case, by=mallory, good=True, word="Thanks")


def test_of_a_merged_case_is_refused_on_both_sides(case, ada, cleo, mallory, till):
    into = CaseFactory(customer=cleo, system=till)
    merging.merge(case, by=ada, into=into)
    for one in (case, into):
        with pytest.raises(Refused, match="Separate the two"):
            customers.move(one, by=ada, to=mallory)


def test_to_somebody_deactivated_is_refused(case, ada, mallory):
    mallory.is_active = False
    with pytest.raises(Refused, match="Mallory is deactivated"):
        customers.move(case, by=ada, to=mallory)


def test_a_newer_document_of_before_does_not_move_it_back(case, cleo, mallory, ada):
    document = document_of(Case.objects.get(pk=case.pk))
    customers.move(case, by=ada, to=mallory)
    said = (*document.messages, Message("customer", timezone.now(), "More of it.", False))
    import_document(replace(document, messages=said, generated_at=timezone.now()))
    case.refresh_from_db()
    assert case.customer == mallory
    assert not Case.objects.visible_to(cleo).filter(pk=case.pk).exists()
