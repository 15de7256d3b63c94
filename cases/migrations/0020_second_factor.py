import django.db.models.functions.datetime
import django.utils.timezone
from django.db import migrations, models

SINCE = """
CREATE FUNCTION cases_role_since() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.role_since := now();
    RETURN NEW;
END $$;
CREATE TRIGGER role_since BEFORE UPDATE OF role ON cases_user
    FOR EACH ROW WHEN (OLD.role IS DISTINCT FROM NEW.role) EXECUTE FUNCTION cases_role_since();
"""
UNDO = "DROP TRIGGER role_since ON cases_user; DROP FUNCTION cases_role_since;"


class Migration(migrations.Migration):
    """Who has a second factor, and since when their role, from which the time counts until they need one."""

    dependencies = [
        ("cases", "0019_retention"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [
        migrations.AddField(
            "user",
            "role_since",
            models.DateTimeField(
                default=django.utils.timezone.now,
                db_default=django.db.models.functions.datetime.Now(),
                editable=False,
            ),
        ),
        migrations.AddField("user", "has_second_factor", models.BooleanField(default=False, db_default=False, editable=False)),
        migrations.AddField("user", "sign_outs", models.PositiveIntegerField(default=0, db_default=0, editable=False)),
        migrations.RunSQL(SINCE, UNDO),
    ]
