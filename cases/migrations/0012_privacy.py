from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import migrations, models
from django.utils import timezone

triggers: Any = import_module("cases.migrations.0002_triggers")

# The one door: an event of its own says what is removed, and while that one is named, the events that it lists may lose
# what they say. Who, when, in which order and of what kind stays, whoever asks; nothing is ever deleted.
EVENTS_STAY = """
CREATE OR REPLACE FUNCTION cases_event_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    said CONSTANT text[] := '{body,details,changes,attachments,search}';
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - said = to_jsonb(OLD) - said AND EXISTS (
        SELECT FROM cases_event AS record
        WHERE record.id = nullif(current_setting('caseline.removed_by', true), '')::bigint
          AND record.id <> OLD.id
          AND (record.kind IN ('removed', 'removed_note') AND record.details -> 'events' @> to_jsonb(OLD.id)
               OR record.kind = 'erased' AND record.case_id = OLD.case_id)
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Events are append-only: % of event % refused', TG_OP, OLD.id
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;
"""
BEFORE = triggers.EVENTS_STAY.split("CREATE TRIGGER")[0].replace("CREATE", "CREATE OR REPLACE")


class Migration(migrations.Migration):
    """What events say may be removed, and by a recorded removal alone."""

    dependencies = [("cases", "0011_moved_cases")]

    operations = [
        migrations.RemoveConstraint(
            model_name="event",
            name="event_kind_is_known",
        ),
        migrations.AlterField(
            model_name="event",
            name="kind",
            field=models.CharField(
                choices=[
                    ("opened", "Opened"),
                    ("reply", "Reply"),
                    ("note", "Note"),
                    ("status", "Status"),
                    ("severity", "Severity"),
                    ("priority", "Priority"),
                    ("area", "Area"),
                    ("assignee", "Assignee"),
                    ("team", "Team"),
                    ("resolved", "Resolved"),
                    ("confirmed", "Confirmed"),
                    ("declined", "Declined"),
                    ("closed", "Closed"),
                    ("reopened", "Reopened"),
                    ("imported", "Imported"),
                    ("tags", "Tags"),
                    ("snoozed", "Snoozed"),
                    ("woken", "Woken"),
                    ("linked", "Linked"),
                    ("unlinked", "Unlinked"),
                    ("merged", "Merged"),
                    ("unmerged", "Unmerged"),
                    ("attached", "Attached"),
                    ("detached", "Detached"),
                    ("promised", "Promised"),
                    ("taken_back", "Taken Back"),
                    ("warned", "Warned"),
                    ("broken", "Broken"),
                    ("escalated", "Escalated"),
                    ("answered", "Answered"),
                    ("requested", "Requested"),
                    ("given", "Given"),
                    ("withdrawn", "Withdrawn"),
                    ("reminded", "Reminded"),
                    ("rated", "Rated"),
                    ("proven", "Proven"),
                    ("disowned", "Disowned"),
                    ("moved", "Moved"),
                    ("removed", "Removed"),
                    ("removed_note", "Removed Note"),
                    ("erased", "Erased"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "opened",
                            "reply",
                            "note",
                            "status",
                            "severity",
                            "priority",
                            "area",
                            "assignee",
                            "team",
                            "resolved",
                            "confirmed",
                            "declined",
                            "closed",
                            "reopened",
                            "imported",
                            "tags",
                            "snoozed",
                            "woken",
                            "linked",
                            "unlinked",
                            "merged",
                            "unmerged",
                            "attached",
                            "detached",
                            "promised",
                            "taken_back",
                            "warned",
                            "broken",
                            "escalated",
                            "answered",
                            "requested",
                            "given",
                            "withdrawn",
                            "reminded",
                            "rated",
                            "proven",
                            "disowned",
                            "moved",
                            "removed",
                            "removed_note",
                            "erased",
                        ],
                    )
                ),
                name="event_kind_is_known",
            ),
        ),
        migrations.RunSQL(EVENTS_STAY, BEFORE),
        migrations.AddField(
            model_name='request',
            name='secret',
            field=models.BooleanField(db_default=False, default=False, help_text='What is given is sealed, and nobody but agents sees it.'),
        ),
        migrations.CreateModel(
            name='SecretAnswer',
            fields=[
                ('request', models.OneToOneField(on_delete=models.CASCADE, primary_key=True, related_name='answer', serialize=False, to='cases.request')),
                ('sealed', models.BinaryField()),
                ('given_at', models.DateTimeField(default=timezone.now)),
                ('times_shown', models.PositiveIntegerField(default=0)),
                ('by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=models.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
    ]
