"""Proving an address, and saying that it was not oneself."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from cases.actions import accounts, claims, conversation, merging, requests, resolution
from cases.actions.rating import rate
from cases.models import Case, Guest, Refused, User
from tests.factories import CaseFactory, UserFactory

from .replay import replay


@pytest.fixture
def owner(cleo):
    cleo.keep_address(verified=True)
    return cleo


def state_of(case):
    case.refresh_from_db()
    told = replay(case.events.order_by("sequence"))
    fields = "customer_id", "organisation_id", "unproven", "claimed_email", "last_sequence"
    return {name: (told[name], getattr(case, name)) for name in fields if name in told}


@pytest.mark.parametrize("say", [claims.prove, claims.disown])
def test_the_events_say_what_the_case_is(say, claimed, owner):
    say(claimed, by=owner)
    state = state_of(claimed)
    assert "claimed_email" in state
    assert all(told == held for told, held in state.values())


@pytest.mark.parametrize("say", [claims.prove, claims.disown])
def test_is_said_once(say, claimed, owner):
    assert say(claimed, by=owner)
    assert claims.prove(claimed, by=owner) is None
    assert claims.disown(claimed, by=owner) is None


@pytest.mark.parametrize("say", [claims.prove, claims.disown])
def test_is_nobody_elses_to_say(say, claimed, case, cleo, mallory):
    mallory.keep_address(verified=True)
    for somebody in (mallory, cleo):  # hers is not proven
        assert say(claimed, by=somebody) is None
    cleo.keep_address(verified=True)
    assert say(case, by=cleo) is None


def test_whoever_has_no_name_takes_the_one_that_they_typed(claimed, owner):
    owner.name = ""
    owner.save()
    claims.prove(claimed, by=owner)
    assert User.objects.get(pk=owner.pk).name == "Not Cleo"


@pytest.mark.parametrize("name", ["Acme Support", "Caseline"])
def test_nobody_takes_a_name_that_only_one_of_us_has(claimed, owner, brand_is, name):
    brand_is(name="Caseline")
    User.objects.filter(pk=owner.pk).update(name="")
    owner.refresh_from_db()
    Case.objects.filter(pk=claimed.pk).update(customer_name=name)
    claims.prove(claimed, by=owner)
    accounts.take_name(owner, name)
    assert User.objects.get(pk=owner.pk).name == ""


def test_a_name_that_is_there_stays(claimed, owner):
    claims.prove(claimed, by=owner)
    assert User.objects.get(pk=owner.pk).name == "Cleo"


def test_a_case_with_a_customer_cannot_be_called_unproven(case):
    with pytest.raises(IntegrityError, match="unproven_case_has_no_customer"), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(unproven=True)


@pytest.mark.parametrize(
    "say",
    [
        lambda case, guest, _: conversation.reply(case, by=guest, body="I am Cleo."),
        lambda case, guest, _: resolution.confirm(case, by=guest),
        lambda case, guest, _: resolution.decline(case, by=guest, body="No."),
        lambda case, guest, _: resolution.reopen(case, by=guest, body="Again."),
        lambda case, guest, asked: requests.fulfil(case, by=guest, body="Here.", request=asked),
        lambda case, guest, _: rate(case, by=guest, good=False),
    ],
    ids=["reply", "confirm", "decline", "reopen", "give", "rate"],
)
def test_no_visitor_says_anything_in_a_case_that_was_proven_at_that_moment(say, claimed, owner, ada):
    asked = requests.ask(claimed, by=ada, what="the log")
    resolution.resolve(claimed, by=ada, resolution="Done.")
    claims.prove(claimed, by=owner)
    said = claimed.events.count()
    with pytest.raises(Refused):
        say(claimed, Guest((claimed.number,)), asked.pk)
    assert claimed.events.count() == said


def test_a_merged_case_can_be_proven_too(claimed, case, owner, ada):
    merging.merge(claimed, by=ada, into=case, anyway=True)
    claims.prove(claimed, by=owner)
    assert Case.objects.visible_to(owner).filter(merged_into=case).get() == claimed
    merging.unmerge(claimed, by=ada)
    claimed.refresh_from_db()
    assert (claimed.customer, claimed.unproven) == (owner, False)


@pytest.mark.django_db
def test_a_report_sent_twice_is_one_case_and_by_another_address_another(till):
    token = uuid4()
    emails = ["grete@example.com", "grete@example.com", "hans@example.com"]
    found = [
        CaseFactory(customer=None, by=Guest(), claimed_email=email, system=till, token=token)
        for email in emails
    ]
    assert [case.number for case in found].count(found[0].number) == 2
    assert Case.objects.count() == 2


@pytest.mark.django_db
def test_an_agent_who_proves_their_address_is_the_customer(till):
    agent = UserFactory(name="Ada", role=User.Role.AGENT)
    case = CaseFactory(customer=None, by=Guest(), claimed_email=agent.email, system=till)
    agent.keep_address(verified=True)
    claims.prove(case, by=agent)
    case.refresh_from_db()
    assert case.customer == agent
    assert conversation.reply(case, by=agent, body="Mine.").role == "customer"


def test_what_somebody_says_in_their_case_never_reaches_the_visitor_of_another(ada, owner, till):
    """An agent merged two reports of one address, of which its owner says that one was theirs and one was not."""

    def reported():
        return CaseFactory(customer=None, by=Guest(), claimed_email=owner.email, system=till)

    mine, strangers = reported(), reported()
    merging.merge(mine, by=ada, into=strangers, anyway=True)
    claims.prove(mine, by=owner)
    for somebody in (owner, ada):
        with pytest.raises(Refused, match="whose address nobody has confirmed"):
            conversation.reply(mine, by=somebody, body="The number is 4711.")
    claims.disown(strangers, by=owner)
    assert conversation.reply(mine, by=owner, body="The number is 4711.").case_id == mine.pk
    assert state_of(mine)["unproven"] == (False, False)
