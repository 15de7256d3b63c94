from typing import Any

from django.db import migrations, models


def mark(apps: Any, schema_editor: Any) -> None:
    apps.get_model("cases", "Case").objects.exclude(document_digest="").update(imported=True)


class Migration(migrations.Migration):
    """Which cases came as documents: those have no clocks, and those that a document only completed have theirs.

    And the index by which the radar reads the reports of a time, whatever was imported since.
    """

    dependencies = [("cases", "0002_triggers")]

    operations = [
        migrations.AddField(
            "case",
            "imported",
            models.BooleanField(
                db_default=False,
                default=False,
                help_text="It came as a document: nobody here undertook anything then, so it has no clocks.",
            ),
        ),
        migrations.AlterField(
            "attachment",
            "session",
            models.CharField(blank=True, help_text="Of the visitor who uploaded it.", max_length=32),
        ),
        migrations.AddIndex("case", models.Index(fields=["system", "opened_at"], name="reports_of_system")),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
