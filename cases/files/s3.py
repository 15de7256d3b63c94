"""Attachments in any S3 store. They come and go through us, so that who may see them is checked each time."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import IO, Any

from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage

from .store import CHUNK, StoreUnavailable

PIECES = TransferConfig(use_threads=False, multipart_threshold=16 * 1024**2, multipart_chunksize=8 * 1024**2)


@contextmanager
def store_errors() -> Iterator[None]:
    """Raise StoreUnavailable for whatever goes wrong between us and the store."""
    try:
        yield
    except (BotoCoreError, ClientError, OSError) as error:
        raise StoreUnavailable(str(error)) from error


class Bucket(S3Storage):
    """A bucket. A file appears when its last piece has come; a store that does not answer is given up after seconds."""

    def __init__(self, **options: Any) -> None:
        config = Config(
            connect_timeout=3,
            read_timeout=5,
            retries={"total_max_attempts": 2, "mode": "standard"},
            signature_version="s3v4",
            s3={"addressing_style": "path" if options.get("endpoint_url") else "auto"},
            request_checksum_calculation="when_required",  # not every store knows the newer ones
            response_checksum_validation="when_required",
        )
        super().__init__(client_config=config, transfer_config=PIECES, **options)

    def put(self, name: str, file: IO[bytes]) -> None:
        with store_errors():
            self.save(name, File(file))

    def read_range(self, name: str, start: int, end: int) -> Iterator[bytes]:
        with store_errors():
            stored = self.bucket.Object(name).get(Range=f"bytes={start}-{end - 1}")
        return _chunks(stored["Body"])

    def remove(self, name: str) -> None:
        with store_errors():
            self.bucket.Object(name).delete()


def _chunks(body: Any) -> Iterator[bytes]:
    with closing(body):
        yield from body.iter_chunks(CHUNK)
