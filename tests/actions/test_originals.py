"""Mail that was received says no more than its case does, once something is removed for good."""

import pytest
from django.core.files.storage import storages

from cases import tasks
from cases.actions import erasure, removal
from cases.actions.incoming import receive
from cases.models import Event, ReceivedMail
from tests.actions.test_removal import CARD, everything
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

MAIL = f"""From: Nora <nora@example.net>
Subject: Card {CARD}
Message-ID: <1@example.net>

My card is {CARD}.

On 3 Mar 2026 at 9:14, Ada <ada@example.org> wrote:
> Is {CARD} yours?
"""


@pytest.fixture
def mail(till):
    receive(MAIL.encode(), trusted="")
    return ReceivedMail.objects.get()


def test_a_passage_that_is_removed_is_gone_from_the_mail_and_its_original(mail, ada, browser_of):
    said = Event.objects.get(case=mail.case, kind="reply")
    assert storages["attachments"].exists(mail.stored)
    removal.remove_passage(mail.case, by=ada, event=said.sequence, passage=CARD)
    tasks.drop_original(stored=mail.stored)
    assert CARD not in everything()
    assert not storages["attachments"].exists(mail.stored)
    page = browser_of(ada).get(f"/desk/mail/{mail.key}/")
    assert "The original is gone" in page.text
    assert browser_of(ada).get(f"/desk/mail/{mail.key}/original/").status_code == 404


def test_who_is_erased_is_gone_from_their_mail(mail, adam):
    nora = UserFactory(name="Nora Quillfeather", email="nora@example.net")
    out_of_office = MAIL.replace("<1@", "<2@").replace("Subject:", "Auto-Submitted: auto-replied\nSubject:")
    receive(out_of_office.encode(), trusted="")
    assert ReceivedMail.objects.filter(case=None).exists()
    tasks.run_bulk(bulk=erasure.erase(nora, by=adam).pk)
    left = ReceivedMail.objects.get()
    assert (left.sender, left.has_original) == ("a former customer", False)
    assert "nora@example.net" not in everything()
