"""What somebody does at once is one letter."""

import pytest
from django.core import mail
from procrastinate.contrib.django.models import ProcrastinateJob

from cases.actions import (
    auto_close,
    conversation,
    requests,
    resolution,
    triage,
)
from cases.actions.conversation import ReplyTerms

from .letters import do_jobs, letters

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_reply_that_asks_for_something_is_one_letter_that_names_it(quiet, ada, cleo):
    conversation.reply(quiet, by=ada, body="Could you?", terms=ReplyTerms(asks=["the log file", "a photo"]))
    [(to, _, body)] = letters()
    assert to == [cleo.email]
    assert "We need the log file and a photo." in body
    assert f"/cases/{quiet.number}/" in body


def test_what_is_asked_for_by_hand_is_mailed(quiet, ada, cleo):
    requests.ask(quiet, by=ada, what="the log file")
    [(to, _, body)] = letters()
    assert to == [cleo.email]
    assert "Ada needs the log file." in body


def test_a_reminder_and_the_closing_are_mailed_to_the_customer(quiet, ada, cleo):
    requests.ask(quiet, by=ada, what="the log file")
    do_jobs()
    mail.outbox.clear()
    [request] = quiet.open_requests
    requests.remind(request, at=request.due_at)
    [(to, _, body)] = letters()
    assert to == [cleo.email]
    assert "We’re still waiting for" in body
    assert "If we don’t hear from you, it closes on" in body
    mail.outbox.clear()
    quiet.refresh_from_db()
    auto_close.close(quiet, at=quiet.closes_at)
    [(to, _, body)] = letters()
    assert to == [cleo.email]
    assert "but haven’t heard back" in body


def test_what_the_customer_gives_is_one_letter_to_the_agent(quiet, ada, cleo):
    triage.assign(quiet, by=ada, assignee=ada)
    requests.ask(quiet, by=ada, what="the log file")
    do_jobs()
    mail.outbox.clear()
    requests.fulfil(quiet, by=cleo, body="Here.", request=quiet.requests.get().pk)
    [(to, _, body)] = letters()
    assert to == [ada.email]
    assert "Here." in body
    assert "We need from you" not in body


@pytest.mark.parametrize("deed", ["decline", "reopen", "reply", "give"])
def test_whoever_reopens_a_case_with_words_is_mailed_about_once(quiet, ada, cleo, deed):
    triage.assign(quiet, by=ada, assignee=ada)
    resolution.resolve(quiet, by=ada, resolution="Swapped it.")
    if deed in ("reopen", "give"):
        resolution.close(quiet, by=ada)
    ProcrastinateJob.objects.all()._raw_delete("default")
    match deed:
        case "decline":
            resolution.decline(quiet, by=cleo, body="It blinks.")
        case "reopen":
            resolution.reopen(quiet, by=cleo, body="It blinks.")
        case "reply":
            conversation.reply(quiet, by=cleo, body="It blinks.")
        case "give":
            requests.fulfil(quiet, by=cleo, body="It blinks.", request=0)
    [(to, _, body)] = letters()
    assert to == [ada.email]
    assert "It blinks." in body
    said = "said it isn’t fixed yet" if deed == "decline" else "reopened the case"
    assert f"Cleo {said}" in body


def test_an_agent_who_reopens_a_case_with_words_sends_one_letter_and_without_them_one_too(quiet, ada, cleo):
    for body in ("We look again.", ""):
        resolution.close(quiet, by=ada)
        ProcrastinateJob.objects.all()._raw_delete("default")
        mail.outbox.clear()
        resolution.reopen(quiet, by=ada, body=body)
        [(to, _, said)] = letters()
        assert to == [cleo.email]
        assert "Ada reopened the case" in said
        assert body in said
