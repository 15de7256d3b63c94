import django.db.models.deletion
from django.db import migrations, models

import cases.models.mail_domain

BY_DOMAIN = """
CREATE INDEX addresses_by_domain ON account_emailaddress (split_part(email, '@', -1)) WHERE verified
"""


class Migration(migrations.Migration):
    """Mail domains, and an index that finds the confirmed addresses of one."""

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
        migrations.RunSQL(BY_DOMAIN, "DROP INDEX addresses_by_domain"),
    ]
