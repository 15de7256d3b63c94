def whole_number(text: str, digits: int = 18) -> int | None:
    """`text` as a number that PostgreSQL can hold, or None: what people type into addresses is not always one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None
