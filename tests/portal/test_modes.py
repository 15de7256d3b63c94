"""What Caseline keeps is for its user alone, and so are the folders above."""

import os
import stat

import pytest
from django.core.mail import EmailMessage

from cases.files import kept_documents
from portal import modes
from portal.kept_mail import KeptMail

OTHERS = stat.S_IRWXG | stat.S_IRWXO


@pytest.fixture(autouse=True)
def _careless():
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode_of(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_kept_mail_with_its_codes(tmp_path):
    folder = tmp_path / "mail"
    folder.mkdir(0o755)
    KeptMail(alias="default", file_path=str(folder)).send_messages(
        [EmailMessage("Code", "123456", to=["a@example.com"])]
    )
    [letter] = folder.iterdir()
    assert (mode_of(folder), mode_of(letter)) == (0o700, 0o600)
    assert "123456" in letter.read_text()


def test_documents_that_are_previewed(settings, tmp_path):
    settings.HOME = tmp_path
    name = kept_documents.keep([("case.txt", "words")])
    assert mode_of(tmp_path / "imports" / name) == 0o700


def test_the_log_of_the_database_and_every_folder_above_the_data(manage, tmp_path):
    """As root too, whose PostgreSQL runs as another user and must get through."""
    closed = tmp_path / "closed"
    closed.mkdir(0o700)
    home = closed / "home"
    result = manage("migrate", "sessions", CASELINE_HOME=str(home))
    assert result.returncode == 0, result.stderr
    assert mode_of(home / "postgres.log") == 0o600
    for folder in (closed, home):
        assert mode_of(folder) & stat.S_IRWXO == 0
        assert mode_of(folder) & stat.S_IROTH == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes someone else")
def test_whoever_is_let_pass_does_and_nobody_else(tmp_path):
    folder = tmp_path / "closed"
    folder.mkdir(0o700)
    (folder / "known").write_text("words")
    (folder / "known").chmod(0o644)
    for parent in (tmp_path, *tmp_path.parents):
        modes.let_pass(parent, 65533)
        modes.let_pass(parent, 65534)
    modes.let_pass(folder, 65534)
    folder.chmod(0o700)  # as somebody sets it again
    modes.let_pass(folder, 65534)
    assert [_reads(65534, folder), _reads(65533, folder)] == ["passes", "nothing"]


def _reads(user, folder):
    """What somebody can do with a folder: read it, or get at what they know to be there."""
    child = os.fork()
    if not child:
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)
        listed, passes = os.access(folder, os.R_OK), os.access(folder / "known", os.R_OK)
        os._exit(1 if listed else 2 if passes else 3)
    return {1: "reads", 2: "passes", 3: "nothing"}[os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])]
