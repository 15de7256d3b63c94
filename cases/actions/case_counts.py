"""Keeping the ledger of what there is of each customer and organisation short, and right."""

from django.db import connection

AT_ONCE = 2000  # new lines that are folded in one go

# Each key is looked up by itself, by the index of its owner: OFFSET keeps PostgreSQL from reading the whole ledger.
FOLD = """
    WITH fresh AS (
        SELECT DISTINCT whose, owner, system, team, escalated_to, what
        FROM (SELECT * FROM cases_casecount WHERE NOT folded ORDER BY id LIMIT %s) AS new
    ), taken AS (
        DELETE FROM cases_casecount WHERE id = ANY (ARRAY(
            SELECT line.id FROM fresh CROSS JOIN LATERAL (
                SELECT * FROM cases_casecount AS of_owner
                WHERE of_owner.whose = fresh.whose AND of_owner.owner = fresh.owner OFFSET 0
            ) AS line
            WHERE line.system = fresh.system AND line.team IS NOT DISTINCT FROM fresh.team
            AND line.escalated_to IS NOT DISTINCT FROM fresh.escalated_to AND line.what = fresh.what
        )) RETURNING *
    )
    INSERT INTO cases_casecount (whose, owner, system, team, escalated_to, what, n, folded)
    SELECT whose, owner, system, team, escalated_to, what, sum(n), true FROM taken
    GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(n) <> 0
"""
LACKING = """
    SELECT whose, owner, system, team, escalated_to, what, sum(n) AS n FROM (
        SELECT whose, owner, system, team, escalated_to, what, n FROM cases_counted
        UNION ALL SELECT whose, owner, system, team, escalated_to, what, -n FROM cases_casecount
    ) AS both_sides
    GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(n) <> 0
"""


def fold() -> None:
    """Make one line of many, in one statement, so that no reader sees an owner without their lines."""
    with connection.cursor() as cursor:
        cursor.execute(FOLD, [AT_ONCE])


def mismatches() -> list[tuple[str, int]]:
    """Whose lines differ from a count of all there is, read at one moment."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT whose, owner FROM ({LACKING}) AS lacking ORDER BY 1, 2")  # noqa: S608 - ours
        return list(cursor.fetchall())


def rebuild() -> None:
    """Add what the ledger lacks, in one statement and so at one moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO cases_casecount (whose, owner, system, team, escalated_to, what, n) {LACKING}"
        )
