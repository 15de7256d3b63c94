"""What is written, shown as it will read."""

import pytest
from django.urls import reverse

from cases.forms.base import LONGEST_MESSAGE

HTMX = {"HX-Request": "true"}


@pytest.fixture
def desk(browser_of, ada):
    return browser_of(ada)


def preview(desk, case, name, text, **extra):
    field = "resolution" if name == "resolve" else "body"
    return desk.post(reverse(f"desk_preview_{name}", args=[case.number]), {field: text}, **extra)


@pytest.mark.parametrize("name", ["reply", "note", "resolve"])
def test_a_preview_reads_as_what_is_sent_will(desk, case, name):
    text = preview(desk, case, name, "**Now** see C:\\temp\\_old", headers=HTMX).text
    assert "<strong>Now</strong> see C:\\temp\\_old" in text
    assert "<textarea" not in text
    assert not case.events.filter(body__contains="Now").exists()


def test_without_script_a_preview_keeps_what_was_typed(desk, case):
    text = preview(desk, case, "reply", "**Now** it works").text
    assert "<strong>Now</strong> it works" in text
    assert "**Now** it works</textarea>" in text


def test_a_preview_of_nothing_or_of_too_much_says_so(desk, case):
    assert "Write a reply before sending it." in preview(desk, case, "reply", " ", headers=HTMX).text
    much = preview(desk, case, "reply", "x" * (LONGEST_MESSAGE + 1), headers=HTMX).text
    assert "This text is too long" in much
    assert len(much) < 1000


def test_a_preview_names_mentions_in_notes_only(desk, case):
    assert 'class="mention"' in preview(desk, case, "note", "@ada look", headers=HTMX).text
    assert 'class="mention"' not in preview(desk, case, "reply", "@ada look", headers=HTMX).text
