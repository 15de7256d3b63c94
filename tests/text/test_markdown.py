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
