import pytest

from cases.text.first_message import likely_summary


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("The coins are stuck. Since Monday.", "The coins are stuck."),
        ("**What happened**\n\nNo receipt\nat all", "No receipt"),
        ("x" * 300, "x" * 99 + "…"),
        ("", ""),
    ],
)
def test_a_summary_is_the_first_sentence_that_is_no_heading(text, summary):
    assert likely_summary(text) == summary
