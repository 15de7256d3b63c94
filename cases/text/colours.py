"""A colour that people choose, where it can be read, and what becomes of it in each theme. Contrast is that of WCAG 2."""

import re
from collections.abc import Callable
from colorsys import hls_to_rgb, rgb_to_hls
from functools import lru_cache
from typing import NamedTuple

READABLE = 4.5
# On what links lie, in static/css/tokens.css: the page, what stands on it, and the soft colours of messages.
LIGHT = ("#fafafb", "#ffffff", "#f2f2f5", "#f1f1f5", "#e7f0fc", "#fdecea", "#e6f4ea", "#fff5dc")
DARK = ("#15161a", "#1c1e23", "#24262d", "#111216", "#25272f", "#182c45", "#45201d", "#17331f", "#372b10")
ON_ACCENT = "#ffffff"  # the words of a button
_HEX = re.compile(r"#?([0-9a-f]{6}|[0-9a-f]{3})", re.ASCII)
_STEPS = 250


class Shades(NamedTuple):
    """A colour as `light-dark()` takes it: of links, of what is filled, of that below the pointer."""

    link: tuple[str, str]
    fill: tuple[str, str]
    hover: tuple[str, str]


def colour_in(text: str) -> str:
    """The colour as #4f46c8, or nothing where this is none."""
    found = _HEX.fullmatch(text.strip().lower())
    if not found:
        return ""
    digits = found[1]
    return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))


def contrast(one: str, other: str) -> float:
    """From 1, the same, to 21, black on white."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def worst(colour: str) -> float:
    """The contrast where it is least to be read in the light theme: as a link, or below the words of a button."""
    return min(contrast(colour, other) for other in (*LIGHT, ON_ACCENT))


@lru_cache(100)
def nearest(colour: str) -> str:
    """The colour, or the lightest of its hue that can be read in the light theme."""
    return _moved(colour, -1, lambda tried: worst(tried) >= READABLE)


@lru_cache(100)
def shades(colour: str) -> Shades:
    """Of the dark theme, links are lighter. What is filled stands out from the page and from the words on it."""
    light = nearest(colour)
    light_hover = _moved(light, -1, lambda tried: contrast(tried, light) >= 1.25 or tried == "#000000")
    if light_hover == "#000000":
        light_hover = _moved(light, 1, lambda tried: contrast(tried, light) >= 1.25)
    link = _moved(light, 1, lambda tried: min(contrast(tried, other) for other in DARK) >= READABLE + 0.5)
    fill = _moved(light, 1, lambda tried: contrast(tried, ON_ACCENT) <= 5.5)
    hover = _moved(fill, 1, lambda tried: contrast(tried, ON_ACCENT) <= 4.7)
    return Shades((light, link), (light, fill), (light_hover, hover))


def _moved(colour: str, way: int, wanted: Callable[[str], bool]) -> str:
    """The first colour of this hue, ever darker (-1) or lighter (1), that is wanted; at last black or white."""
    hue, lightness, saturation = rgb_to_hls(*_parts(colour))
    tried = colour
    while not wanted(tried) and 0 <= (lightness := lightness + way / _STEPS) <= 1:
        red, green, blue = (round(part * 255) for part in hls_to_rgb(hue, lightness, saturation))
        tried = f"#{red:02x}{green:02x}{blue:02x}"
    return tried if wanted(tried) else "#000000" if way < 0 else "#ffffff"


@lru_cache(1000)
def _luminance(colour: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _parts(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parts(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue
