from django.db import migrations, models

from cases.models.kinds import Kind

# What the body of an event named, before it was what a person wrote and nothing else.
EVENTS = r"""
ALTER TABLE cases_event DISABLE TRIGGER cases_event_stays;
UPDATE cases_event SET kind = 'note', body = CASE WHEN changes->'due_at'->>1 IS NULL THEN 'Took back the due time.'
    ELSE 'Due by ' || (changes->'due_at'->>1) || '.' END WHERE kind = 'due';
UPDATE cases_event SET
    body = CASE kind
        WHEN 'rated' THEN coalesce(substr(body, nullif(strpos(body, E'\n'), 0) + 1), '')
        WHEN 'closed' THEN CASE role WHEN 'system' THEN '' ELSE body END
        ELSE '' END,
    details = CASE
        WHEN kind = 'rated' THEN jsonb_build_object('good', body LIKE 'good%')
        WHEN body = '' THEN '{}'
        WHEN kind = 'assignee' THEN jsonb_build_object('assignee', body)
        WHEN kind IN ('team', 'escalated', 'answered') THEN jsonb_build_object('team', body)
        WHEN kind IN ('linked', 'unlinked', 'merged', 'unmerged') THEN jsonb_build_object('case', body::bigint)
        WHEN kind IN ('attached', 'detached') THEN jsonb_build_object('incident', body::bigint)
        WHEN kind IN ('requested', 'given', 'withdrawn') THEN jsonb_build_object('request', body)
        WHEN kind = 'reminded' THEN jsonb_build_object('requests', jsonb_build_array(body))
        WHEN kind IN ('warned', 'broken') THEN
            jsonb_build_object('due', split_part(body, ' ', 1), 'due_at', split_part(body, ' ', 2))
        WHEN kind = 'taken_back' AND body ~ '^\d{4}-\d\d-\d\dT\d\d:\d\d' THEN jsonb_build_object('due_at', body)
        WHEN kind = 'taken_back' THEN jsonb_build_object('phrase', body)
        WHEN kind = 'imported' THEN
            jsonb_build_object('fields', string_to_array(split_part(body, ': ', 2), ', '))
        WHEN kind = 'closed' AND role = 'system' THEN jsonb_build_object('waited_for', array_remove(array_remove(
            ARRAY[substring(body FROM '^We waited for (.*) and could not go on without it')], 'your answer'), NULL))
        ELSE '{}' END
WHERE kind IN ('rated', 'assignee', 'team', 'escalated', 'answered', 'linked', 'unlinked', 'merged', 'unmerged',
    'attached', 'detached', 'requested', 'given', 'withdrawn', 'reminded', 'warned', 'broken', 'taken_back',
    'imported', 'tags') OR (kind = 'closed' AND role = 'system' AND body <> '');
ALTER TABLE cases_event ENABLE TRIGGER cases_event_stays;

UPDATE cases_incidentevent SET
    details = CASE WHEN kind = 'detail' THEN jsonb_build_object('owner', body)
        ELSE jsonb_build_object('case', body::bigint) END,
    body = ''
WHERE kind IN ('attached', 'detached', 'detail') AND body <> '';
UPDATE cases_incidentevent SET details = jsonb_build_object('promises', changes->'promises'->1),
    changes = changes - 'promises' WHERE changes ? 'promises';
"""

# What is left to do of a change is done as it was asked for.
BULKS = """
UPDATE cases_bulk SET change = jsonb_set(change, '{value}', CASE
    WHEN change->>'name' = 'assignee' AND change->>'value' = 'me' THEN to_jsonb(by_id)
    WHEN change->>'name' IN ('assignee', 'team', 'priority', 'severity') THEN
        CASE WHEN change->>'value' ~ '^[0-9]+$' THEN to_jsonb((change->>'value')::bigint) ELSE 'null'::jsonb END
    WHEN change->>'name' = 'macro' THEN jsonb_build_object('macro', split_part(change->>'value', '-', 1)::bigint,
        'version', substr(change->>'value', strpos(change->>'value', '-') + 1))
    WHEN change->>'name' = 'incident_update' THEN jsonb_build_object('update', split_part(change->>'value', ' ', 1),
        'text', substr(change->>'value', strpos(change->>'value', ' ') + 1))
    WHEN change->>'name' = 'incident_resolution' THEN jsonb_build_object('resolution', change->>'value')
    WHEN change->>'name' = 'levels' THEN 'null'::jsonb
    ELSE change->'value' END)
"""


class Migration(migrations.Migration):
    """The body of an event is what a person wrote; what the event names is in its details."""

    dependencies = [("cases", "0017_words")]

    operations = [
        migrations.AddField(
            "event",
            "details",
            models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict),
        ),
        migrations.AddField(
            "incidentevent",
            "details",
            models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict),
        ),
        migrations.RunSQL(EVENTS, migrations.RunSQL.noop),
        migrations.RunSQL(BULKS, migrations.RunSQL.noop),
        migrations.RemoveConstraint("event", "event_kind_is_known"),
        migrations.AlterField("event", "kind", models.CharField(choices=Kind.choices, max_length=12)),
        migrations.AddConstraint(
            "event",
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="event_kind_is_known"),
        ),
    ]
