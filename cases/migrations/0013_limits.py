from importlib import import_module
from typing import Any

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

triggers: Any = import_module("cases.migrations.0002_triggers")
COUNTED = "ON v.due = ''"

# What counts the views, now also within each limit: a change of a case is a line of its view, and one more for each
# limit that holds the case. See docs/decisions/limits.md.
WITHIN = (
    (COUNTED, f"{COUNTED} AND v.escalated = ''"),
    ("END, sum(c.n)", "END, l.id, sum(c.n)"),
    ("tags,\n               snoozed_until", "tags, escalated_to_id,\n               snoozed_until"),
    ("GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10\n", "GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11\n"),
    (
        "    WHERE {views}\n    GROUP BY 1, 2\n",
        """    JOIN (
        SELECT NULL AS id, NULL AS systems, NULL AS teams UNION ALL SELECT id, systems, teams FROM cases_limit
    ) AS l
      ON l.id IS NULL
      OR c.system_id = ANY (l.systems) OR c.team_id = ANY (l.teams) OR c.escalated_to_id = ANY (l.teams)
    WHERE {views}
    GROUP BY 1, 2, 3
""",
    ),
)
RECOUNT = """
CREATE OR REPLACE FUNCTION cases_recount(views bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO cases_viewcount (view_id, agent_id, limit_id, n)
    SELECT view_id, agent_id, limit_id, sum(n) FROM (
        {lines}
        UNION ALL
        SELECT view_id, agent_id, limit_id, -n FROM cases_viewcount WHERE view_id = ANY (views)
    ) AS lacking (view_id, agent_id, limit_id, n)
    GROUP BY 1, 2, 3
    HAVING sum(n) <> 0;
END
$$;
"""
COUNT = """
CREATE OR REPLACE FUNCTION cases_count_{operation}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO cases_viewcount (view_id, agent_id, limit_id, n) {lines}; RETURN NULL; END
$$;
"""


def functions() -> list[str]:
    lines = triggers.LINES
    for before, after in WITHIN:
        assert before in lines  # noqa: S101 - or the text there is another
        lines = lines.replace(before, after)
    all_cases = lines.format(rows="SELECT *, 1 AS n FROM cases_case", views="v.id = ANY (views)")
    return [
        RECOUNT.format(lines=all_cases),
        *(
            COUNT.format(operation=operation, lines=lines.format(rows=rows, views="true"))
            for operation, (rows, _) in triggers.OPERATIONS.items()
        ),
    ]


class Migration(migrations.Migration):
    """People of the desk may be limited to the cases of some systems or teams, and the counts of views with them."""

    dependencies = [
        ("cases", "0012_privacy"),
    ]

    operations = [
        migrations.CreateModel(
            name="Limit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, unique=True)),
                ("systems", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, default=list)),
                ("teams", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, default=list)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.RemoveIndex(
            model_name="viewcount",
            name="count_of_view",
        ),
        migrations.AddConstraint(
            model_name="limit",
            constraint=models.CheckConstraint(condition=models.Q(models.Q(("systems", []), ("teams", []), _connector="OR"), models.Q(("systems", []), ("teams", []), _negated=True)), name="limit_is_to_systems_or_teams"),
        ),
        migrations.AddField(
            model_name="user",
            name="limit",
            field=models.ForeignKey(blank=True, help_text="Which cases they see on the desk. Empty: all.", null=True, on_delete=django.db.models.deletion.PROTECT, related_name="people", to="cases.limit"),
        ),
        migrations.AddField(
            model_name="viewcount",
            name="limit",
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="cases.limit"),
        ),
        migrations.AddIndex(
            model_name="viewcount",
            index=models.Index(fields=["view", "limit", "agent"], include=("n",), name="count_of_view"),
        ),
        migrations.RunSQL(functions(), import_module("cases.migrations.0005_escalated_views").functions(f"{COUNTED} AND v.escalated = ''")),
    ]
