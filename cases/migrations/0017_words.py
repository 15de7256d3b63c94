from django.db import migrations, models


def renamed(model, field, name):
    """The index that PostgreSQL has renamed with its column."""
    index = (
        models.Index(fields=[field], condition=models.Q((f"{field}__isnull", False)), name=name)
        if field == "next_check_at"
        else models.Index(fields=[name.removeprefix("cases_of_"), f"-{field}"], name=name)
    )
    return [migrations.RemoveIndex(model, name), migrations.AddIndex(model, index)]


WATCHED = ["clock", "escalation", "promise", "request"]


class Migration(migrations.Migration):
    """The words of the glossary: what a notice, a sight, a view and two times are called."""

    dependencies = [("cases", "0016_systems_shown")]

    operations = [
        migrations.RenameModel("notice", "Notification"),
        migrations.RenameModel("sight", "ReadReceipt"),
        migrations.AlterModelTable("view", "cases_view"),
        migrations.RenameModel("view", "SavedView"),
        migrations.RenameField("case", "told_at", "last_public_at"),
        *(migrations.RenameField(model, "act_at", "next_check_at") for model in WATCHED),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                *renamed("case", "last_public_at", "cases_of_customer"),
                *renamed("case", "last_public_at", "cases_of_organisation"),
                *(step for model in WATCHED for step in renamed(model, "next_check_at", f"{model}_ripe")),
            ]
        ),
    ]
