import django.db.models.functions.text
from django.db import migrations, models


# What was reported with an address that has never been proven, and with which nobody has ever signed in: it was
# typed by a visitor. Whether a visitor or the customer reported with an address that was proven since cannot be told
# apart, so these cases stay the customer's, and so do merged ones. A visitor's browser no longer shows either.
NEVER_PROVEN = """
    UPDATE cases_case SET unproven = true, claimed_email = person.email, customer_id = NULL, organisation_id = NULL
    FROM cases_user AS person
    WHERE person.id = customer_id AND person.last_login IS NULL AND document_digest = '' AND merged_into_id IS NULL
        AND EXISTS (SELECT FROM account_emailaddress WHERE user_id = person.id)
        AND NOT EXISTS (SELECT FROM account_emailaddress WHERE user_id = person.id AND verified)
        AND NOT EXISTS (SELECT FROM cases_case AS other WHERE other.merged_into_id = cases_case.number)
        AND EXISTS (
            SELECT FROM cases_event
            WHERE case_id = number AND sequence = 1 AND kind = 'opened' AND author_id = customer_id
        )
"""


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0012_attachments'),
        ('account', '0009_emailaddress_unique_primary_email'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='event',
            name='event_kind_is_known',
        ),
        migrations.AddField(
            model_name='case',
            name='claimed_email',
            field=models.EmailField(blank=True, db_default='', default='', help_text='The address that the visitor typed, unless its owner has said that it was not them.', max_length=254),
        ),
        migrations.AddField(
            model_name='case',
            name='unproven',
            field=models.BooleanField(db_default=False, default=False, help_text='Reported by a visitor who has not proven their address. Such a case has no customer.'),
        ),
        migrations.AlterField(
            model_name='event',
            name='kind',
            field=models.CharField(choices=[('opened', 'Opened'), ('reply', 'Reply'), ('note', 'Note'), ('status', 'Status'), ('severity', 'Severity'), ('priority', 'Priority'), ('area', 'Area'), ('assignee', 'Assignee'), ('team', 'Team'), ('resolved', 'Resolved'), ('confirmed', 'Confirmed'), ('declined', 'Declined'), ('closed', 'Closed'), ('reopened', 'Reopened'), ('imported', 'Imported'), ('tags', 'Tags'), ('due', 'Due'), ('snoozed', 'Snoozed'), ('woken', 'Woken'), ('linked', 'Linked'), ('unlinked', 'Unlinked'), ('merged', 'Merged'), ('unmerged', 'Unmerged'), ('attached', 'Attached'), ('detached', 'Detached'), ('promised', 'Promised'), ('taken_back', 'Taken Back'), ('warned', 'Warned'), ('broken', 'Broken'), ('escalated', 'Escalated'), ('answered', 'Answered'), ('requested', 'Requested'), ('given', 'Given'), ('withdrawn', 'Withdrawn'), ('reminded', 'Reminded'), ('rated', 'Rated'), ('proven', 'Proven'), ('disowned', 'Disowned')], max_length=12),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(django.db.models.functions.text.Upper('claimed_email'), models.F('number'), condition=models.Q(('claimed_email', ''), _negated=True), name='cases_claiming'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('claimed_email', ''), ('unproven', False)), models.Q(('customer__isnull', True), ('organisation__isnull', True), ('unproven', True)), _connector='OR'), name='unproven_case_has_no_customer'),
        ),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['opened', 'reply', 'note', 'status', 'severity', 'priority', 'area', 'assignee', 'team', 'resolved', 'confirmed', 'declined', 'closed', 'reopened', 'imported', 'tags', 'due', 'snoozed', 'woken', 'linked', 'unlinked', 'merged', 'unmerged', 'attached', 'detached', 'promised', 'taken_back', 'warned', 'broken', 'escalated', 'answered', 'requested', 'given', 'withdrawn', 'reminded', 'rated', 'proven', 'disowned'])), name='event_kind_is_known'),
        ),
        migrations.RunSQL(NEVER_PROVEN, migrations.RunSQL.noop),
    ]
