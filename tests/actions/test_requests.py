"""What we ask for, and what becomes of it."""

from cases.actions import conversation, giving, requests
from cases.models import Kind, WaitingOn


def kinds(case):
    case.refresh_from_db()
    case.__dict__.pop("wanted", None)
    return [event.kind for event in case.events.order_by("sequence")][2:]


def test_what_is_asked_for_waits_on_the_customer_and_returns_when_it_is_given(case, ada, cleo):
    requests.ask(case, by=ada, what="A screenshot of the payment screen.")
    assert (kinds(case), case.waiting_on) == (["requested"], WaitingOn.CUSTOMER)
    [request] = case.wanted
    assert request.what == "a screenshot of the payment screen"
    giving.give(case, by=cleo, body="Here it is.", request=request.pk)
    assert (kinds(case), case.waiting_on) == (["requested", "given", "reply"], WaitingOn.US)
    request.refresh_from_db()
    assert (request.outcome, bool(request.ended_at), case.wanted) == ("given", True, [])


def test_a_reply_that_promises_and_asks_leaves_the_turn_to_the_customer(case, ada):
    conversation.reply(case, by=ada, body="Soon.", promises=[], asks=["the log file"])
    assert (kinds(case), case.waiting_on) == ([Kind.REPLY, Kind.REQUESTED], WaitingOn.CUSTOMER)
