import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from cases.files.pictures import EDGE, picture_of
from tests.factories import picture


def examined(content):
    return picture_of(BytesIO(content), len(content))


def thumbnail(content):
    return Image.open(BytesIO(examined(content).thumbnail))


@pytest.mark.parametrize("fmt", ["PNG", "JPEG", "GIF", "WEBP"])
def test_an_image_gets_a_thumbnail(fmt):
    image = examined(picture(fmt, (2000, 1000)))
    assert (image.width, image.height) == (2000, 1000)
    assert image.content_type == f"image/{fmt.lower()}"
    assert thumbnail(picture(fmt, (2000, 1000))).size == (EDGE, EDGE // 2)


@pytest.mark.parametrize(
    ("fmt", "mode"),
    [
        ("JPEG", "CMYK"),
        ("JPEG", "L"),
        ("PNG", "P"),
        ("PNG", "1"),
        ("PNG", "LA"),
        ("PNG", "RGBA"),
        ("GIF", "P"),
    ],
)
def test_an_image_of_any_colours_gets_a_thumbnail(fmt, mode):
    assert thumbnail(picture(fmt, (900, 30), mode)).size[0] == EDGE


def test_sixteen_bits_a_pixel_keep_their_brightness():
    content = picture("PNG", (40, 40), "I;16", new={"color": 32768})
    assert thumbnail(content).convert("L").getpixel((20, 20)) == pytest.approx(128, abs=3)


def test_what_is_transparent_stays_transparent():
    content = picture("PNG", (40, 40), "RGBA", new={"color": (255, 0, 0, 0)})
    assert thumbnail(content).convert("RGBA").getpixel((20, 20))[3] == 0


def test_a_thumbnail_is_turned_as_the_camera_says_and_has_no_metadata():
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it to the right
    exif[0x010F] = "Spy camera"
    exif.get_ifd(0x8825)[1] = "N"
    content = picture("JPEG", (400, 200), exif=exif, icc_profile=b"profile", comment=b"secret")
    assert (examined(content).width, examined(content).height) == (200, 400)
    turned = thumbnail(content)
    assert turned.size == (200, 400)
    assert not turned.getexif()
    assert set(turned.info) <= {"loop", "background", "timestamp", "duration"}
    assert b"Spy camera" not in examined(content).thumbnail


def test_of_a_moving_image_the_first_frame_is_shown():
    out = BytesIO()
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue", "green")]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    shown = thumbnail(out.getvalue())
    assert not getattr(shown, "is_animated", False)
    assert shown.convert("RGB").getpixel((10, 10))[0] > 200


def bomb(width, height):
    """A PNG of a few bytes that says it has so many pixels."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packed = zlib.compress(bytes(1_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(30_000, 30_000), (6_000, 6_000), (2**31 - 1, 1)])
def test_a_decompression_bomb_is_no_image(size):
    assert examined(bomb(*size)) is None


@pytest.mark.parametrize(
    "content",
    [
        picture("PNG", (200, 200))[:-40],
        picture("JPEG", (200, 200))[:300],
        picture("WEBP", (200, 200))[:-10],
        b"GIF89a",
        b"GIF89a/*<html><script>alert(1)</script>*/",
        b"",
        picture("BMP"),
        picture("TIFF"),
        b'<svg xmlns="http://www.w3.org/2000/svg"></svg>',
    ],
    ids=["PNG cut", "JPEG cut", "WebP cut", "GIF cut", "GIF and HTML", "nothing", "BMP", "TIFF", "SVG"],
)
def test_what_cannot_be_read_to_its_end_or_is_of_another_kind_is_no_image(content):
    assert examined(content) is None
