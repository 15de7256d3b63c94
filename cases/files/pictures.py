"""Thumbnails of images. An image is what Pillow reads to its end; everything else is only a file."""

import threading
import warnings
from collections.abc import Callable
from io import BytesIO
from typing import IO, NamedTuple

from PIL import Image, ImageOps

from cases.models import Refused

FORMATS = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
MOST_PIXELS = 50_000_000  # of a JPEG, which is read at a fraction of its size
MOST_WHOLE = 25_000_000  # of the others
LARGEST = 60 * 1024 * 1024  # bytes
EDGE = 640  # pixels
Image.MAX_IMAGE_PIXELS = MOST_PIXELS

_one_at_a_time = threading.Lock()  # each takes as much memory as the pixels that are allowed


class Picture(NamedTuple):
    """An image with its thumbnail, in WebP."""

    content_type: str
    width: int
    height: int
    thumbnail: bytes


def picture_of(file: IO[bytes], size: int) -> Picture | None:
    """Return the image with its thumbnail: turned as its camera says, the first frame only, without any metadata.

    None if it is no image, breaks off, or is larger than can be shown.
    """
    return opened(file, _shrunk) if size <= LARGEST else None


def opened[T](file: IO[bytes], use: Callable[[Image.Image], T]) -> T | None:
    """What is made of the image; None if it is no image, breaks off, or is larger than can be read."""
    file.seek(0)
    try:
        with _one_at_a_time, warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(file, formats=list(FORMATS)) as image:
                width, height = image.size
                fits = width * height <= (MOST_PIXELS if image.format == "JPEG" else MOST_WHOLE)
                return use(image) if fits else None
    except Refused:
        raise
    except Exception:  # whatever is wrong with it, and broken images find new ways: then it is no image
        return None


def _shrunk(image: Image.Image) -> Picture:
    kind, (width, height) = FORMATS[image.format or ""], image.size
    if image.getexif().get(0x0112, 1) >= 5:  # lies on its side
        width, height = height, width
    if image.mode.startswith("I"):  # 16 bits a pixel, which Pillow would cut off instead of scaling
        small = image.convert("I").point(lambda value: value / 256).convert("L")
    else:
        small = image.convert("RGBA") if image.mode in ("P", "PA", "1") else image
    small.thumbnail((EDGE, EDGE))
    small = ImageOps.exif_transpose(small)
    small = small.convert("RGBA" if small.has_transparency_data else "RGB")
    bare = Image.new(small.mode, small.size)
    bare.paste(small)
    out = BytesIO()
    bare.save(out, "WEBP", quality=80)
    return Picture(kind, width, height, out.getvalue())
