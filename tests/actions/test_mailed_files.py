"""Files that came by mail are somebody's too: they go when their sender is erased or forgotten, and stand in the zip."""

import base64

import pytest

from cases.actions import conversation, copies, erased_cases, held, resolution
from cases.models import Attachment, Kind, User
from tests.factories import picture

from .test_copies import BERT, mailed
from .test_incoming import answer, asked, letter, receive

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _till(till):
    """What there is to report of."""


def with_picture(raw):
    """The mail with a picture beside its words."""
    head, _, words = raw.decode().partition("Content-Type: text/plain; charset=utf-8\n\n")
    parts = [
        f"Content-Type: text/plain\n\n{words}",
        'Content-Type: image/png; name="me.png"\nContent-Transfer-Encoding: base64\n\n'
        + base64.b64encode(picture()).decode(),
    ]
    body = "".join(f"--b\n{part}\n" for part in parts)
    return f"{head}MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n{body}--b--\n".encode()


def of_bert(case, cleo, ada):
    """A file that Bert mailed, who is in copy of the case."""
    copies.add(case, by=cleo, address=BERT)
    (message,) = mailed(conversation.reply(case, by=ada, body="Restart it."))
    assert receive(with_picture(answer(message, BERT))).mail.event.author.email == BERT
    return User.objects.get(email=BERT)


def test_erasing_takes_what_they_mailed_and_nothing_of_others(case, cleo, ada, adam):
    assert receive(with_picture(answer(asked(case), cleo.email))).mail.event.author == cleo
    bert = of_bert(case, cleo, ada)
    erased_cases.erase(case, adam, cleo.pk)
    assert Attachment.objects.get(case=case).event.author == bert


def test_erasing_takes_what_came_from_their_address_unproven(case, cleo, carl, adam):
    assert receive(with_picture(answer(asked(case), carl.email))).mail.event.kind == Kind.NOTE
    assert receive(with_picture(answer(asked(case), "else@elsewhere.example"))).mail.event.kind == Kind.NOTE
    erased_cases.erase(case, adam, carl.pk)
    assert "else@" in Attachment.objects.get(case=case).event.details["mailed_by"]


def test_erasing_takes_what_came_with_a_report_in_their_name(cleo, adam):
    case = receive(with_picture(letter(cleo.email))).mail.case
    assert case.unproven
    erased_cases.erase(case, adam, cleo.pk)
    assert not Attachment.objects.filter(case=case).exists()


def test_retention_takes_what_unproven_senders_mailed(case, ada):
    receive(with_picture(answer(asked(case), "else@elsewhere.example")))
    assert Attachment.objects.get(case=case).event.kind == Kind.NOTE
    resolution.close(case, by=ada)
    erased_cases.anonymise(case)
    assert not Attachment.objects.filter(case=case).exists()


def test_the_zip_of_somebody_in_copy_has_what_they_mailed(case, cleo, carl, ada):
    bert = of_bert(case, cleo, ada)
    assert list(held.files_of(bert)) == list(Attachment.objects.all())
    assert not held.files_of(carl).exists()
