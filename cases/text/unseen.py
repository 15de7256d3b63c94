"""Letters that show nothing: blanks, marks without width, fillers of scripts."""

import unicodedata

# Letters and symbols by category, and blank all the same.
_BLANK = set("\u115f\u1160\u2800\u3164\uffa0\u034f\u17b4\u17b5\u180b\u180c\u180d\u180f") | {
    chr(code) for code in range(0xFE00, 0xFE10)
}
_UNSEEN = {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp", "Zs"}  # of the general categories of Unicode


def is_unseen(letter: str) -> bool:
    return letter in _BLANK or unicodedata.category(letter) in _UNSEEN


def shows_nothing(text: str) -> bool:
    """Whether a reader of the text would see nothing at all."""
    return all(map(is_unseen, text))
