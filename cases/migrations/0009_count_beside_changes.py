from importlib import import_module

from django.db import migrations

counted = import_module("cases.migrations.0004_views_are_counted")

# What the ledger lacks is added in the statement that looks, so that nobody has to wait: each change of a case and its
# line become visible together, hence at any one moment the two can be compared.
RECOUNT = """
CREATE OR REPLACE FUNCTION cases_recount(views bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    {lines}
END
$$;
"""
LACKING = """
    INSERT INTO cases_viewcount (view_id, agent_id, n)
    SELECT view_id, agent_id, sum(n) FROM (
        {counted}
        UNION ALL
        SELECT view_id, agent_id, -n FROM cases_viewcount WHERE view_id = ANY (views)
    ) AS lacking (view_id, agent_id, n)
    GROUP BY 1, 2
    HAVING sum(n) <> 0;
"""
SELECTION = counted.LINES.split("(view_id, agent_id, n)", 1)[1].strip().removesuffix(";")


class Migration(migrations.Migration):
    dependencies = [("cases", "0008_told_at")]
    operations = [
        migrations.RunSQL(
            RECOUNT.format(
                lines=LACKING.format(
                    counted=SELECTION.format(
                        rows="SELECT *, 1 AS n FROM cases_case", views="v.id = ANY (views)"
                    )
                )
            ),
            counted.FORWARDS[0].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1),
        )
    ]
