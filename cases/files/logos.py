"""A logo as we show it: read by Pillow to its end and drawn anew, so that nothing of the file but its pixels is left."""

from hashlib import sha256
from io import BytesIO
from typing import IO, NamedTuple

from PIL import Image, ImageOps

from cases.models import Refused

from .pictures import opened

WIDEST, HIGHEST, LEAST = 1024, 512, 16  # pixels
LARGEST = 5 * 1024 * 1024  # bytes
ICONS = (64, 180, 192, 512)
UNREADABLE = (
    "We cannot read this as a picture. PNG, JPEG, WebP and GIF do, of up to 5 MB and 25 million pixels. An SVG may hold"
    " scripts, so save it as PNG."
)
MOVES = "Animated pictures don’t work here. Choose a still one."
TOO_SMALL = f"This picture is too small. A logo is at least {LEAST} pixels wide and high."


class Logo(NamedTuple):
    key: str
    content: bytes
    width: int
    height: int


def logo_of(file: IO[bytes], size: int) -> Logo:
    """Raises Refused."""
    drawn: Image.Image | None = None
    if size <= LARGEST:
        drawn = opened(file, _drawn)
    if drawn is None:
        raise Refused(UNREADABLE)
    if min(drawn.size) < LEAST:
        raise Refused(TOO_SMALL)
    content = _png(drawn)
    return Logo(sha256(content).hexdigest()[:32], content, *drawn.size)


def icon_of(content: bytes, size: int) -> bytes:
    """The logo in the middle of a square."""
    with Image.open(BytesIO(content), formats=["PNG"]) as image:
        square = ImageOps.pad(image.convert("RGBA"), (size, size), color=(0, 0, 0, 0))
    return _png(square)


def _drawn(image: Image.Image) -> Image.Image:
    if getattr(image, "n_frames", 1) > 1:
        raise Refused(MOVES)
    image.draft("RGB", (WIDEST, HIGHEST))  # of a large JPEG, which is then read at a fraction of its size
    small = ImageOps.exif_transpose(image).convert("RGBA")
    small.thumbnail((WIDEST, HIGHEST))
    bare = Image.new("RGBA", small.size)
    bare.paste(small)
    return bare


def _png(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()
