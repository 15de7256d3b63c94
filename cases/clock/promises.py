from typing import Any


def find(text: str, now: Any, zone: Any, calendar: Any) -> list[Any]:
    return []
