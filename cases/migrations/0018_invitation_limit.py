import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """To which cases somebody at the desk is invited."""

    dependencies = [("cases", "0017_received_mail")]

    operations = [
        migrations.AddField(
            model_name="invitation",
            name="limit",
            field=models.ForeignKey(
                blank=True,
                help_text="Which cases they see on the desk. Empty: all.",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="cases.limit",
            ),
        ),
    ]
