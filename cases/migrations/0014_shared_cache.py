from django.db import migrations

# What is tried again and again changes its row in place: there is room on each page, and no index but the key.
CACHE = """
CREATE UNLOGGED TABLE cases_sharedcache (
    key text PRIMARY KEY,
    value text NOT NULL,
    expires_at timestamptz NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
"""


class Migration(migrations.Migration):
    """Where all processes keep how often somebody tried. It may be empty at any time."""

    dependencies = [("cases", "0013_limits")]

    operations = [migrations.RunSQL(CACHE, "DROP TABLE cases_sharedcache")]
