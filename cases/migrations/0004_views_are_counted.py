from django.db import migrations

# How many of some rows of cases each view gains (n = 1) or loses (n = -1), as lines of the ledger. The condition
# says what `cases.queries.queue.narrowed` says; `manage.py verify_counts` compares the two.
LINES = """
    INSERT INTO cases_viewcount (view_id, agent_id, n)
    SELECT v.id, CASE WHEN v.assignee = 'me' THEN c.assignee_id END, sum(c.n)
    FROM (
        SELECT status, severity, priority, area, system_id, team_id, waiting_on, assignee_id, tags,
               snoozed_until IS NOT NULL AS snoozed, sum(n) AS n
        FROM ({rows}) AS changed
        GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
        HAVING sum(n) <> 0
    ) AS c
    JOIN cases_view AS v
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
    HAVING sum(c.n) <> 0;
"""
TRIGGER = """
CREATE FUNCTION cases_count_{operation}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN {lines} RETURN NULL; END
$$;
CREATE TRIGGER cases_count_{operation} AFTER {operation} ON cases_case
    REFERENCING {tables} FOR EACH STATEMENT EXECUTE FUNCTION cases_count_{operation}();
"""
RECOUNT = """
CREATE FUNCTION cases_recount(views bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM cases_viewcount WHERE view_id = ANY (views);
    {lines}
END
$$;
"""
ADDED, TAKEN = "SELECT *, 1 AS n FROM added", "SELECT *, -1 AS n FROM taken"
OPERATIONS = {
    "insert": (ADDED, "NEW TABLE AS added"),
    "update": (f"{ADDED} UNION ALL {TAKEN}", "NEW TABLE AS added OLD TABLE AS taken"),
    "delete": (TAKEN, "OLD TABLE AS taken"),
}
FORWARDS = [
    RECOUNT.format(
        lines=LINES.format(rows="SELECT *, 1 AS n FROM cases_case", views="v.id = ANY (views)")
    ),
    *(
        TRIGGER.format(operation=operation, tables=tables, lines=LINES.format(rows=rows, views="true"))
        for operation, (rows, tables) in OPERATIONS.items()
    ),
]
BACKWARDS = [
    "DROP FUNCTION cases_recount(bigint[])",
    *(
        f"DROP TRIGGER cases_count_{operation} ON cases_case; DROP FUNCTION cases_count_{operation}()"
        for operation in OPERATIONS
    ),
]

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


def make_views(apps, schema_editor):
    """What every desk starts with, counted over the cases that there are."""
    View = apps.get_model("cases", "View")
    View.objects.bulk_create(View(position=place, **view) for place, view in enumerate(VIEWS))
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT cases_recount(ARRAY(SELECT id FROM cases_view))")


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_the_desk")]
    operations = [
        migrations.RunSQL(FORWARDS, BACKWARDS),
        migrations.RunPython(make_views, migrations.RunPython.noop),
    ]
