"""Promises of many texts, one line of JSON each."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

LINE = {
    "text": "We'll update you every 30 minutes, and call by 3 pm.",
    "now": "2026-03-11T10:00:00",
    "tz": "Europe/Berlin",
}


def found(path, *lines):
    """What it prints for these lines, and what it complains of."""
    path.write_text("".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines))
    out, err = StringIO(), StringIO()
    status = 0
    try:
        call_command("find_promises", str(path), stdout=out, stderr=err)
    except SystemExit as error:
        status = error.code
    return [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue(), status


@pytest.fixture
def path(tmp_path):
    return tmp_path / "texts.jsonl"


def test_each_line_has_its_list(path):
    printed, complaints, status = found(
        path, LINE, LINE | {"text": "Thanks."}, LINE | {"text": "We'll be in touch."}
    )
    assert printed == [
        [
            {
                "phrase": "every 30 minutes",
                "due": "2026-03-11T10:30:00+01:00",
                "every_minutes": 30,
                "vague": False,
            },
            {"phrase": "by 3 pm", "due": "2026-03-11T15:00:00+01:00", "every_minutes": None, "vague": False},
        ],
        [],
        [{"phrase": "be in touch", "due": None, "every_minutes": None, "vague": True}],
    ]
    assert (complaints, status) == ("", 0)


def test_a_time_with_an_offset_is_told_in_the_zone(path):
    ((_, call),), *_ = found(path, LINE | {"now": "2026-07-01T06:00:00Z"})
    assert call["due"] == "2026-07-01T15:00:00+02:00"


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("nonsense", "This is not JSON."),
        ("[1]", "This is not an object"),
        ({"now": LINE["now"], "tz": LINE["tz"]}, '"text" is missing or not a text.'),
        (LINE | {"text": 3}, '"text" is missing or not a text.'),
        (LINE | {"tz": "Mars/Olympus"}, '"Mars/Olympus" is not a known time zone.'),
        (LINE | {"tz": "../etc/passwd"}, "is not a known time zone."),
        (LINE | {"tz": ""}, "is not a known time zone."),
        (LINE | {"now": "soon"}, '"soon" is not a time in ISO 8601.'),
        (LINE | {"now": "9999-12-31T23:59:00"}, None),
        ("", "This is not JSON."),
    ],
)
def test_a_line_that_cannot_be_read_is_named_and_the_others_are_done(path, line, complaint):
    printed, complaints, status = found(path, LINE, line, LINE)
    assert [bool(promises) for promises in printed][::2] == [True, True]
    assert len(printed) == 3
    if complaint:
        assert printed[1] == []
        assert "line 2: " in complaints
        assert complaint in complaints
        assert status == 1


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CommandError, match="Cannot read"):
        call_command("find_promises", str(tmp_path / "none.jsonl"))
