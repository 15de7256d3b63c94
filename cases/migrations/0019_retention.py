from importlib import import_module
from typing import Any

from django.db import migrations, models

privacy: Any = import_module("cases.migrations.0012_privacy")
# An erasure may also forget by whom something was said.
EVENTS_STAY = privacy.EVENTS_STAY.replace(
    "IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - said = to_jsonb(OLD) - said AND EXISTS (",
    "IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - said - 'author_id' = to_jsonb(OLD) - said - 'author_id' AND EXISTS (",
).replace(
    "          AND record.id <> OLD.id",
    """          AND record.id <> OLD.id
          AND (NEW.author_id IS NOT DISTINCT FROM OLD.author_id OR NEW.author_id IS NULL AND record.kind = 'erased')""",
)


class Migration(migrations.Migration):
    """Cases that are so old that they know no customer any more."""

    dependencies = [("cases", "0018_invitation_limit")]

    operations = [
        migrations.AddField(
            model_name="case",
            name="anonymised",
            field=models.BooleanField(
                db_default=False, default=False, verbose_name="knows no customer any more"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(anonymised=False, merged_into__isnull=True, status="closed"),
                fields=["resolved_at", "number"],
                name="cases_to_anonymise",
            ),
        ),
        migrations.RunSQL(EVENTS_STAY, privacy.EVENTS_STAY),
    ]
