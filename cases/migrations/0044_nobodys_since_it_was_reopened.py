from django.db import migrations

# `0040_push_devices` took every open case that nobody has for nobody's since it was opened. One that was reopened, or
# given back, is nobody's since then. What was taken back, a merge or a mark as spam, opens nothing anew.
NOBODYS_ANEW = """
UPDATE cases_case SET nobodys_since = anew.at
FROM cases_case AS nobodys CROSS JOIN LATERAL (
    SELECT at FROM cases_event
    WHERE case_id = nobodys.number AND (
        changes -> 'assignee_id' ->> 1 IS NULL AND changes ? 'assignee_id'
        OR changes -> 'status' ->> 0 IN ('resolved', 'closed') AND changes -> 'status' ->> 1 IN ('open', 'investigating')
        AND kind NOT IN ('unmerged', 'unspam')
    )
    ORDER BY sequence DESC LIMIT 1
) AS anew
WHERE cases_case.number = nobodys.number AND nobodys.assignee_id IS NULL
AND nobodys.status IN ('open', 'investigating') AND anew.at > nobodys.nobodys_since
"""


class Migration(migrations.Migration):
    """A case that was reopened says since when nobody has it, and not since it was first reported."""

    dependencies = [
        ("cases", "0043_what_is_found_by_its_own_index"),
    ]

    operations = [
        migrations.RunSQL(NOBODYS_ANEW, migrations.RunSQL.noop),
    ]
