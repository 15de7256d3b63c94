import subprocess
import sys
from html.parser import HTMLParser

import pytest

from cases.text.markdown import FORMATTED, note_to_html, to_html


def test_a_message_is_formatted():
    assert to_html("It is **red**.") == "<p>It is <strong>red</strong>.</p>\n"


def test_what_is_longer_than_any_letter_is_shown_as_it_came_and_escaped():
    log = "* <b>line</b>\n\n" * FORMATTED
    for html in (to_html(log), note_to_html(log)):
        assert html.startswith("<pre>* &lt;b&gt;line")
        assert "<li>" not in html


def test_a_message_of_just_that_length_is_still_a_letter():
    assert to_html("a" * FORMATTED).startswith("<p>")


def test_the_rules_are_compiled_before_threads_share_them():
    """Compiled at first use, by two threads at once, one would see only some of them, and its text stays in the cache."""
    program = (
        "import cases.text.markdown as m; from markdown_it.ruler import Ruler;"
        "Ruler.__compile__ = lambda self: print('compiled'); print(m.to_html('| a |\\n|---|\\n| *b* |'))"
    )
    out = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert "compiled" not in out
    assert "<table>" in out


class Elements(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


LINK = {"href": "https://example.com/", "rel": "noopener noreferrer nofollow"}


@pytest.mark.parametrize("html", [to_html, note_to_html])
@pytest.mark.parametrize(
    ("typed", "elements"),
    [
        ("<script>alert(1)</script>", [("p", {})]),
        ("<b onclick=alert(1)>x</b>", [("p", {})]),
        ("a <img src=x onerror=alert(1)> b", [("p", {})]),
        (
            "![x](https://example.com/pixel.png)",
            [("p", {}), ("a", LINK | {"href": LINK["href"] + "pixel.png"})],
        ),
        ("[x](https://example.com/)", [("p", {}), ("a", LINK)]),
        ("[x](javascript:alert(1))", [("p", {})]),
        ("[x](ftp://example.com/)", [("p", {}), ("a", {"rel": LINK["rel"]})]),
        ("[x](data:image/png;base64,AA)", [("p", {}), ("a", {"rel": LINK["rel"]})]),
        ("[x](vnc:example.com)", [("p", {}), ("a", {"rel": LINK["rel"]})]),
        ("```badge\nx\n```", [("pre", {}), ("code", {})]),
        ("| a |\n|:-:|\n| b |", [(tag, {}) for tag in "table thead tr th tbody tr td".split()]),
    ],
)
def test_a_message_runs_nothing_loads_nothing_and_poses_as_nothing(html, typed, elements):
    """Formatting leaves out what is written as HTML. What formatting itself would add, the cleaning takes away."""
    assert Elements(html(typed)).found == elements
