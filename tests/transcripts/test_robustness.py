"""Nothing in a file makes reading it fail, hang or build objects."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.transcripts import MAX_BYTES, read

from .test_round_trip import NASTY_LINES

BEGINNING = "Case ID: A-1\nConversation History:\n[2025-01-02T03:04:05Z] customer: hello\n"
PIECES = [
    *NASTY_LINES,
    *(
        f"{label}: 2025-01-02"
        for label in ("Created At", "Resolved At", "Conversation History", "Name", "Status")
    ),
    "case_id: 1",
    "conversation_history:",
    "- role: customer",
    "  message: 'hi",
    "  timestamp: 9999-12-31T23:59:59-12:00",
    "[23:59] agent: late",
    "[00:01] customer: early",
    "0001-01-01 00:00 +14:00 customer: hi",
    '"messages": [{"role": 1, "text": {}, "at": []}, null, "x", [1]],',
    '{"case": {"id": 1, "messages": {"a": {"b": "c"}}}}',
    "&a [*a]",
    "| Severity | Priority |",
    "|---|---|",
    "```yaml",
    "<customer>",
    "2025-99-99 customer: hi",
]


@given(
    data=st.binary() | st.binary(min_size=200, max_size=400),
    name=st.sampled_from(["a.txt", "a.json", "a.yaml"]),
)
def test_no_bytes_make_it_raise(data, name):
    assert read(data, name)


@given(
    pieces=st.lists(st.sampled_from(PIECES) | st.text(max_size=10), max_size=15),
    name=st.sampled_from(["a.txt", "a.json", "a.yaml"]),
    joint=st.sampled_from(["\n", "\r\n", " ", "\n\n"]),
)
def test_no_jumble_of_layouts_makes_it_raise(pieces, name, joint):
    readings = read(joint.join(pieces).encode("utf-8", "surrogatepass"), name)

    assert all(reading.document or reading.problems for reading in readings)
    assert readings


@pytest.mark.parametrize("filling", [*' *[({`"->|\n', "- ", '{"a":', "a\n", "A "])
def test_a_megabyte_of_anything_reads_soon(filling):
    started = time.monotonic()

    for beginning in ("", BEGINNING):
        read((beginning + filling * (1_000_000 // len(filling))).encode(), "a.yaml")

    assert time.monotonic() - started < 20  # seconds; it takes one or two, but machines differ


def test_an_alias_bomb_is_refused():
    levels = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 9)]
    bomb = "\n".join(["case_id: A-1", "l0: &l0 [ha, ha]", *levels])

    (reading,) = read(bomb.encode(), "a.yaml")

    assert reading.document is None
    assert reading.problems[0].line == 3
    assert "repeats a whole block" in reading.problems[0].sentence


def test_yaml_that_asks_for_an_object_is_refused():
    (reading,) = read(b"case_id: A-1\nstatus: !!python/object/apply:os.getcwd []\n", "a.yaml")

    assert reading.document is None
    assert reading.problems[0].line == 2
    assert "object" in reading.problems[0].sentence


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "binary"),
        (b"%PDF-1.7 with some words", "binary"),
        (b"x" * (MAX_BYTES + 1), "larger than 20 MB"),
        (b"just some words", "No Case ID"),
        (b'{"severity": "low"}', "No Case ID"),
        (b"{", "No Case ID"),
        (b"severity: low", "No Case ID"),
        (b"a\n" * 200_000, "lines"),
    ],
)
def test_a_file_that_is_no_case_says_why(data, word):
    (reading,) = read(data, "case.txt")

    assert reading.document is None
    assert word in reading.problems[0].sentence
