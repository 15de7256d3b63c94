from importlib import import_module
from typing import Any

from django.db import migrations

before: Any = import_module("cases.migrations.0008_audit")

# While the line of an erasure is named, others may lose what is personal in them. What was done, by whom, to whom and
# when stays; nothing is ever deleted.
LOG_STAYS = """
CREATE OR REPLACE FUNCTION cases_audit_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    personal CONSTANT text[] := '{details,address,browser}';
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.times > OLD.times AND to_jsonb(NEW) - 'times' = to_jsonb(OLD) - 'times' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - personal = to_jsonb(OLD) - personal AND EXISTS (
        SELECT FROM cases_auditentry AS erasure
        WHERE erasure.id = nullif(current_setting('caseline.erased_by', true), '')::bigint
          AND erasure.kind = 'erased' AND erasure.id <> OLD.id
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'The audit log is append-only: % refused', TG_OP USING ERRCODE = 'integrity_constraint_violation';
END
$$;
"""


class Migration(migrations.Migration):
    """Lines of the audit log lose what is personal in them, by a recorded erasure alone."""

    dependencies = [("cases", "0022_way_back")]

    operations = [
        migrations.RunSQL(
            LOG_STAYS, before.LOG_STAYS.split("CREATE TRIGGER")[0].replace("CREATE", "CREATE OR REPLACE")
        )
    ]
