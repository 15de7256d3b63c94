from typing import Any

from django.db import migrations

from cases.models.sealing import seal

SEALED = {"totp": "secret", "recovery_codes": "seed"}


def seal_factors(apps: Any, schema_editor: Any) -> None:
    for factor in apps.get_model("mfa", "Authenticator").objects.filter(type__in=SEALED):
        name = SEALED[factor.type]
        if name in factor.data:
            factor.data[name] = seal(factor.data[name]).decode()
            factor.save(update_fields=["data"])


class Migration(migrations.Migration):
    """What apps and recovery codes are made from lies under seal."""

    dependencies = [("cases", "0023_audit_erasure"), ("mfa", "0003_authenticator_type_uniq")]

    operations = [migrations.RunPython(seal_factors, migrations.RunPython.noop)]
