"""Free text that is read as the one case that it holds."""

from cases.transcripts import Document, Reading, read

NINE = "2024-11-02T09:00:00+00:00"
TEN = "2024-11-02T10:00:00+00:00"
HEAD = """\
Case ID: A-7
Created At: 2024-11-02T08:30:00Z
Status: open
Customer Name: Ines Calder
"""


def reading(text: str) -> Reading:
    (found,) = read(text.encode(), "case.txt")
    return found


def document(text: str) -> Document:
    found = reading(text).document
    assert found
    return found


def messages(text: str) -> list[tuple[str, str | None, str]]:
    """Role, time and text of each message, with runs of whitespace folded."""
    return [
        (message.role, message.at and message.at.isoformat(), " ".join(message.text.split()))
        for message in document(text).messages
    ]


def problems(text: str) -> list[tuple[int | None, str]]:
    return [(problem.line, problem.sentence) for problem in reading(text).problems]
