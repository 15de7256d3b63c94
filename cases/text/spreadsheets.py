"""Words in a table that a spreadsheet opens."""

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # what a spreadsheet would run


def harmless(words: object) -> str:
    """The words, so that no spreadsheet takes them for a formula."""
    return f"'{words}" if str(words).lstrip(" ").startswith(FORMULA) else str(words)
