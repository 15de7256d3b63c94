from django.db import migrations, models


def hide_what_imports_made(apps, schema_editor):
    """Systems that are known from documents alone, and that no administrator ever touched."""
    System = apps.get_model("cases", "System")
    Case = apps.get_model("cases", "Case")
    LogEntry = apps.get_model("admin", "LogEntry")
    touched = LogEntry.objects.filter(content_type__app_label="cases", content_type__model="system")
    known = {int(pk) for pk in touched.values_list("object_id", flat=True) if pk and pk.isdecimal()}
    known |= set(Case.objects.filter(document_digest="").values_list("system", flat=True).distinct())
    imported = set(Case.objects.exclude(document_digest="").values_list("system", flat=True).distinct())
    System.objects.filter(pk__in=imported - known).update(public=False)


class Migration(migrations.Migration):
    dependencies = [("cases", "0015_unproven"), ("admin", "0003_logentry_add_action_flag_choices")]

    operations = [
        migrations.AddField(
            "system",
            "public",
            models.BooleanField(
                "shown to customers",
                default=True,
                help_text="On the home page, the status page and in the report form. Agents use every system.",
            ),
        ),
        migrations.RunPython(hide_what_imports_made, migrations.RunPython.noop),
    ]
