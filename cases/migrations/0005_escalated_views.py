from importlib import import_module
from typing import Any

from django.db import migrations, models

triggers: Any = import_module("cases.migrations.0002_triggers")
COUNTED = "ON v.due = ''"


def functions(counted: str) -> list[str]:
    """What counts views, of which those are left out that are counted when somebody asks."""
    made = [sql.split("CREATE TRIGGER")[0] for sql in (triggers.RECOUNT, *triggers.COUNTS)]
    return [
        sql.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION").replace(COUNTED, counted) for sql in made
    ]


class Migration(migrations.Migration):
    """A view may be narrowed to what is escalated, and is counted like one of what is due: when somebody asks."""

    dependencies = [("cases", "0004_public_sequences")]

    operations = [
        migrations.AddField(
            "savedview",
            "escalated",
            models.CharField(blank=True, help_text="mine, any, or the number of a team.", max_length=20),
        ),
        migrations.RunSQL(functions(f"{COUNTED} AND v.escalated = ''"), functions(COUNTED)),
    ]
