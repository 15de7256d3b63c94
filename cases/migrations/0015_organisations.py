import uuid

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import cases.models.addresses
import cases.models.mail_domain

BY_DOMAIN = """
CREATE INDEX addresses_by_domain ON account_emailaddress (split_part(email, '@', -1)) WHERE verified
"""


class Migration(migrations.Migration):
    """Mail domains, an index that finds the confirmed addresses of one, and invitations."""

    dependencies = [("account", "0009_emailaddress_unique_primary_email"), ("cases", "0014_shared_cache")]

    operations = [
        migrations.CreateModel(
            name="MailDomain",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "name",
                    cases.models.mail_domain.DomainField(
                        help_text="As in example.com: what stands behind the @. A domain below it counts only if it is added too.",
                        max_length=253,
                        verbose_name="domain",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mail_domains",
                        to="cases.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("name",),
                        name="one_organisation_per_mail_domain",
                        violation_error_message="This domain belongs to an organisation already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, help_text='The mailed link is signed from it.', unique=True)),
                ('email', cases.models.addresses.AddressField(help_text='We mail them a link. It works once, for a week.', max_length=254, verbose_name='address')),
                ('role', models.CharField(choices=[('customer', 'Customer'), ('manager', 'Organisation’s manager'), ('agent', 'Agent'), ('lead', 'Team lead'), ('administrator', 'Administrator'), ('auditor', 'Auditor')], default='customer', max_length=13)),
                ('sent_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('accepted_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('accepted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('invited_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(blank=True, help_text="Of a customer or an organisation's manager.", null=True, on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='cases.organisation')),
                ('teams', models.ManyToManyField(blank=True, help_text='Of somebody at the desk.', related_name='+', to='cases.team')),
            ],
            options={
                'ordering': ['-sent_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower(models.Func('email', function='normalize', template='%(function)s(%(expressions)s, NFKC)'))), models.Q(('email__regex', '^\\s|\\s$'), _negated=True)), name='invited_email_has_one_spelling'), models.UniqueConstraint(condition=models.Q(('accepted_at', None), ('withdrawn_at', None)), fields=('email', 'organisation'), name='one_open_invitation', nulls_distinct=False, violation_error_message='This address is invited already.'), models.CheckConstraint(condition=models.Q(('accepted_at', None), ('withdrawn_at', None), _connector='OR'), name='accepted_is_not_withdrawn')],
            },
        ),
        migrations.RunSQL(BY_DOMAIN, "DROP INDEX addresses_by_domain"),
    ]
