from collections import defaultdict
from contextlib import contextmanager

import django.db.models.functions.text
from django.db import IntegrityError, migrations, models, transaction

import cases.models.addresses
from cases.models.addresses import one_spelling

UNPROVEN = """
UPDATE cases_user SET password = '!' || replace(gen_random_uuid()::text, '-', '')
WHERE (password NOT LIKE '!%%' OR last_login IS NOT NULL) AND NOT EXISTS (
    SELECT FROM account_emailaddress AS known
    WHERE known.user_id = cases_user.id AND known.email = cases_user.email AND known.verified
)
"""
# Of a case's state only who works on it names a person, and the state is what the events say.
ASSIGNED = """
UPDATE cases_event SET changes = jsonb_set(changes, ARRAY[%(field)s], (
    SELECT jsonb_agg(CASE one WHEN to_jsonb(%(gone)s::bigint) THEN to_jsonb(%(kept)s::bigint) ELSE one END ORDER BY place)
    FROM jsonb_array_elements(changes -> %(field)s) WITH ORDINALITY AS both_sides (one, place)
))
WHERE changes -> %(field)s @> to_jsonb(%(gone)s::bigint)
"""
ADDRESSES = """
ALTER TABLE account_emailaddress ADD CONSTRAINT address_has_one_spelling
CHECK (email = lower(normalize(email, NFKC)) AND email !~ '^\\s|\\s$')
"""


def bring_over(apps, schema_editor):
    """Spell all addresses in one way, join the accounts that only a spelling set apart, and end the passwords and the
    sessions of addresses that nobody has proved to be theirs."""
    User, EmailAddress = apps.get_model("cases", "User"), apps.get_model("account", "EmailAddress")
    with events_may_change(schema_editor):
        groups = defaultdict(list)
        for pk, email in User.objects.values_list("pk", "email").iterator():
            if (address := one_spelling(email)) != email:
                groups[address].append(pk)
        for address, pks in groups.items():
            people = User.objects.filter(models.Q(pk__in=pks) | models.Q(email=address))
            proven = set(
                EmailAddress.objects.filter(user__in=people, verified=True).values_list("user", flat=True)
            )
            kept, *others = sorted(people, key=lambda one: (one.pk not in proven, one.joined_at, one.pk))
            for other in others:
                join(apps, schema_editor, kept, other, proven=other.pk in proven)
            kept.email = address
            kept.save()
        spell_addresses(EmailAddress)
        schema_editor.execute(UNPROVEN)


@contextmanager
def events_may_change(schema_editor):
    """An event that moves to the account that is kept says what it said: the one change that none of them refuses."""
    schema_editor.execute("ALTER TABLE cases_event DISABLE TRIGGER cases_event_stays")
    yield
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what waits for the end would refuse the next line
    schema_editor.execute("ALTER TABLE cases_event ENABLE TRIGGER cases_event_stays")


def join(apps, schema_editor, kept, other, *, proven):
    """Give all that refers to `other` to `kept`, and what `kept` does not say of itself."""
    EmailAddress = apps.get_model("account", "EmailAddress")
    for known in EmailAddress.objects.filter(user=other.pk):
        if known.verified and one_spelling(known.email) != one_spelling(kept.email):
            EmailAddress.objects.filter(pk=known.pk).update(user=kept.pk, primary=False)
        else:
            known.delete()
    references = [
        relation.field
        for relation in type(kept)._meta.get_fields(include_hidden=True)
        if relation.auto_created and not relation.concrete and not relation.many_to_many
    ]
    for field in sorted(references, key=lambda field: not field.db_constraint):
        rows = field.model._base_manager.filter(**{field.name: other.pk})
        if field.db_constraint:
            move(rows, field, kept)
        else:
            rows.delete()  # what stands without a constraint is counted or seen anew
    for field in ("assignee", "assignee_id"):
        schema_editor.execute(ASSIGNED, {"field": field, "gone": other.pk, "kept": kept.pk})
    for name in ("View", "Macro"):
        apps.get_model("cases", name).objects.filter(assignee=str(other.pk)).update(assignee=str(kept.pk))
    kept.name = kept.name or other.name
    kept.organisation_id = kept.organisation_id or other.organisation_id
    kept.joined_at = min(kept.joined_at, other.joined_at)
    if proven:
        kept.role = max(kept.role, other.role, key=["customer", "agent", "administrator"].index)
    other.delete()


def move(rows, field, kept):
    """Where both accounts have what one may have only once, that of the kept one stays."""
    for pk in list(rows.values_list("pk", flat=True)):
        one = field.model._base_manager.filter(pk=pk)
        try:
            with transaction.atomic():
                one.update(**{field.name: kept.pk})
        except IntegrityError:
            one.delete()


def spell_addresses(EmailAddress):
    """What django-allauth knows: each address once for a person, and proved by one person only, whose own it is."""
    for known in EmailAddress.objects.order_by("pk").iterator():
        if (address := one_spelling(known.email)) == known.email:
            continue
        same = EmailAddress.objects.filter(email=address)
        if twin := same.filter(user=known.user_id).first():
            known.delete()
            primary = known.primary or twin.primary
            known, known.primary, known.verified = twin, primary, known.verified or twin.verified
        if known.verified and (elsewhere := same.filter(verified=True).exclude(user=known.user_id).first()):
            if elsewhere.user.email == address:
                known.verified = False
            else:
                elsewhere.delete()
        known.email = address
        known.save()


class Migration(migrations.Migration):
    """One spelling for each address, and no password before its proof."""

    dependencies = [
        ("cases", "0012_attachments"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("admin", "0003_logentry_add_action_flag_choices"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="user", name="one_user_per_email"),
        migrations.RunPython(bring_over, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="user",
            name="email",
            field=cases.models.addresses.AddressField(
                help_text="They sign in with a code mailed to this address.", max_length=254
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                fields=("email",),
                name="one_user_per_email",
                violation_error_message="This email address is taken.",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "email",
                        django.db.models.functions.text.Lower(
                            models.Func(
                                "email",
                                function="normalize",
                                template="%(function)s(%(expressions)s, NFKC)",
                            )
                        ),
                    ),
                    models.Q(("email__regex", "^\\s|\\s$"), _negated=True),
                ),
                name="email_has_one_spelling",
            ),
        ),
        migrations.RunSQL(
            ADDRESSES, "ALTER TABLE account_emailaddress DROP CONSTRAINT address_has_one_spelling"
        ),
    ]
