"""Where attachments are stored: both stores behave alike."""

import errno
import os
import socket
import subprocess
import sys
import time
from io import BytesIO
from urllib.request import urlopen

import pytest

from cases.files import store as place
from cases.files.s3 import Bucket
from cases.files.store import Folder, StoreUnavailable

NAME = "ab/abcdef"
CONTENT = bytes(range(256)) * 4096 * 20  # 20 MB, which S3 takes in several pieces


@pytest.fixture(scope="session")
def s3_server():
    """A real S3 server, as a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 60
    while True:
        try:
            urlopen(f"http://127.0.0.1:{port}/moto-api/", timeout=5)
            break
        except OSError:
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    process.kill()
    process.wait()


def bucket_at(address):
    return Bucket(
        bucket_name="files", endpoint_url=address, region_name="us-east-1", access_key="k", secret_key="s"
    )


@pytest.fixture
def bucket(s3_server):
    bucket = bucket_at(s3_server)
    bucket.connection.create_bucket(Bucket="files")
    return bucket


@pytest.fixture(params=["folder", "bucket"])
def store(request, tmp_path):
    if request.param == "folder":
        return Folder(location=tmp_path / "files")
    return request.getfixturevalue("bucket")


def all_of(pieces):
    return b"".join(pieces)


def test_a_stored_file_is_read_whole_and_in_part(store):
    store.put(NAME, BytesIO(CONTENT))
    assert all_of(store.read_range(NAME, 0, len(CONTENT))) == CONTENT
    assert all_of(store.read_range(NAME, 1000, 300_000)) == CONTENT[1000:300_000]


def test_a_file_is_read_in_small_pieces(store):
    store.put(NAME, BytesIO(CONTENT))
    assert max(map(len, store.read_range(NAME, 0, len(CONTENT)))) <= place.CHUNK


def test_a_removed_file_is_gone_and_removing_it_again_does_nothing(store):
    store.put(NAME, BytesIO(b"x"))
    for _ in range(2):
        store.remove(NAME)
    with pytest.raises(StoreUnavailable):
        all_of(store.read_range(NAME, 0, 1))


def test_a_file_that_was_never_stored_is_unavailable(store):
    with pytest.raises(StoreUnavailable):
        store.read_range("cd/nothing", 0, 1)


class Broken(BytesIO):
    """Ends in the middle, as a disk that fails to be read."""

    def read(self, *size):
        if self.tell() > 9 * 1024**2:
            raise OSError(errno.EIO, "broken")
        return super().read(*size)


def test_half_a_file_does_not_stay_in_a_bucket(bucket):
    with pytest.raises(StoreUnavailable):
        bucket.put(NAME + "2", Broken(CONTENT))
    assert not bucket.exists(NAME + "2")
    assert not [*bucket.bucket.multipart_uploads.all()]


def test_a_bucket_that_does_not_answer_is_unavailable_within_seconds():
    with socket.socket() as silent:  # takes connections, and says nothing
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        store = bucket_at(address)
        store.client_config.read_timeout = 0.1
        began = time.monotonic()
        with pytest.raises(StoreUnavailable):
            store.put(NAME, BytesIO(b"x"))
        assert time.monotonic() - began < 10
    with pytest.raises(StoreUnavailable):
        bucket_at(address).read_range(NAME, 0, 1)


class TestFolder:
    @pytest.fixture
    def folder(self, tmp_path):
        return Folder(location=tmp_path / "files")

    def test_a_file_is_readable_by_its_owner_alone(self, folder):
        folder.put(NAME, BytesIO(b"x"))
        assert os.stat(folder.path(NAME)).st_mode & 0o77 == 0
        assert os.stat(os.path.dirname(folder.path(NAME))).st_mode & 0o77 == 0

    def test_a_full_disk_leaves_nothing_behind(self, folder, monkeypatch):
        def full(_):
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(place.os, "fsync", full)
        with pytest.raises(StoreUnavailable):
            folder.put(NAME, BytesIO(CONTENT))
        assert [*os.walk(folder.location)][-1][2] == []

    @pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has a disk that is always full")
    def test_a_disk_that_really_is_full_leaves_nothing_behind(self, folder):
        os.makedirs(os.path.dirname(folder.path(NAME)))
        os.symlink("/dev/full", folder.path(f"{NAME}.part"))
        with pytest.raises(StoreUnavailable, match="No space left"):
            folder.put(NAME, BytesIO(CONTENT))
        assert [*os.walk(folder.location)][-1][2] == []

    def test_a_name_cannot_lead_out_of_it(self, folder):
        from django.core.exceptions import SuspiciousFileOperation

        with pytest.raises(SuspiciousFileOperation):
            folder.read_range("../secret-key", 0, 1)
