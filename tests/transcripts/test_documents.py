"""The same case in many layouts: every document in `documents/` says the same."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cases.transcripts import Document, Message, read

DOCUMENTS = sorted((Path(__file__).parent / "documents").iterdir())

REQUEST = """\
Sorry to hear that, Ines. Please send us:
- the depot codes
- one device log

That will help us find it."""


def on_that_day(hour: int, minute: int, second: int = 0, micro: int = 0) -> datetime:
    return datetime(2024, 11, 2, hour, minute, second, micro, tzinfo=UTC)


CASE = Document(
    case_id="b7e1c9d4-2f60-4a58-8c3e-5d90a1b2c3d4",
    created_at=on_that_day(8, 30),
    system_description=(
        "Tidewater Parcel. Depots scan parcels with handhelds; a Rust service keeps the routes in PostgreSQL."
    ),
    issue_summary="Handhelds in two depots lose the route list after noon.",
    severity="high",
    priority="P2",
    status="resolved",
    customer_name="Ines Calder",
    contact_email="ines.calder@tidewater.example",
    messages=(
        Message(
            "customer",
            on_that_day(8, 41, 10),
            'Our handhelds forget the route list: "no routes" is all they show.',
        ),
        Message("agent", on_that_day(8, 50), REQUEST),
        Message("customer", on_that_day(9, 5, 30), "Depots K4 and K9. The log is attached."),
        Message(
            "agent",
            on_that_day(11, 20),
            "Update: a new build is out and the lists stay. Does it work for you?",
        ),
    ),
    resolved_at=on_that_day(11, 20),
    resolution="Shipped build 311, which keeps the route list when the day changes.",
    area="backend",
    is_bug=True,
    root_cause="The cache key held the local date: it changed at noon UTC.",
    generated_at=on_that_day(8, 31, 0, 250_000),
)


def folded(document: Document | None) -> dict[str, object]:
    """The document's fields with every run of whitespace as one space."""
    assert document
    fields = {
        name: " ".join(value.split()) if isinstance(value, str) else value
        for name, value in vars(document).items()
    }
    messages = [(message.role, message.at, " ".join(message.text.split())) for message in document.messages]
    return fields | {"messages": messages}


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_layout_tells_the_same_case(path):
    (reading,) = read(path.read_bytes(), path.name)

    assert folded(reading.document) == folded(CASE)
    assert reading.problems == ()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_a_message_keeps_its_paragraphs_and_lists(path):
    (reading,) = read(path.read_bytes(), path.name)

    assert reading.document
    assert lines(reading.document.messages[1].text) == lines(REQUEST)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_the_encoding_and_the_name_of_a_file_do_not_matter(path, encoding):
    data = path.read_text("utf-8").replace("\n", "\r\n").encode(encoding)

    (reading,) = read(data, "case.txt")

    assert folded(reading.document) == folded(CASE)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_a_file_cut_off_anywhere_reads_as_far_as_it_goes(path):
    text = path.read_text("utf-8")
    for end in range(0, len(text), 40):
        readings = read(text[:end].encode(), path.name)
        for message, whole in zip(
            [m for reading in readings if reading.document for m in reading.document.messages][:-1],
            CASE.messages,
            strict=False,
        ):
            assert (message.role, " ".join(message.text.split())) == (
                whole.role,
                " ".join(whole.text.split()),
            )
