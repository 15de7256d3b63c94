from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from cases.demo.sample import PASSWORD, SIGN_INS
from cases.models import Case, Event, Kind, Link, Priority, Severity, Status, User, WaitingOn
from cases.models.kinds import KINDS
from cases.wording.events import sentence
from tests.actions.replay import replay

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def sample(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The sample data, loaded once for all tests here."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("sample", verbosity=0)
        yield
        transaction.set_rollback(True)


def test_three_organisations_report_one_checkout_outage_within_ten_minutes() -> None:
    reports = Case.objects.filter(status=Status.OPEN, summary__iregex="checkout|gateway")
    opened = sorted(case.opened_at for case in reports)
    assert len({case.organisation for case in reports}) == len(opened) == 3
    assert opened[-1] - opened[0] < timedelta(minutes=10)


def test_every_stored_state_is_what_its_events_say() -> None:
    for case in Case.objects.all():
        state = replay(case.events.order_by("sequence"))
        assert {field: _json(getattr(case, field)) for field in state} == {
            field: _json(value) for field, value in state.items()
        }


def test_every_case_is_told_in_order_and_nothing_lies_in_the_future() -> None:
    events = list(Event.objects.order_by("case", "sequence"))
    for before, after in pairwise(events):
        assert before.case_id != after.case_id or before.at <= after.at
    assert max(event.at for event in events) < timezone.now()
    assert max(case.changed_at for case in Case.objects.all()) < timezone.now()


def test_numbers_rise_with_time() -> None:
    opened = list(Case.objects.order_by("number").values_list("opened_at", flat=True))
    assert opened == sorted(opened)
    assert opened[-1] - opened[0] > timedelta(days=35)


def test_nobody_waits_less_than_two_minutes_or_more_than_two_days() -> None:
    now = timezone.now()
    for case in Case.objects.exclude(waiting_on=WaitingOn.NOBODY):
        assert timedelta(minutes=2) <= now - case.waiting_since < timedelta(days=2)


def test_there_is_something_of_everything() -> None:
    cases, events = Case.objects.all(), Event.objects.all()
    assert {case.status for case in cases} == set(Status.values)
    assert {event.kind for event in events} == (
        set(Kind.values)
        - {Kind.IMPORTED, Kind.WARNED, Kind.BROKEN, Kind.REMINDED, Kind.PROVEN, Kind.DISOWNED, Kind.MOVED}
        - {
            Kind.REMOVED,
            Kind.REMOVED_NOTE,
            Kind.ERASED,
            Kind.UNTAKEN,
            Kind.UNDEALT,
            Kind.HELD,
            Kind.SPENT,
            Kind.CHECKLIST,
            Kind.SPLIT,
            Kind.SPAM,
            Kind.UNSPAM,
            Kind.ORGANISATION,
        }
    )
    assert cases.filter(severity=Severity.CRITICAL, priority=Priority.P4).exists()
    assert cases.filter(merged_into__isnull=False).exists()
    assert cases.filter(snoozed_until__gt=timezone.now()).exists()
    assert cases.filter(due_at__lt=timezone.now()).exists()
    assert cases.filter(due_at__gt=timezone.now()).exists()
    assert Link.objects.exists()
    assert cases.filter(last_sequence__gte=65).exists()
    assert events.filter(role="agent", body__contains="every 30 minutes").exists()


def test_no_mail_is_sent_about_the_past() -> None:
    assert not ProcrastinateJob.objects.exists()


@pytest.mark.parametrize("email", SIGN_INS)
def test_the_password_signs_in(client: Client, email: str) -> None:
    client.post(reverse("account_login"), {"login": email, "password": PASSWORD})
    assert client.session.get("_auth_user_id") == str(User.objects.get(email=email).pk)


def test_an_agent_an_administrator_two_customers_and_a_manager_sign_in() -> None:
    people = [User.objects.get(email=email) for email in SIGN_INS]
    assert [person.role for person in people] == ["agent", "administrator", "customer", "customer", "manager"]
    assert people[2].organisation != people[3].organisation == people[4].organisation


def test_it_refuses_where_there_are_cases() -> None:
    with pytest.raises(CommandError, match="There are cases already"):
        call_command("sample")


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def test_an_event_names_only_what_its_kind_names_and_says_only_what_people_wrote() -> None:
    for event in Event.objects.select_related("case", "author"):
        assert set(event.details) <= set(KINDS[Kind(event.kind)].details), sentence(event)
        assert not event.body or event.kind in (
            Kind.REPLY,
            Kind.NOTE,
            Kind.RESOLVED,
            Kind.RATED,
            Kind.FORWARDED,
        )
