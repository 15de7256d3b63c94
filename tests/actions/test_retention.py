"""Old cases lose the persons in them, by setting, the oldest first, and keep their story."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from cases import tasks
from cases.actions import attachments, conversation, merging, rating, resolution, retention
from cases.actions.events import record
from cases.actions.removal import opened_by
from cases.models import Attachment, Case, Event, Kind, Outcome, Rating, ReceivedMail
from tests.actions.test_removal import everything
from tests.factories import CaseFactory, UserFactory, upload

NAME = "Zita Quillfeather"


@pytest.fixture
def old(ada, till, settings):
    settings.RETENTION_DAYS = 30
    zita = UserFactory(name=NAME, email="zita.q@bakery.example")
    case = CaseFactory(customer=zita, system=till, summary=f"{NAME} cannot sign in")
    file = attachments.receive(upload("zita.png"), by=zita)
    conversation.reply(case, by=zita, body=f"I am {NAME}.", attachments=[file])
    conversation.reply(case, by=ada, body=f"Hello {NAME}, try again.")
    closed(case, ada)
    rating.rate(case, by=zita, good=True)
    return case


def closed(case, agent, days=31):
    resolution.close(case, by=agent)
    Case.objects.filter(pk=case.pk).update(resolved_at=timezone.now() - timedelta(days=days))


def test_an_old_case_is_nobodys_and_keeps_its_story(old, ada, browser_of):
    authors = list(old.events.filter(role="agent").values_list("author", flat=True))
    tasks.keep_no_longer(timestamp=0)
    old.refresh_from_db()
    assert (old.customer, old.customer_name, old.summary) == (
        None,
        "a former customer",
        "a former customer cannot sign in",
    )
    said = list(old.events.filter(kind=Kind.REPLY).order_by("sequence").values_list("body", flat=True))
    assert said[1:] == ["I am a former customer.", "Hello a former customer, try again."]
    assert set(old.events.filter(role="customer").values_list("author", flat=True)) == {None}
    assert list(old.events.filter(role="agent").values_list("author", flat=True)) == authors
    assert not Attachment.objects.filter(case=old).exists()
    assert (Rating.objects.get().good, Rating.objects.get().by) == (True, None)
    page = browser_of(ada).get(reverse("desk_case", args=[old.number])).text
    assert "Hello a former customer, try again." in page
    assert NAME not in page
    assert retention.run(timezone.now(), 5) == 0


def test_only_what_is_old_and_over_is_due(old, ada, cleo, settings):
    young, running = CaseFactory(customer=cleo), CaseFactory(customer=old.customer)
    closed(young, ada, days=29)
    assert list(retention.due(timezone.now())) == [old]
    merging.merge(old, by=ada, into=running)
    assert list(retention.due(timezone.now())) == []  # it goes on in an open one
    settings.RETENTION_DAYS = 0
    assert list(retention.due(timezone.now())) == []


def test_a_dry_run_says_which_and_changes_nothing(old, capsys, settings):
    settings.RETENTION_DAYS = 0
    with pytest.raises(CommandError, match="Retention is off"):
        call_command("retention")
    call_command("retention", "--dry-run", "--days", "30")
    told = capsys.readouterr().out
    assert "1 cases would lose the persons in them; nothing was changed." in told
    assert f"#{old.number}" in told
    assert not Case.objects.get(pk=old.pk).anonymised
    settings.RETENTION_DAYS = 30
    call_command("retention")
    assert Case.objects.get(pk=old.pk).anonymised


def test_an_author_is_forgotten_by_an_erasure_alone_and_never_replaced(old, ada):
    retention.run(timezone.now(), 5)
    erased = old.events.get(kind=Kind.ERASED)
    agents = Event.objects.filter(case=old, role="agent")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        agents.update(author=None)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), opened_by(erased):
        old.events.filter(role="customer").exclude(pk=erased.pk).update(author=ada)


def test_whoever_mailed_into_the_case_is_gone_from_it_too(old, ada):
    mail = ReceivedMail.objects.create(
        digest="0" * 64,
        size=9,
        sender="yann@mill.example",
        people=["xia@mill.example", ada.email],
        case=old,
        outcome=Outcome.NOTED,
    )
    details = {"mail": str(mail.key), "mailed_by": "Yann Yellow <yann@mill.example>"}
    record(old.locked(), Kind.NOTE, by=None, body="Yann Yellow here, with xia@mill.example.", details=details)
    retention.run(timezone.now(), 5)
    left = everything()
    for trace in ("Yann", "yann@", "xia@"):
        assert trace not in left, trace
    assert ada.email in left
