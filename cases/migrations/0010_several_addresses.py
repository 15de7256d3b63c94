from django.db import migrations

# Each account has the row of its own address, as the primary one. Where several accounts held one address, it is its
# own account's.
BELONGS = """
DELETE FROM account_emailaddress AS address
WHERE EXISTS (SELECT FROM cases_user WHERE email = address.email AND id <> address.user_id)
   OR EXISTS (
       SELECT FROM account_emailaddress AS other WHERE other.email = address.email AND other.id <> address.id
       AND (other.verified, -other.id) > (address.verified, -address.id)
   );
UPDATE account_emailaddress AS address SET "primary" = false FROM cases_user
WHERE "primary" AND cases_user.id = address.user_id AND cases_user.email <> address.email;
UPDATE account_emailaddress AS address SET "primary" = true FROM cases_user
WHERE NOT "primary" AND cases_user.id = address.user_id AND cases_user.email = address.email;
INSERT INTO account_emailaddress (user_id, email, verified, "primary")
SELECT id, email, false, true FROM cases_user
WHERE NOT EXISTS (SELECT FROM account_emailaddress AS address WHERE address.email = cases_user.email);
"""
ONE_PERSON = "ALTER TABLE account_emailaddress ADD CONSTRAINT address_of_one_person UNIQUE (email)"


class Migration(migrations.Migration):
    """An address belongs to one person, proven or not; a person may have several."""

    dependencies = [("cases", "0009_roles"), ("account", "0009_emailaddress_unique_primary_email")]

    operations = [
        migrations.RunSQL(BELONGS, migrations.RunSQL.noop),
        migrations.RunSQL(
            ONE_PERSON, "ALTER TABLE account_emailaddress DROP CONSTRAINT address_of_one_person"
        ),
    ]
