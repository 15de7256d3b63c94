from django.db import migrations

FORWARDS = """
CREATE FUNCTION cases_event_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Events are append-only: % of event % refused', TG_OP, OLD.id
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER cases_event_stays BEFORE UPDATE OR DELETE ON cases_event
    FOR EACH ROW EXECUTE FUNCTION cases_event_stays();
"""

BACKWARDS = """
DROP TRIGGER cases_event_stays ON cases_event;
DROP FUNCTION cases_event_stays();
"""


class Migration(migrations.Migration):
    """Nothing edits or deletes an event, whatever code or administrator tries."""

    dependencies = [("cases", "0001_initial")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
