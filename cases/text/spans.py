"""Lengths of time in words."""

from datetime import timedelta

MINUTE = timedelta(minutes=1)


def duration(span: timedelta) -> str:
    """Say a length of time: "2 h 10 min", "3 d 4 h"."""
    minutes = span // MINUTE
    hours, days = minutes // 60, minutes // 1440
    if days:
        return _joined((days, "d"), (hours % 24, "h"))
    return open_time(span)


def span(minutes: int) -> str:
    """Say how long somebody worked: "1 h 20 min", "0 min", and "−20 min" where more was taken back than recorded."""
    if minutes < 0:
        return f"−{span(-minutes)}"
    return _joined((minutes // 60, "h"), (minutes % 60, "min")) or "0 min"


def open_time(span: timedelta) -> str:
    """Say a length of open time, in hours, since a working day is not a day: "30 h 15 min"."""
    minutes = span // MINUTE
    return _joined((minutes // 60, "h"), (minutes % 60, "min")) or "less than a minute"


def _joined(*parts: tuple[int, str]) -> str:
    return " ".join(f"{number} {unit}" for number, unit in parts if number)
