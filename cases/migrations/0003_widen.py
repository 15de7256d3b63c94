import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models
from django.db.models.functions import Left


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_events_stay")]
    operations = [
        migrations.RemoveIndex(model_name="case", name="case_search"),
        migrations.RemoveField(model_name="case", name="search"),
        migrations.AddField("case", "document_digest", models.CharField(blank=True, help_text="Of the document last imported.", max_length=64)),
        migrations.AlterField("case", "customer_name", models.TextField(blank=True, help_text="As given in this report.")),
        migrations.AlterField("case", "summary", models.TextField(blank=True)),
        migrations.AddField("case", "search", models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.SearchVector(Left("summary", 2000), "reference", Left("customer_name", 500), config="english"), output_field=django.contrib.postgres.search.SearchVectorField())),
        migrations.AddIndex("case", django.contrib.postgres.indexes.GinIndex(fields=["search"], name="case_search")),
    ]
