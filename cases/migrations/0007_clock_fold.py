from django.db import migrations, models


class Migration(migrations.Migration):
    """Where the clocks of each case stand, to go on from there. It is filled with the next event of the case."""

    dependencies = [("cases", "0006_due_times")]

    operations = [
        migrations.AddField(
            model_name="case",
            name="clock_fold",
            field=models.JSONField(
                editable=False,
                help_text="How its clocks stood after its last event, to go on from there.",
                null=True,
            ),
        ),
    ]
