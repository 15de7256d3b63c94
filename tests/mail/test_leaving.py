"""Whoever is put in copy of a case gets out of it with one click in the mail."""

import pytest
from django.test import Client

from cases.actions import conversation, copies, merging
from cases.models import InCopy, Kind, User
from cases.wording.events import sentence
from tests.actions.test_copies import BERT, in_copy, mailed
from tests.actions.test_incoming import letter, receive
from tests.factories import CaseFactory

pytestmark = pytest.mark.django_db
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def program():
    """What posts is no browser: it has no session and sends no token of ours."""
    return Client(enforce_csrf_checks=True)


def link_in(message, settings):
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = message.extra_headers["List-Unsubscribe"].strip("<>")
    assert f"List-Unsubscribe: <{link}>" in message.message().as_bytes().decode()  # whole, and not encoded
    assert f"Stop getting this case:\n{link}" in message.body
    return link.removeprefix(settings.URL)


@pytest.fixture
def link(case, cleo, ada, settings):
    """As it stands in the header of a mail to Bert."""
    copies.add(case, by=cleo, address=BERT)
    copies.add(case, by=cleo, address="dora@elsewhere.example")
    first, _ = mailed(conversation.reply(case, by=ada, body="Restart it."))
    return link_in(first, settings)


def test_a_program_takes_them_out_with_one_post_and_nobody_else(program, link, case, ada):
    assert program.post(link, ONE_CLICK).status_code == 200
    assert in_copy(case) == ["dora@elsewhere.example"]
    left = case.events.latest("sequence")
    assert (left.kind, left.author, sentence(left)) == (
        Kind.UNCOPIED,
        User.objects.get(email=BERT),
        f"{BERT} took {BERT} out of copy",
    )
    assert program.post(link, ONE_CLICK).status_code == 200  # twice is as once
    assert case.events.latest("sequence") == left
    assert [one.to for one in mailed(conversation.reply(case, by=ada, body="And now?"))] == [
        ["dora@elsewhere.example"]
    ]


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_scanner_that_looks_where_it_leads_takes_nobody_out(program, link, case, method):
    assert getattr(program, method)(link).status_code == 200
    assert BERT in in_copy(case)


def test_the_page_asks_first_and_says_nothing_of_the_case_or_anybody(visitor, link, case):
    page = visitor.get(link).text
    assert f"You get every answer in case {case.number} by email" in page
    assert case.summary not in page
    assert BERT not in page
    assert "We won’t email you about case" in visitor.post(link).text


@pytest.mark.parametrize("spoil", ["cut", "another", "nonsense", "huge"])
def test_a_link_that_we_did_not_make_takes_nobody_out(program, link, case, spoil):
    bert, dora = InCopy.objects.order_by("pk")
    link = {
        "cut": link[:-2] + "/",
        "another": link.replace(f"/{bert.pk}~", f"/{dora.pk}~"),
        "nonsense": "/cases/leaving/x/",
        "huge": f"/cases/leaving/{'9' * 30}~x/",
    }[spoil]
    assert program.post(link, ONE_CLICK).status_code == 410
    assert len(in_copy(case)) == 2


def test_they_leave_where_the_case_goes_on_too(program, link, case, cleo, ada):
    into = CaseFactory(customer=cleo, system=case.system)
    merging.merge(case, by=ada, into=into)
    assert BERT in in_copy(into)
    program.post(link, ONE_CLICK)
    assert BERT not in in_copy(into) + in_copy(case)


def test_they_leave_a_visitors_case_without_an_account(program, till, ada, settings):
    case = receive(letter(Cc=BERT)).mail.case
    (message,) = mailed(conversation.reply(case, by=ada, body="Which till?"))
    program.post(link_in(message, settings), ONE_CLICK)
    assert in_copy(case) == []
    assert not User.objects.filter(email=BERT).exists()
