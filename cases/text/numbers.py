"""Numbers that people type into addresses and forms."""


def whole_number(text: str, digits: int = 18) -> int | None:
    """Return `text` as a number that PostgreSQL can hold, or None when it is not one: "12" is 12, "x" is None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None
