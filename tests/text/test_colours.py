"""Whatever colour somebody chooses, what it becomes can be read where it stands."""

import re
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from cases.text.colours import DARK, LIGHT, ON_ACCENT, READABLE, colour_in, contrast, nearest, shades, worst

TOKENS = (Path(__file__).parents[2] / "static/css/tokens.css").read_text()
UNDER_LINKS = [
    "page",
    "surface",
    "raised",
    "sunken",
    "hover",
    "needs-soft",
    "overdue-soft",
    "done-soft",
    "internal-soft",
]
COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_it_is_measured_against_what_the_pages_have():
    found = {name: re.search(rf"--{name}: light-dark\((\S+), (\S+)\);", TOKENS) for name in UNDER_LINKS}
    assert {pair[1] for pair in found.values()} == {*LIGHT}
    assert {pair[2] for pair in found.values()} == {*DARK}
    assert f"--on-accent: {ON_ACCENT};" in TOKENS


def test_contrast_is_that_of_the_guidelines():
    assert contrast("#000000", "#ffffff") == 21
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54


@given(COLOURS)
@example("#000000")
@example("#ffffff")
@example("#ffcc00")
def test_links_and_buttons_can_be_read_in_both_themes(colour):
    found = shades(colour)
    for links, lies_on in zip(found.link, (LIGHT, DARK), strict=True):
        assert min(contrast(links, other) for other in lies_on) >= READABLE
    for filled in (*found.fill, *found.hover):
        assert contrast(filled, ON_ACCENT) >= READABLE
    assert contrast(found.fill[1], DARK[0]) >= 3  # a button of the dark theme stands out from the page


@given(COLOURS)
def test_the_nearest_is_readable_and_a_readable_one_is_the_nearest_itself(colour):
    assert worst(nearest(colour)) >= READABLE
    assert nearest(nearest(colour)) == nearest(colour)
    if worst(colour) >= READABLE:
        assert nearest(colour) == colour


def test_a_colour_is_read_as_people_type_it():
    typed = ["#0B5FA5", "0b5fa5", " #abc ", "bluish", "#12345", "rgb(1, 2, 3)", "#٠٠٠", ""]
    assert [colour_in(text) for text in typed] == ["#0b5fa5", "#0b5fa5", "#aabbcc", "", "", "", "", ""]
