import cases.models.audit
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# What repeats within a minute is counted in its line; nothing else of a line ever changes.
LOG_STAYS = """
CREATE FUNCTION cases_audit_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.times > OLD.times AND to_jsonb(NEW) - 'times' = to_jsonb(OLD) - 'times' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'The audit log is append-only: % refused', TG_OP USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER cases_audit_stays BEFORE UPDATE OR DELETE ON cases_auditentry
    FOR EACH ROW EXECUTE FUNCTION cases_audit_stays();
CREATE TRIGGER cases_audit_stays_whole BEFORE TRUNCATE ON cases_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION cases_audit_stays();
"""

class Migration(migrations.Migration):
    """The audit log, which is only ever added to."""

    dependencies = [
        ('cases', '0007_clock_fold'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('kind', models.CharField(choices=cases.models.audit.AuditKind.known, max_length=32)),
                ('details', models.JSONField(blank=True, default=dict)),
                ('address', models.GenericIPAddressField(blank=True, help_text='Of the network it came from.', null=True)),
                ('browser', models.CharField(blank=True, help_text='As it names itself.', max_length=200)),
                ('times', models.PositiveIntegerField(default=1, help_text='How often it happened within that minute.')),
                ('once', models.UUIDField(blank=True, help_text="What counts as the same within a minute.", null=True)),
                ('about', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
            ],
            options={
                'verbose_name_plural': 'audit entries',
                'ordering': ['-at', '-id'],
                'indexes': [models.Index(fields=['at', 'id'], name='audit_by_time'), models.Index(fields=['kind', 'at', 'id'], name='audit_by_kind'), models.Index(condition=models.Q(('by__isnull', False)), fields=['by', 'at', 'id'], name='audit_by_person'), models.Index(condition=models.Q(('about__isnull', False)), fields=['about', 'at', 'id'], name='audit_about_person'), models.Index(condition=models.Q(('address__isnull', False)), fields=['address', 'at', 'id'], name='audit_by_address')],
                'constraints': [models.UniqueConstraint(fields=('once',), name='audit_counts_what_repeats')],
            },
        ),
        migrations.RunSQL(
            LOG_STAYS,
            "DROP TRIGGER cases_audit_stays ON cases_auditentry;"
            " DROP TRIGGER cases_audit_stays_whole ON cases_auditentry; DROP FUNCTION cases_audit_stays()",
        ),
    ]
