"""Pictures of people: square, small, and made anew from what was given."""

from io import BytesIO
from typing import IO

from PIL import Image, ImageOps

from .pictures import picture_of

SIDE = 160  # pixels


def face_of(file: IO[bytes], size: int) -> bytes | None:
    """The middle of it in WebP. None if it is no image, or larger than can be read: see `picture_of`."""
    picture = picture_of(file, size)
    if picture is None:
        return None
    out = BytesIO()
    with Image.open(BytesIO(picture.thumbnail)) as image:
        ImageOps.fit(image, (SIDE, SIDE)).save(out, "WEBP", quality=80)
    return out.getvalue()
