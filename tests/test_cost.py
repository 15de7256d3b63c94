"""What pages read does not grow with what there is: PostgreSQL counts it, in a database filled by `manage.py fill`."""

import time

import pytest
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import connection
from django.db.models import Count
from django.urls import reverse
from procrastinate import sql
from procrastinate.contrib.django import app

from cases.actions import attachments, case_counts, conversation, saved_views
from cases.files.store import store
from cases.models import Attachment, Case, Policy, Severity, Target, User

from .factories import CaseFactory, upload
from .reads import rows_read

# What PostgreSQL learns of big tables must not outlive them.
pytestmark = pytest.mark.django_db(transaction=True)

FILES = """
    INSERT INTO cases_attachment (
        key, case_id, event_id, uploader_id, session, name, content_type, size, sha256, thumbnail_size, created_at
    )
    SELECT gen_random_uuid(), case_id, id, author_id, '', 'shot.png', 'image/png', 3, '', 3, at
    FROM cases_event WHERE kind = 'reply'
"""
NO_STATISTICS = """
    DELETE FROM pg_statistic WHERE starelid IN (SELECT oid FROM pg_class WHERE relname LIKE 'cases\\_%')
"""
PEOPLE = """
    INSERT INTO cases_user (email, name, role, password, is_active, joined_at)
    SELECT number || '@example.org', 'Customer ' || number, 'customer', '', true, now()
    FROM generate_series(1, 3000) AS number
"""
SNAPSHOTS = """
    SELECT 1 FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_xmin IS NOT NULL
"""
# Rows and entries of indexes: of one thing, and of some thirty cases with what stands around them.
FEW, MOST = 150, 700
STALLED = {"queue": None, "task_name": None, "seconds_since_heartbeat": 30}


def vacuum():
    """Clean up former versions of rows, which are read until then: all of them, so nobody may look at them any more."""
    until = time.monotonic() + 10
    with connection.cursor() as cursor:
        cursor.execute(SNAPSHOTS)
        while cursor.fetchone() and time.monotonic() < until:  # autovacuum's, for one
            time.sleep(0.05)
            cursor.execute(SNAPSHOTS)
        assert time.monotonic() < until, "someone looks at former versions of rows for ten seconds"
        cursor.execute("VACUUM")


@pytest.fixture
def filled():
    """Cases with files, many customers, and an agent who came after them and took the newest cases."""
    call_command("fill", cases=600, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(FILES)
        cursor.execute(PEOPLE)
        cursor.execute("ANALYZE cases_attachment, cases_user")
    newcomer = User.objects.create(
        email="new@example.com", name="New", role=User.Role.AGENT, password=make_password(None)
    )
    newest = Case.objects.order_by("-number").values("number")[:50]
    Case.objects.filter(number__in=newest).update(assignee=newcomer)
    saved_views.compact()  # as the job does every minute
    case_counts.fold()
    vacuum()
    return newcomer


@pytest.fixture(params=["analyzed", "not analyzed"])
def statistics(filled, request):
    if request.param == "not analyzed":
        with connection.cursor() as cursor:
            cursor.execute(NO_STATISTICS)


MANY_DRAFTS = """
    INSERT INTO cases_draft (agent_id, case_id, kind, version, fields, at)
    SELECT agent.id, number, 'reply', 1, '{"body": "Half", "attachments": []}', now()
    FROM cases_case, (SELECT id FROM cases_user WHERE role = 'agent' ORDER BY id LIMIT 5) AS agent
"""
MANY_SESSIONS = """
    INSERT INTO django_session (session_key, session_data, expire_date)
    SELECT md5(n::text), '', now() + interval '1 day' FROM generate_series(1, 5000) AS n
"""
MANY_DIGESTS = """
    WITH theirs AS (
        INSERT INTO cases_preferences (person_id, zone, digest_at)
        SELECT id, '', now() + interval '1 hour' FROM cases_user ON CONFLICT DO NOTHING RETURNING person_id
    )
    INSERT INTO cases_tomail (person_id, event_id, why, way)
    SELECT person_id, (SELECT min(id) FROM cases_event), 'own', 'digest' FROM theirs;
    UPDATE cases_preferences SET digest_at = now() - interval '1 minute'
    WHERE person_id = (SELECT min(person_id) FROM cases_preferences)
"""
MANY_JOBS = """
    INSERT INTO procrastinate_jobs (queue_name, task_name, args, status)
    SELECT 'mail', 'cases.tasks.mail_event', '{}', 'succeeded' FROM generate_series(1, 5000)
"""


@pytest.mark.parametrize(
    "task", sorted(one.task.name for one in app.periodic_registry.periodic_tasks.values())
)
def test_a_job_that_comes_by_itself_reads_what_there_is_to_do(filled, task, settings, tmp_path):
    """However much there is that it has nothing to do with."""
    settings.HOME = tmp_path
    with connection.cursor() as cursor:
        for statement in (MANY_DRAFTS, MANY_SESSIONS, MANY_DIGESTS, MANY_JOBS, "ANALYZE"):
            cursor.execute(statement)
    Attachment.objects.filter(event=None).delete()
    for name in ("to be swept.txt", "of today.txt"):
        attachments.receive(upload(name, name.encode()), by=filled)
    Attachment.objects.filter(name="to be swept.txt").update(created_at="2020-01-01T00:00Z")
    app.tasks["cases.tasks.fold_counts"].func(0)
    with rows_read() as read:
        if task == "cases.tasks.retry_stalled":
            with connection.cursor() as cursor:  # what procrastinate asks then, in a connection of its own
                cursor.execute(sql.queries["select_stalled_jobs_by_heartbeat"], STALLED)
        else:
            app.tasks[task].func(0)
    assert read.total() < FEW, read


def of_a_case(customer):
    return Attachment.objects.filter(case__customer=customer).latest("pk")


def test_a_file_is_opened_by_its_key_alone(filled, statistics, browser_of, monkeypatch):
    monkeypatch.setattr(type(store()), "read_range", lambda *asked: iter([b"png"]))
    customer = User.objects.filter(cases__attachments__isnull=False).first()
    colleague = User.objects.filter(
        organisation__shares_cases=True, role="customer", cases__attachments__isnull=False
    ).first()
    for viewer, owner in ((filled, customer), (customer, customer), (colleague, colleague)):
        browser = browser_of(viewer)
        for page in ("attachment", "attachment_thumbnail"):
            file = of_a_case(owner)
            with rows_read() as read:
                response = browser.get(reverse(page, args=[file.key]))
            assert response.status_code == 200
            assert read.total() < FEW, (viewer.role, page, read)


def read_by(browser, name, *place, **query):
    with rows_read() as read:
        response = browser.get(reverse(name, args=place), query)
    assert response.status_code in (200, 204, 302, 422), name
    return read


def test_a_page_of_a_case_reads_what_it_shows(filled, statistics, browser_of):
    case = Case.objects.filter(assignee=filled, customer__isnull=False).latest("number")
    desk = "desk_case desk_live desk_clocks desk_merge desk_conversation desk_people desk_next desk_previous"
    for viewer, names in ((filled, desk), (case.customer, "case case_live case_conversation")):
        for name in names.split():
            read = read_by(browser_of(viewer), name, case.number, after=1)
            assert read.total() < MOST, (name, read)


LISTS = [
    ("queue", {}),
    ("queue", {"status": "open"}),
    ("queue", {"status": "closed"}),
    ("queue", {"status": "all"}),
    ("queue", {"assignee": "me"}),
    *((name, {}) for name in "queue_live palette views agents macros macro_new notices drafts".split()),
    *((name, {}) for name in "desk_incidents radar reports incidents incident_feed home case_new".split()),
]


def test_a_list_reads_what_it_shows(filled, browser_of):
    browser = browser_of(filled)
    for name, query in [*LISTS, ("search", {"q": str(Case.objects.latest("number").number)})]:
        read = read_by(browser, name, **query)
        assert read.total() < MOST, (name, query, read)
    customer = User.objects.annotate(count=Count("cases")).latest("count")
    assert read_by(browser_of(customer), "cases").total() < MOST


def test_a_customer_and_an_organisation_cost_a_page_of_their_cases_however_many_they_have(
    filled, statistics, browser_of
):
    """What is counted comes from the ledger; of colleagues, files and the like some are read."""
    browser = browser_of(filled)
    busy = Case.objects.filter(customer__organisation__isnull=False).first()
    mine = Case.objects.filter(customer__isnull=False)
    mine.update(customer=busy.customer, organisation=busy.organisation_id)
    case_counts.fold()
    vacuum()
    for name, owner in (("customer_page", busy.customer_id), ("organisation_page", busy.organisation_id)):
        for query in ({}, {"list": "past"}, {"list": "spam"}):
            read = read_by(browser, name, owner, **query)
            assert read.total() < MOST, (name, query, read)
    assert read_by(browser, "palette", q=busy.customer.email).total() < MOST


def test_a_reply_reads_as_much_in_a_long_case_as_in_a_short_one(ada):
    policy = Policy.objects.create(name="Usual", usual=True)
    Target.objects.create(
        policy=policy, severity=Severity.HIGH, first_response=60, next_update=120, resolution=480
    )
    case = CaseFactory()
    read = []
    for exchanges in (3, 40):
        for number in range(exchanges):
            conversation.reply(case, by=case.customer, body=f"And {number}?")
            conversation.reply(case, by=ada, body=f"{number}.")
        vacuum()
        with rows_read() as seen, connection.cursor() as cursor:
            cursor.execute(
                "SET LOCAL enable_seqscan = off"
            )  # small tables are read whole whatever indexes there are
            conversation.reply(case, by=case.customer, body="And now?")
        read.append(seen)
    assert case.clocks.count() > 40
    assert read[1].total() <= read[0].total() + 5, read
