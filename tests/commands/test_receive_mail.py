"""`receive_mail` takes messages from files or standard input, and tells a mail server when to come again."""

import io
import json
import sys

import pytest
from django.core.management import call_command
from django.db import OperationalError

from cases.files.store import StoreUnavailable
from cases.management.commands import receive_mail
from cases.models import Case, ReceivedMail

pytestmark = pytest.mark.django_db

MAIL = b"From: Nora <nora@example.net>\nSubject: Re: The till\nMessage-ID: <%d@x>\n\nIt is broken.\n\nOn 3 Mar 2026 at 9:14, Ada <a@x.org> wrote:\n> Hm\n"


def said(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_message_on_standard_input_is_taken_in_and_told_in_a_line(till, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(MAIL % 1)))
    call_command("receive_mail")
    case = Case.objects.get()
    assert said(capsys) == [
        {
            "outcome": "opened",
            "case": case.number,
            "event": 2,
            "from": "nora@example.net",
            "subject": "Re: The till",
            "text": "It is broken.",
            "quoted": True,
            "attachments": [],
            "reason": None,
        }
    ]


def test_each_file_is_a_message_and_one_that_is_no_mail_is_kept_too(till, tmp_path, capsys):
    for number, raw in enumerate([MAIL % 1, b"\x00\xff", MAIL % 1]):
        (tmp_path / f"{number}.eml").write_bytes(raw)
    call_command("receive_mail", *sorted(tmp_path.iterdir()))
    assert [one["outcome"] for one in said(capsys)] == ["opened", "unreadable", "ignored"]
    assert ReceivedMail.objects.count() == 2


@pytest.mark.parametrize("error", [OperationalError("away"), StoreUnavailable("full"), OperationalError()])
def test_what_cannot_be_kept_now_shall_come_again_and_the_others_are_taken(
    error, till, tmp_path, monkeypatch, capsys
):
    taken = receive_mail.receive

    def away(raw, **given):
        if b"<1@x>" in raw:
            raise error
        return taken(raw, **given)

    monkeypatch.setattr(receive_mail, "receive", away)
    for number in (1, 2):
        (tmp_path / f"{number}.eml").write_bytes(MAIL % number)
    with pytest.raises(SystemExit) as ended:
        call_command("receive_mail", *sorted(tmp_path.iterdir()))
    assert ended.value.code == 75
    assert [one["outcome"] for one in said(capsys)] == ["opened"]


def test_a_file_that_is_not_there_is_not_kept(tmp_path):
    with pytest.raises(SystemExit) as ended:
        call_command("receive_mail", tmp_path / "none.eml")
    assert ended.value.code == 75
