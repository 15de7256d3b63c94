"""The audit log: what a line says, that it stays, and that nobody fills the disk with it."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from cases.access import Origin
from cases.actions import audit
from cases.models import AuditEntry, AuditKind
from cases.models.audit import AUDIT_KINDS
from cases.wording.audit import SAYS, deed, who

pytestmark = pytest.mark.django_db


@pytest.fixture
def _same_minute(monkeypatch):
    noon = datetime(2026, 11, 30, 12, tzinfo=UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon)


def failed(tried, how="a password"):
    return lambda: audit.record_failed_sign_in(tried, how=how)


def test_a_line_says_who_did_what_to_whom_when_and_from_where(adam, abe, coming_from):
    coming_from(
        "192.0.2.7",
        lambda: audit.record(AuditKind.ROLE, by=adam, about=abe, old="Agent", new="Administrator"),
        browser="Firefox\x00\n on\tLinux" + "x" * 300,
    )
    entry = AuditEntry.objects.get()
    assert (who(entry), deed(entry)) == (
        "Adam",
        "changed the role of Abe from Agent to Administrator",
    )
    assert entry.address == "192.0.2.7"
    assert entry.browser.startswith("Firefox onLinuxxx")
    assert len(entry.browser) <= 200


def test_what_no_request_asked_for_comes_from_nowhere(adam, coming_from):
    coming_from("192.0.2.7", lambda: None)
    entry = audit.record(AuditKind.SIGNED_OUT, by=adam)
    assert Origin(entry.address, entry.browser) == Origin(None, "")


@pytest.mark.parametrize("address", ["", "unix:", "192.0.2.7, 10.0.0.1", "x" * 999])
def test_what_is_no_address_is_none(address, adam, coming_from):
    entry = coming_from(address, lambda: audit.record(AuditKind.SIGNED_OUT, by=adam))
    assert entry.address is None


def test_a_line_names_only_what_its_kind_knows(adam):
    with pytest.raises(TypeError, match="does not name password"):
        audit.record(AuditKind.SIGNED_IN, by=adam, password="secret")


def test_every_kind_has_its_row_and_its_sentence():
    assert set(AUDIT_KINDS) == set(SAYS) == set(AuditKind)
    assert [kind for kind, row in AUDIT_KINDS.items() if not row.personal <= set(row.details)] == []


@pytest.mark.parametrize(
    "change",
    [
        lambda entries: entries.update(details={"how": "magic"}),
        lambda entries: entries.update(times=0),
        lambda entries: entries.update(times=2, address="192.0.2.8"),
        lambda entries: entries.delete(),
    ],
)
def test_the_database_refuses_to_change_or_delete_a_line(change, adam):
    audit.record(AuditKind.SIGNED_IN, by=adam, how="a passkey")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        change(AuditEntry.objects.all())
    assert AuditEntry.objects.get().details == {"how": "a passkey"}


@pytest.mark.usefixtures("_same_minute")
def test_failed_sign_ins_of_a_minute_count_in_one_line(cleo, coming_from):
    for spelling in (cleo.email, cleo.email.upper(), f" {cleo.email} "):
        coming_from("192.0.2.7", failed(spelling))
    coming_from("192.0.2.8", failed(cleo.email))
    coming_from("192.0.2.8", failed("nobody@example.com"))
    assert [(entry.address, entry.about, entry.times) for entry in AuditEntry.objects.order_by("id")] == [
        ("192.0.2.7", cleo, 3),
        ("192.0.2.8", cleo, 1),
        ("192.0.2.8", None, 1),
    ]


@pytest.mark.usefixtures("_same_minute")
def test_tries_from_many_networks_do_not_fill_the_disk(monkeypatch, coming_from):
    monkeypatch.setattr(audit, "MOST_FAILED", 5)
    for number in range(20):
        coming_from(f"192.0.2.{number}", failed(f"{number}@example.com"))
    coming_from("192.0.2.1", failed("1@example.com"))
    lines = AuditEntry.objects.order_by("id")
    assert [entry.times for entry in lines] == [1, 2, 1, 1, 1, 15]
    assert deed(lines.last()) == "failed to sign in from many more networks, or under many more addresses"
