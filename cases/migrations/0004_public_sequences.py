from django.db import migrations, models

# What is public of each case, counted. Events are changed here and nowhere else.
COUNTED = """
ALTER TABLE cases_event DISABLE TRIGGER cases_event_stays;
UPDATE cases_event SET public_sequence = counted.place
FROM (
    SELECT id, row_number() OVER (PARTITION BY case_id ORDER BY sequence) AS place FROM cases_event WHERE public
) AS counted WHERE cases_event.id = counted.id;
ALTER TABLE cases_event ENABLE TRIGGER cases_event_stays;
UPDATE cases_case SET last_public_sequence = told.place
FROM (
    SELECT case_id, max(public_sequence) AS place FROM cases_event WHERE public GROUP BY case_id
) AS told WHERE cases_case.number = told.case_id;
"""


class Migration(migrations.Migration):
    """Customers know events by a number that counts public ones alone, so that no gap tells them of internal work."""

    dependencies = [("cases", "0003_imported")]

    operations = [
        migrations.AddField(
            "case", "last_public_sequence", models.PositiveIntegerField(db_default=0, default=0)
        ),
        migrations.AddField(
            "event",
            "public_sequence",
            models.PositiveIntegerField(
                blank=True,
                help_text="Among the public events of its case, by which customers know it.",
                null=True,
            ),
        ),
        migrations.RunSQL(COUNTED, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "event",
            models.UniqueConstraint(
                condition=models.Q(public=True),
                fields=["case", "public_sequence"],
                name="public_sequence_unique_within_case",
            ),
        ),
        migrations.AddConstraint(
            "event",
            models.CheckConstraint(
                condition=models.Q(public=True, public_sequence__isnull=False)
                | models.Q(public=False, public_sequence__isnull=True),
                name="public_events_are_counted",
            ),
        ),
    ]
