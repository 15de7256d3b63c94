"""What a customer gives as a secret is sealed, opened on a click, and gone some time after the case is over."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cases import tasks
from cases.actions import conversation, merging, requests, resolution, secrets
from cases.models import (
    AuditEntry,
    AuditKind,
    Case,
    Event,
    Kind,
    Refused,
    SecretAnswer,
    WaitingOn,
    Why,
)
from tests.actions.test_removal import everything
from tests.factories import CaseFactory
from tests.mail.letters import notice

PASSWORD = "open sesame 4711"


@pytest.fixture
def asked(case, ada):
    requests.ask(case, by=ada, what="the password", secret=True)
    return case.requests.get()


@pytest.fixture
def answer(case, cleo, asked):
    secrets.give(case, by=cleo, body=PASSWORD, request=asked.pk)
    return SecretAnswer.objects.get()


def test_it_is_nowhere_but_under_its_seal(case, ada, answer):
    case.refresh_from_db()
    given = Event.objects.select_related("case__customer", "case__system", "author").get(kind=Kind.GIVEN)
    assert PASSWORD not in everything()
    assert (given.body, given.details) == ("", {"request": "the password", "secret": True})
    assert case.waiting_on == WaitingOn.US
    mailed = notice(given, ada, Why.REPLIED)
    assert "Cleo sent the password, as a secret." in mailed.body
    assert answer.opened() == PASSWORD


def test_each_look_is_counted_and_told(case, ada, answer):
    for _ in range(2):
        assert secrets.show(answer, by=ada) == PASSWORD
    answer.refresh_from_db()
    lines = AuditEntry.objects.filter(kind=AuditKind.SECRET_SHOWN, by=ada, case=case)
    assert (answer.times_shown, lines.count()) == (2, 2)
    assert PASSWORD not in everything()


def test_what_nobody_waits_for_is_not_sent_as_a_reply_either(case, cleo, ada, asked):
    requests.withdraw(case, by=ada, request=asked.pk)
    with pytest.raises(Refused, match="We no longer need this, so it wasn’t sent"):
        secrets.give(case, by=cleo, body=PASSWORD, request=asked.pk)
    resolution.close(case, by=ada)
    with pytest.raises(Refused, match="We no longer need this, so it wasn’t sent"):
        secrets.give(case, by=cleo, body=PASSWORD, request=asked.pk)
    assert PASSWORD not in everything()


def test_it_is_gone_some_time_after_closing_and_stays_while_the_case_is_open_again(
    case, cleo, ada, answer, settings
):
    settings.SECRET_DAYS = 3
    resolution.close(case, by=ada)
    later = timezone.now() + timedelta(days=3, minutes=1)
    assert secrets.sweep(later - timedelta(minutes=2)) == 0
    resolution.reopen(case, by=cleo, body="Again.")
    assert secrets.sweep(later) == 0
    resolution.close(case, by=ada)
    assert secrets.sweep(later + timedelta(minutes=1)) == 1
    assert not SecretAnswer.objects.exists()
    assert AuditEntry.objects.get(kind=AuditKind.SECRET_DELETED).by is None
    tasks.sweep_secrets(timestamp=0)


def test_it_stays_with_its_case_through_a_merge_and_a_separation(case, cleo, ada, answer):
    host = CaseFactory(customer=cleo)
    merging.merge(case, by=ada, into=host)
    later = timezone.now() + timedelta(days=100)
    assert secrets.sweep(later) == 0  # it goes on in an open one
    merging.unmerge(case, by=ada)
    assert SecretAnswer.objects.get().request.case == case
    assert Case.objects.get(pk=case.pk).is_active


def test_what_is_still_asked_for_goes_along_with_a_merge(case, cleo, ada, asked):
    host = CaseFactory(customer=cleo)
    merging.merge(case, by=ada, into=host)
    secrets.give(host, by=cleo, body=PASSWORD, request=asked.pk)
    assert SecretAnswer.objects.get().opened() == PASSWORD
    assert PASSWORD not in everything()


def test_a_new_secret_key_opens_what_the_one_before_sealed(answer, ada, settings):
    before, settings.SECRET_KEY = settings.SECRET_KEY, "another"
    with pytest.raises(Refused, match="secret key was changed"):
        secrets.show(answer, by=ada)
    settings.SECRET_KEY_FALLBACKS = [before]
    assert answer.opened() == PASSWORD


def test_a_form_that_comes_twice_gives_once(case, cleo, ada, asked):
    token = "5b1c1c1e-0000-4000-8000-000000000001"
    assert secrets.give(case, by=cleo, body=PASSWORD, request=asked.pk, token=token)
    assert secrets.give(case, by=cleo, body=PASSWORD, request=asked.pk, token=token) is None
    conversation.reply(case, by=cleo, body="Did you get it?")
