"""The page of the audit log: what it shows, what it is narrowed to, and what it costs."""

import csv
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from cases.access import origin_middleware
from cases.actions import audit
from cases.models import AuditEntry, AuditKind
from cases.queries import audit as queries
from tests.factories import UserFactory
from tests.reads import rows_read

pytestmark = pytest.mark.django_db

PAGE, TABLE = reverse("audit"), reverse("audit_table")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def office(adam, browser_of):
    return browser_of(adam)


@pytest.fixture
def entry(adam):
    """Writes a line, so many minutes after noon: `entry(5, AuditKind.SIGNED_OUT, by=ada)`."""

    def write(minutes, kind=AuditKind.SIGNED_OUT, **fields):
        return AuditEntry.objects.create(
            at=NOON + timedelta(minutes=minutes), kind=kind, **{"by": adam} | fields
        )

    return write


def shown(page):
    return [entry.pk for entry in page.context["page"].entries]


def narrowed(office, **filters):
    """What the page shows besides the sign-in of whoever looks."""
    return shown(office.get(PAGE, {"until": "2026-03-02"} | filters))


def test_a_line_in_words_with_where_it_came_from(office, adam, abe, rf):
    request = rf.get(
        "/", REMOTE_ADDR="192.0.2.7", headers={"User-Agent": "Mozilla/5.0 (X11; Linux) Firefox/140.0"}
    )
    role = {"old": "Agent", "new": "Administrator"}
    origin_middleware(lambda _: audit.record(AuditKind.ROLE, by=adam, about=abe, **role))(request)
    page = office.get(PAGE).content.decode()
    assert "<b>Adam</b></a> changed the role of Abe from Agent to Administrator" in page
    assert "192.0.2.7" in page
    assert "Firefox on Linux" in page


def test_what_it_is_narrowed_to(office, entry, adam, ada, abe):
    signed_out = entry(1, by=ada, address="192.0.2.7")
    role = entry(2, AuditKind.ROLE, by=adam, about=ada, details={"old": "Agent", "new": "Team lead"})
    another = entry(3, by=abe, address="192.0.2.8")
    later = entry(24 * 60, by=abe)
    assert narrowed(office) == [later.pk, another.pk, role.pk, signed_out.pk]
    assert narrowed(office, kind="role") == [role.pk]
    assert narrowed(office, person=" Ada@Example.com ") == [role.pk, signed_out.pk]
    assert narrowed(office, person="Ada", kind="signed_out") == [signed_out.pk]
    assert narrowed(office, address="192.0.2.8") == [another.pk]
    assert narrowed(office, since="2026-03-02") == [later.pk]
    assert narrowed(office, until="2026-03-01") == [another.pk, role.pk, signed_out.pk]


@pytest.mark.parametrize(
    ("filters", "complaint"),
    [
        ({"person": "nobody@example.com"}, "Nobody has this address."),
        ({"person": "\0"}, "Null characters are not allowed."),
        ({"address": "192.0.2."}, "Write addresses like 192.0.2.7 or 2001:db8::7."),
        ({"since": "yesterday"}, "Write days like 2026-12-24."),
        ({"since": "0001-01-01"}, "Write days like 2026-12-24."),
        ({"until": "9999-12-31"}, "Write days like 2026-12-24."),
        ({"since": "2026-03-02", "until": "2026-03-01"}, "The end is before the start. Swap the two days."),
        ({"kind": "magic"}, "Select a valid choice."),
        ({"persn": "Ada"}, "The log has no filter “persn”, so it was ignored."),
        ({"before": "9" * 30}, None),
        ({"before": "x"}, None),
    ],
)
def test_what_cannot_be_is_said_and_kept(filters, complaint, office):
    page = office.get(PAGE, filters)
    assert page.status_code == 200
    assert complaint is None or complaint in page.content.decode()
    table = office.get(TABLE, filters)
    assert table.status_code == (422 if complaint else 200)


def test_pages_show_each_line_once(office, entry):
    entries = [entry(minutes // 3) for minutes in range(queries.SIZE + 10)]
    first = office.get(PAGE, {"until": "2026-03-02"})
    second = office.get(PAGE, {"until": "2026-03-02", "before": first.context["page"].further})
    assert shown(first) + shown(second) == [entry.pk for entry in reversed(entries)]
    assert "Earlier" not in second.content.decode()
    assert "Newest" in second.content.decode()


def test_what_no_index_finds_is_looked_for_in_steps(office, entry, ada, monkeypatch):
    monkeypatch.setattr(queries, "MOST_READ", 10)
    wanted = entry(0, AuditKind.EXPORTED, by=ada, details={"what": "all cases"})
    for minutes in range(1, 13):
        entry(minutes, by=ada)
    first = office.get(PAGE, {"person": "Ada", "kind": "exported"})
    assert "Searched back to" in first.content.decode()
    assert "Nothing of this kind so far." in first.content.decode()
    second = office.get(PAGE, {"person": "Ada", "kind": "exported", "before": first.context["page"].further})
    assert shown(second) == [wanted.pk]


def test_an_empty_log_says_what_will_stand_there(office):
    assert "Nothing in the log matches" in office.get(PAGE, {"until": "2026-03-01"}).content.decode()


def test_a_table_of_what_is_filtered_is_harmless_and_is_in_the_log_itself(office, entry, settings):
    evil = UserFactory(name="=cmd|' /C calc'!A0", email="evil@example.com")
    entry(1, by=evil, about=evil, browser="@SUM(1)")
    entry(2)
    response = office.get(TABLE, {"person": "evil@example.com", "until": "2026-03-02"})
    head, line = csv.reader(b"".join(response.streaming_content).decode("utf-8-sig").splitlines())
    told = dict(zip(head, line, strict=True))
    assert told["Who"] == told["About"] == "'=cmd|' /C calc'!A0"
    assert told["Browser"] == "'@SUM(1)"
    assert told["Time"] == "2026-03-01T12:01:00+00:00"
    logged = AuditEntry.objects.latest("id")
    assert (logged.kind, logged.details["what"]) == ("exported", "the audit log")
    assert logged.details["filter"] == "Who, or about whom: evil@example.com, To: 2026-03-02"


def test_a_table_has_all_lines_however_many(office, adam):
    AuditEntry.objects.bulk_create(
        AuditEntry(at=NOON + timedelta(seconds=number // 7), kind="signed_out", by=adam)
        for number in range(2200)
    )
    response = office.get(TABLE, {"kind": "signed_out"})
    assert len(b"".join(response.streaming_content).splitlines()) == 2201


ONE = 10 * queries.SIZE  # lines and entries of indexes, of which PostgreSQL reads some ahead
# lines and entries of indexes that are read for a page, of each some more than it shows


@pytest.mark.parametrize("analysed", [False, True])
@pytest.mark.parametrize(
    ("filters", "most"),
    [
        ({}, ONE),
        ({"kind": "exported"}, ONE),
        ({"kind": "signed_in"}, ONE),
        ({"person": "ada"}, ONE),
        ({"person": "mallory"}, ONE),
        ({"address": "192.0.2.1"}, ONE),
        ({"person": "ada", "kind": "exported"}, 2 * 500),
        ({"address": "192.0.2.1", "kind": "exported"}, 2 * 500),
    ],
)
def test_a_page_reads_little_however_long_the_log_is(
    filters, most, analysed, adam, ada, mallory, monkeypatch
):
    """Be it that the statistics know of it, or that the planner has to guess."""
    monkeypatch.setattr(queries, "MOST_READ", 500)
    began = timezone.now()  # later than all that tests before it have left in the indexes
    people = {"ada": ada, "mallory": mallory}
    AuditEntry.objects.bulk_create(
        AuditEntry(
            at=began + timedelta(microseconds=number),
            kind="exported" if number % 1000 == 0 else "signed_in",
            by=(adam, ada)[number % 2],
            about=mallory if number % 500 == 0 else None,
            address=f"192.0.2.{number % 3}",
        )
        for number in range(5_000)
    )
    if analysed:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE cases_auditentry")
    wanted = queries.Wanted(**{name: people.get(value, value) for name, value in filters.items()})
    before = AuditEntry.objects.get(at=began + timedelta(microseconds=4_000)).pk
    queries.page(wanted, before=before)  # which clears away what the planner meets of tests before it
    with rows_read() as read:
        queries.page(wanted, before=before)
    assert sum(count for name, count in read.items() if "audit" in name) <= most, read
