"""What cannot be is said in one sentence."""

import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from .conftest import ROOT, environment


def sentence(result: subprocess.CompletedProcess[str]) -> str:
    """The last words of a command that failed."""
    assert result.returncode != 0
    assert "Traceback" not in result.stderr
    [line] = result.stderr.splitlines()
    return line


def test_a_taken_port_is_named(manage):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"127.0.0.1:{port}" in sentence(manage("run", PORT=str(port)))


@pytest.mark.parametrize("port", ["abc", "65536", "٣"])
def test_a_port_that_is_none_is_named(manage, port):
    assert f"not “{port}”" in sentence(manage("run", PORT=port))


def test_an_unreachable_database_is_named(manage):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    said = sentence(manage("migrate", DATABASE_URL=f"postgresql://joe:sesame@127.0.0.1:{port}/desk"))
    assert f"port {port}" in said
    assert "DATABASE_URL" in said


@pytest.mark.parametrize(
    "url", ["nonsense", "mysql://joe:sesame@127.0.0.1/desk", "postgresql://joe:sesame@/?x=1"]
)
def test_an_address_of_no_postgresql_is_refused_and_its_password_kept_secret(manage, url):
    said = sentence(manage("run", DATABASE_URL=url))
    assert said.startswith("DATABASE_URL is not a PostgreSQL address")
    assert "sesame" not in said


def test_a_postgresql_that_is_too_old_is_refused(manage):
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_be_postgresql_14, args=[server], daemon=True).start()
        url = f"postgresql://joe@127.0.0.1:{server.getsockname()[1]}/desk?sslmode=disable"
        said = sentence(manage("run", DATABASE_URL=url))
    assert "PostgreSQL 15 or later is required (found 14.9)" in said


def _be_postgresql_14(server: socket.socket) -> None:
    """As much of its protocol as letting somebody in takes."""

    def message(kind: bytes, body: bytes) -> bytes:
        return kind + (len(body) + 4).to_bytes(4, "big") + body

    client, _ = server.accept()
    client.recv(1000)
    client.sendall(
        message(b"R", bytes(4))
        + message(b"S", b"server_version\x0014.9\x00")
        + message(b"S", b"client_encoding\x00UTF8\x00")
        + message(b"Z", b"I")
    )
    client.recv(1000)


def test_a_home_that_cannot_be_used_is_named(manage, tmp_path):
    (tmp_path / "file").touch()
    assert sentence(manage("run", CASELINE_HOME=str(tmp_path / "file"))).startswith(f"{tmp_path}/file")


def test_an_old_python_is_refused_by_manage():
    pretend = (
        "import runpy, sys; sys.version_info = (3, 11, 9); runpy.run_path('manage.py', run_name='__main__')"
    )
    result = subprocess.run(
        [sys.executable, "-c", pretend], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert sentence(result).startswith("Caseline needs Python 3.12 or later")


def test_an_old_python_is_refused_by_make(tmp_path: Path):
    for name in ("Makefile", "requirements.txt"):
        shutil.copy(ROOT / name, tmp_path)
    old = tmp_path / "python"
    old.write_text('#!/bin/sh\n[ "$1" = -V ] && echo Python 3.11.9\nexit 1\n')
    old.chmod(0o755)
    result = subprocess.run(
        ["make", "run", f"PYTHON={old}"],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert result.returncode != 0
    assert (
        result.stdout
        == f"Caseline needs Python 3.12 or later, and {old} is Python 3.11.9. PYTHON=/path/to/python3.13 make run\n"
    )
    assert not (tmp_path / ".venv").exists()
