"""The database of the tests: a copy of one that was migrated once, and restored after a test that commits."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import psycopg
from django.core.management import call_command
from django.db import connection

from portal.settings import HOME

ROOT = Path(__file__).resolve().parent.parent
# A migrated database depends on these alone. It is kept for the next run.
SOURCES = [
    "cases/migrations/*.py",
    "portal/settings.py",
    "requirements-dev.txt",
    "tests/database.py",
    "tests/settings.py",
]

# The rows that migrations made are kept aside, in the schema `migrated`. To delete few rows is many times quicker than
# to truncate all tables; it leaves out the triggers, which keep events and count cases. What is large is truncated,
# and PostgreSQL forgets how large it was.
RESTORE = """
CREATE SCHEMA migrated;
DO $$
DECLARE
    name text;
    filled boolean;
BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', name) INTO filled;
        IF filled AND name NOT IN ('django_migrations', 'django_content_type', 'auth_permission') THEN
            EXECUTE format('CREATE TABLE migrated.%I AS TABLE public.%I', name, name);
        END IF;
    END LOOP;
END
$$;
CREATE FUNCTION migrated.restore() RETURNS void LANGUAGE plpgsql SET session_replication_role = replica AS $$
DECLARE
    name text;
    large boolean;
BEGIN
    FOR name, large IN
        SELECT relname, reltuples > 0 OR pg_relation_size(oid) > 100000
        FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
    LOOP
        IF name IN ('django_migrations', 'django_content_type', 'auth_permission') THEN
            CONTINUE; -- no test changes them
        ELSIF large THEN
            EXECUTE format('TRUNCATE public.%I CASCADE', name);
        ELSE
            EXECUTE format('DELETE FROM public.%I', name);
        END IF;
    END LOOP;
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'migrated' LOOP
        EXECUTE format('INSERT INTO public.%I SELECT * FROM migrated.%I', name, name);
    END LOOP;
END
$$;
"""


@contextmanager
def own_database() -> Iterator[None]:
    """The database that the settings name, a copy, for as long as the block. What a killed run left goes with it."""
    name = connection.settings_dict["NAME"]
    with psycopg.connect(
        **connection.get_connection_params() | {"dbname": "postgres"}, autocommit=True
    ) as server:
        with (HOME / "migrating").open("a") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)  # one worker migrates, the others wait for it
            server.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])  # it is in use
            for left in _databases(server, "test_"):
                if server.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [left]).fetchone() == (True,):
                    server.execute(f"DROP DATABASE {left} WITH (FORCE)")
            server.execute(f"CREATE DATABASE {name} TEMPLATE {_template(server, name)}")
        yield
        connection.close()
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def restore() -> None:
    """Leave in the tables what migrations put there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT migrated.restore()")


def _template(server: psycopg.Connection, name: str) -> str:
    """The migrated database, which is made when there is none or the sources have changed."""
    sources = b"".join(path.read_bytes() for pattern in SOURCES for path in sorted(ROOT.glob(pattern)))
    template = f"migrated_{sha256(sources).hexdigest()[:16]}"
    known = _databases(server, "migrated_")
    if template not in known:
        server.execute(f"CREATE DATABASE {name}")
        call_command("migrate", verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute(RESTORE)
        connection.close()
        for former in known:
            server.execute(f"DROP DATABASE {former}")
        server.execute(f"ALTER DATABASE {name} RENAME TO {template}")
    return template


def _databases(server: psycopg.Connection, prefix: str) -> list[str]:
    found = server.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix])
    return [name for (name,) in found]
