from django.core.management import CommandError
from django.db import migrations
from django.db.migrations.recorder import MigrationRecorder

EVENTS_STAY = """
CREATE FUNCTION cases_event_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Events are append-only: % of event % refused', TG_OP, OLD.id
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER cases_event_stays BEFORE UPDATE OR DELETE ON cases_event
    FOR EACH ROW EXECUTE FUNCTION cases_event_stays();
"""

# How many of some rows of cases each view gains (n = 1) or loses (n = -1). The condition says what
# `cases.queries.queue.narrowed` says; `manage.py verify_counts` compares the two.
LINES = """
    SELECT v.id, CASE WHEN v.assignee = 'me' THEN c.assignee_id END, sum(c.n)
    FROM (
        SELECT status, severity, priority, area, system_id, team_id, waiting_on, assignee_id, tags,
               snoozed_until IS NOT NULL AS snoozed, sum(n) AS n
        FROM ({rows}) AS changed
        GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
        HAVING sum(n) <> 0
    ) AS c
    JOIN cases_savedview AS v
      ON v.due = ''
     AND CASE v.status
             WHEN '' THEN c.status IN ('open', 'investigating') AND NOT c.snoozed
             WHEN 'all' THEN true
             WHEN 'snoozed' THEN c.snoozed
             ELSE c.status = v.status AND NOT c.snoozed
         END
     AND CASE v.assignee
             WHEN '' THEN true
             WHEN 'me' THEN c.assignee_id IS NOT NULL
             WHEN 'none' THEN c.assignee_id IS NULL
             ELSE c.assignee_id::text = v.assignee
         END
     AND (v.severity IS NULL OR v.severity = c.severity)
     AND (v.priority IS NULL OR v.priority = c.priority)
     AND (v.area = '' OR v.area = c.area)
     AND (v.system_id IS NULL OR v.system_id = c.system_id)
     AND (v.team_id IS NULL OR v.team_id = c.team_id)
     AND (v.waiting IS NULL OR v.waiting = c.waiting_on)
     AND (v.tag = '' OR c.tags @> ARRAY[v.tag])
    WHERE {views}
    GROUP BY 1, 2
    HAVING sum(c.n) <> 0
"""

# What the ledger lacks is added in the statement that looks, so that nobody has to wait: each change of a case and its
# line become visible together, hence at any one moment the two can be compared.
RECOUNT = """
CREATE FUNCTION cases_recount(views bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO cases_viewcount (view_id, agent_id, n)
    SELECT view_id, agent_id, sum(n) FROM (
        {lines}
        UNION ALL
        SELECT view_id, agent_id, -n FROM cases_viewcount WHERE view_id = ANY (views)
    ) AS lacking (view_id, agent_id, n)
    GROUP BY 1, 2
    HAVING sum(n) <> 0;
END
$$;
""".format(lines=LINES.format(rows="SELECT *, 1 AS n FROM cases_case", views="v.id = ANY (views)"))

COUNT = """
CREATE FUNCTION cases_count_{operation}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO cases_viewcount (view_id, agent_id, n) {lines}; RETURN NULL; END
$$;
CREATE TRIGGER cases_count_{operation} AFTER {operation} ON cases_case
    REFERENCING {tables} FOR EACH STATEMENT EXECUTE FUNCTION cases_count_{operation}();
"""
ADDED, TAKEN = "SELECT *, 1 AS n FROM added", "SELECT *, -1 AS n FROM taken"
OPERATIONS = {
    "insert": (ADDED, "NEW TABLE AS added"),
    "update": (f"{ADDED} UNION ALL {TAKEN}", "NEW TABLE AS added OLD TABLE AS taken"),
    "delete": (TAKEN, "OLD TABLE AS taken"),
}
COUNTS = [
    COUNT.format(operation=operation, tables=tables, lines=LINES.format(rows=rows, views="true"))
    for operation, (rows, tables) in OPERATIONS.items()
]

# One spelling for each address, as in cases_user.
ADDRESSES = """
ALTER TABLE account_emailaddress ADD CONSTRAINT address_has_one_spelling
    CHECK (email = lower(normalize(email, NFKC)) AND email !~ '^\\s|\\s$')
"""

# It is rebuilt within seconds, so nothing of it is worth the log.
PRESENCE = "ALTER TABLE cases_presence SET UNLOGGED"

VIEWS = [
    {"name": "Queue"},
    {"name": "Mine", "assignee": "me"},
    {"name": "Unassigned", "assignee": "none"},
    {"name": "Waiting on us", "waiting": 0},
    {"name": "Due soon", "due": "soon", "order": "due"},
    {"name": "Critical", "severity": 1},
    {"name": "Resolved, to confirm", "status": "resolved"},
    {"name": "Snoozed", "status": "snoozed"},
    {"name": "Open", "status": "open"},
    {"name": "Investigating", "status": "investigating"},
    {"name": "Closed", "status": "closed"},
    {"name": "All cases", "status": "all"},
]


def refuse_what_is_older_than_the_first_release(apps, schema_editor):
    applied = MigrationRecorder(schema_editor.connection).applied_migrations()
    if ("cases", "0003_the_desk") in applied:
        raise CommandError(
            "This database is older than the first release, so it cannot be upgraded as it is."
            " CHANGELOG.md says how to bring it over. Nothing was changed."
        )


def make_views(apps, schema_editor):
    """What every desk starts with."""
    SavedView = apps.get_model("cases", "SavedView")
    SavedView.objects.bulk_create(SavedView(position=place, **view) for place, view in enumerate(VIEWS))


class Migration(migrations.Migration):
    """What the database does by itself, and what every desk starts with."""

    dependencies = [("cases", "0001_initial"), ("account", "0009_emailaddress_unique_primary_email")]

    operations = [
        migrations.RunPython(refuse_what_is_older_than_the_first_release, migrations.RunPython.noop),
        migrations.RunSQL(
            [EVENTS_STAY, RECOUNT, *COUNTS, ADDRESSES, PRESENCE],
            [
                "DROP TRIGGER cases_event_stays ON cases_event; DROP FUNCTION cases_event_stays()",
                "DROP FUNCTION cases_recount(bigint[])",
                *(
                    f"DROP TRIGGER cases_count_{operation} ON cases_case; DROP FUNCTION cases_count_{operation}()"
                    for operation in OPERATIONS
                ),
                "ALTER TABLE account_emailaddress DROP CONSTRAINT address_has_one_spelling",
            ],
        ),
        migrations.RunPython(make_views, migrations.RunPython.noop),
    ]
