"""What `make test` makes of how pytest ends."""

import shutil
import subprocess
from pathlib import Path

import pytest

from .conftest import ROOT, environment

# A stand-in for Python, which writes down what it is asked to run and ends as the tests in Chromium would.
PYTHON = """#!/bin/sh
echo "$@" >> asked
case "$*" in *"pytest tests/browser -n"*) exit {code} ;; esac
"""


@pytest.fixture
def make_test(tmp_path: Path):
    """Runs `make test` where the tests in Chromium end with this code; returns its code and what was run."""

    def made(code):
        for name in ("Makefile", "requirements.txt", "requirements-dev.txt"):
            shutil.copy(ROOT / name, tmp_path)
        python = tmp_path / ".venv/bin/python"
        python.parent.mkdir(parents=True)
        python.write_text(PYTHON.format(code=code))
        python.chmod(0o755)
        for name in ("ready", "ready-dev"):
            (tmp_path / ".venv" / name).touch()
        result = subprocess.run(
            ["make", "test"], cwd=tmp_path, env=environment(), capture_output=True, timeout=60
        )
        return result.returncode, (tmp_path / "asked").read_text().splitlines()

    return made


def test_what_failed_in_chromium_is_run_once_more(make_test):
    code, asked = make_test(1)
    assert code == 0
    assert "--last-failed" in asked[-1]


@pytest.mark.parametrize("code", [2, 3, 4, 5])
def test_a_run_that_was_broken_off_or_found_no_tests_fails(make_test, code):
    failed, asked = make_test(code)
    assert failed
    assert not any("--last-failed" in line for line in asked)


def test_a_run_that_is_well_is_not_repeated(make_test):
    code, asked = make_test(0)
    assert code == 0
    assert len(asked) == 2
