import django.utils.timezone
from django.db import migrations, models

LAST_TOLD = """
    UPDATE cases_case SET told_at = coalesce(
        (SELECT at FROM cases_event WHERE case_id = number AND public ORDER BY sequence DESC LIMIT 1), opened_at
    )
"""


class Migration(migrations.Migration):
    """Customers see their cases in the order of what they were told, whatever happens behind it."""

    dependencies = [("cases", "0007_bulk_once")]

    operations = [
        migrations.RemoveIndex("case", "cases_of_customer"),
        migrations.RemoveIndex("case", "cases_of_organisation"),
        migrations.AddField(
            "case",
            "told_at",
            models.DateTimeField(
                default=django.utils.timezone.now, help_text="When the customer last saw something happen."
            ),
        ),
        migrations.RunSQL(LAST_TOLD, migrations.RunSQL.noop),
        migrations.AddIndex("case", models.Index(fields=["customer", "-told_at"], name="cases_of_customer")),
        migrations.AddIndex(
            "case", models.Index(fields=["organisation", "-told_at"], name="cases_of_organisation")
        ),
    ]
