import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """A row for each process that sees an agent in a case; nothing of it is worth a foreign key or the log."""

    dependencies = [("cases", "0005_search")]

    operations = [
        migrations.DeleteModel("Presence"),
        migrations.CreateModel(
            name="Presence",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "case",
                        "agent",
                        "process",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("process", models.UUIDField()),
                ("seen_at", models.DateTimeField(help_text="When the process last said so.")),
                (
                    "agent",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="cases.case",
                    ),
                ),
            ],
        ),
        migrations.RunSQL("ALTER TABLE cases_presence SET UNLOGGED", migrations.RunSQL.noop),
    ]
