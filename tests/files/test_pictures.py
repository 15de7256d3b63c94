import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from cases.files.pictures import EDGE, picture_of
from tests.factories import picture


def looked_at(content):
    return picture_of(BytesIO(content), len(content))


def small(content):
    return Image.open(BytesIO(looked_at(content).thumbnail))


@pytest.mark.parametrize("fmt", ["PNG", "JPEG", "GIF", "WEBP"])
def test_an_image_gets_a_small_picture(fmt):
    found = looked_at(picture(fmt, (2000, 1000)))
    assert (found.width, found.height) == (2000, 1000)
    assert found.content_type == f"image/{fmt.lower()}"
    assert small(picture(fmt, (2000, 1000))).size == (EDGE, EDGE // 2)


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
def test_whatever_its_colours_are(fmt, mode):
    assert small(picture(fmt, (900, 30), mode)).size[0] == EDGE


def test_sixteen_bits_a_pixel_keep_their_brightness():
    content = picture("PNG", (40, 40), "I;16", new={"color": 32768})
    assert small(content).convert("L").getpixel((20, 20)) == pytest.approx(128, abs=3)


def test_what_is_transparent_stays_so():
    content = picture("PNG", (40, 40), "RGBA", new={"color": (255, 0, 0, 0)})
    assert small(content).convert("RGBA").getpixel((20, 20))[3] == 0


def test_it_is_turned_as_the_camera_says_and_tells_nothing_of_where_it_was_taken():
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it to the right
    exif[0x010F] = "Spy camera"
    exif.get_ifd(0x8825)[1] = "N"
    content = picture("JPEG", (400, 200), exif=exif, icc_profile=b"profile", comment=b"secret")
    assert (looked_at(content).width, looked_at(content).height) == (200, 400)
    turned = small(content)
    assert turned.size == (200, 400)
    assert not turned.getexif()
    assert set(turned.info) <= {"loop", "background", "timestamp", "duration"}
    assert b"Spy camera" not in looked_at(content).thumbnail


def test_of_moving_images_the_first_is_shown():
    out = BytesIO()
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue", "green")]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    shown = small(out.getvalue())
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
def test_a_bomb_is_not_lit(size):
    assert looked_at(bomb(*size)) is None


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
    assert looked_at(content) is None
