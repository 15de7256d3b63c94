import re
import subprocess
import sys
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
        ("[x](ftp://example.com/)", [("p", {})]),
        ("[x](data:image/png;base64,AA)", [("p", {})]),
        ("[x](/accounts/logout/)", [("p", {})]),
        ("```badge\nx\n```", [("pre", {}), ("code", {})]),
        ("| a |\n|:-:|\n| b |", [(tag, {}) for tag in "table thead tr th tbody tr td".split()]),
    ],
)
def test_a_message_runs_nothing_loads_nothing_and_poses_as_nothing(html, typed, elements):
    """Formatting leaves out what is written as HTML. What formatting itself would add, the cleaning takes away."""
    assert Elements(html(typed)).found == elements


def shown(text):
    """What a reader sees of it, with a line break where one is."""
    html = (
        str(to_html(text))
        .replace("\n", "")
        .replace("<br>", "\n")
        .replace("</p>", "\n\n")
        .replace("</li>", "\n")
    )
    return unescape(re.sub(r"<[^>]+>", "", html)).strip("\n")


@pytest.mark.parametrize(
    "typed",
    [
        r"\\server\share$",
        r"C:\temp\_old\*.log and C:\new\*.txt",
        "call __init__, then _setup_ of a_b_c",
        "# comment\nrun #1 and #2",
        "Name\n---\nText\n===",
        "* * *",
        "2**3**4, a*b*c, *.log *.txt",
        "arr[1](2) and [z]: nothing",
        "[1]: http://example.com/",
        "&nbsp; &amp; &copy;",
        "Cleo <cleo@example.com>",
        "~/logs and ~1~",
        "-- \nCleo\nBakery",
        "We met on\n10. November at\nnoon",
        "an end \\\nof a line",
        "two  blanks   and three",
        "Traceback:\n  File x, line 3\n    foo()\nValueError",
        "+---+----+\n| a | b  |\n+---+----+\n| 1 | 22 |\n+---+----+",
        "Name\tPieces\nTill\t2\nCable\t13",
    ],
)
def test_what_is_typed_or_pasted_stays_as_it_is(typed):
    assert shown(typed) == typed


def test_columns_stand_below_each_other():
    assert '<p class="drawn">' in to_html("Name\tPieces\nTill\t2\nCable\t13")
    assert '<p class="drawn">' not in to_html("One sentence.  Another one.\nA line.  And its end.")


@pytest.mark.parametrize(
    ("typed", "html"),
    [
        ("**bold** and *so*", "<p><strong>bold</strong> and <em>so</em></p>"),
        ("**a [b](https://example.com/) `c`**", "<strong>a <a href="),
        ("`x = __y__`", "<p><code>x = __y__</code></p>"),
        ("```\n> x\ny\n```", "<pre><code>&gt; x\ny\n</code></pre>"),
        ("Steps:\n1. one\n2. two\nThanks", "</ol>\n<p>Thanks</p>"),
        ("- a\n- b\nThanks\nCleo", "</ul>\n<p>Thanks<br>Cleo</p>"),
        ("> They said\nI say", "</blockquote>\n<p>I say</p>"),
        ("See https://example.com/a_b_c.", ">https://example.com/a_b_c</a>.</p>"),
    ],
)
def test_what_buttons_write_and_people_mean_is_formatted(typed, html):
    assert html in to_html(typed)


@pytest.mark.parametrize("mark", ["> ", "- "])
@pytest.mark.parametrize("deep", [5, 9, 19, 40])
def test_what_is_nested_deeper_than_anybody_means_is_still_there(mark, deep):
    assert "hello" in to_html(mark * deep + "hello")


@given(st.text(alphabet="abZä_\\#&;<-=+*.:/~|$>1) \n\t", max_size=80))
def test_no_letter_of_any_text_is_lost(text):
    letters = re.compile(r"[a-zA-Zä_\\#&;$]")
    assert letters.findall(shown(text)) == letters.findall(text)
