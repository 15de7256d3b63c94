"""JSON and YAML, whole and broken."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
import yaml

from cases.transcripts import Document, Message, Reading, read

NINE = datetime(2024, 11, 2, 9, 0, tzinfo=UTC)
TEN = datetime(2024, 11, 2, 10, 0, tzinfo=UTC)
CASE = {
    "case_id": "A-7",
    "issue_summary": "Routes are lost: all of them.",
    "severity": "high",
    "customer_name": "Ines Calder",
    "conversation_history": [
        {"role": "customer", "message": "It's gone.", "timestamp": NINE.isoformat()},
        {"role": "agent", "message": "Looking: now.", "timestamp": TEN.isoformat()},
    ],
    "area": "network",
}
DOCUMENT = Document(
    case_id="A-7",
    issue_summary="Routes are lost: all of them.",
    severity="high",
    customer_name="Ines Calder",
    messages=(Message("customer", NINE, "It's gone."), Message("agent", TEN, "Looking: now.")),
    area="network",
)


def readings(text: str, name: str = "case.json") -> list[Reading]:
    return read(text.encode(), name)


def documents(text: str, name: str = "case.json") -> list[Document | None]:
    return [reading.document for reading in readings(text, name)]


def written(**changes: object) -> str:
    return json.dumps(CASE | changes, indent=2)


@pytest.mark.parametrize("name", ["case.json", "case.txt", "case.md", "case.yaml"])
@pytest.mark.parametrize("write", [json.dumps, yaml.safe_dump], ids=["json", "yaml"])
def test_the_content_decides_not_the_name(write, name):
    assert documents(write(CASE), name) == [DOCUMENT]


@pytest.mark.parametrize(
    "text",
    [
        f"```json\n{written()}\n```",
        f"Here you are:\n\n{written()}\n",
        json.dumps({"data": {"support_case": CASE}}),
        json.dumps({"cases": [CASE]}),
        written().replace('"\n', '",\n').replace('",,', '",'),
        written().replace('"severity"', '// how bad\n  "severity"'),
        "\ufeff" + written(),
    ],
    ids=["fenced", "after a sentence", "envelope", "list", "stray commas", "comment", "byte order mark"],
)
def test_json_may_be_wrapped_or_sloppy(text):
    assert documents(text, "case.txt") == [DOCUMENT]


def test_quotes_within_a_json_string_need_no_escape():
    text = written(issue_summary="It says @gone@ and stops.").replace("@", '"')

    assert documents(text)[0].issue_summary == 'It says "gone" and stops.'


@pytest.mark.parametrize("joint", ["\n", "\n---\n"], ids=["one a line", "YAML documents"])
def test_a_file_may_hold_several_cases(joint):
    text = joint.join(json.dumps(CASE | {"case_id": each}) for each in ("A-1", "A-2"))

    assert [each.case_id for each in documents(text, "case.yaml" if "---" in joint else "case.json")] == [
        "A-1",
        "A-2",
    ]


def test_a_list_reports_the_case_without_an_id():
    found = readings(json.dumps([CASE, {"severity": "low"}]))

    assert found[0].document == DOCUMENT
    assert found[1].document is None
    assert found[1].problems[0].sentence.startswith("No Case ID found")


@pytest.mark.parametrize(
    "history",
    [
        [{"customer": "It's gone.", "time": str(NINE)}, {"agent": "Looking: now.", "time": str(TEN)}],
        [
            {"from": "Ines Calder", "body": "It's gone.", "sent_at": "2024-11-02 09:00"},
            {"from": "Helpdesk", "body": "Looking: now.", "sent_at": "2024-11-02 10:00"},
        ],
        [
            {"author": {"name": "Ines"}, "text": "It's gone.", "at": NINE.timestamp()},
            {"author": {"name": "Tom", "role": "support_agent"}, "text": "Looking: now.", "at": "10:00 AM"},
        ],
        ["[2024-11-02 09:00] customer: It's gone.", "[2024-11-02 10:00] agent: Looking: now."],
        "2024-11-02T09:00Z [customer]\nIt's gone.\n\n2024-11-02T10:00Z [agent]\nLooking: now.",
        {"messages": CASE["conversation_history"]},
    ],
    ids=["role as key", "other keys", "authors", "lines", "one text", "nested"],
)
def test_a_conversation_may_have_many_shapes(history):
    assert documents(written(conversation_history=history)) == [DOCUMENT]


def test_a_conversation_may_be_empty():
    assert [documents(written(conversation_history=each))[0].messages for each in ([], None, "", "N/A")] == [
        ()
    ] * 4


@pytest.mark.parametrize(
    "moment", [NINE, NINE.replace(tzinfo=None), NINE.astimezone(timezone(timedelta(hours=2)))]
)
def test_a_yaml_time_may_have_any_offset_or_none(moment):
    assert documents(yaml.safe_dump(CASE | {"created_at": moment}), "case.yaml")[0].created_at == NINE


def test_numbers_and_words_stay_as_they_were_written():
    found = documents("case_id: 0042\ncustomer_name: No\nis_bug: no\nresolution: ~\n", "case.yaml")[0]

    assert (found.case_id, found.customer_name, found.is_bug, found.resolution) == ("0042", "No", False, None)


def test_what_is_not_understood_is_told_with_its_line():
    found = readings(written(severity="odd", owner="Tom", tags=["a"], area="N/A", status="unheard of"))[0]

    assert [(problem.line, problem.sentence) for problem in found.problems] == [
        (4, "“odd” is not a severity: low, medium, high or critical."),
        (19, "“owner: Tom” is not a field we know."),
        (20, "“tags: - a” is not a field we know."),
        (23, "“unheard of” is not a status: open, investigating, resolved or closed."),
    ]


def test_what_a_message_says_besides_is_named():
    history = [
        {"role": "agent", "message": "Abracadabra.", "mood": "good"},
        {"role": "customer", "message": ""},
    ]

    found = readings(written(conversation_history=history))[0]

    assert found.document.messages == (Message("agent", None, "Abracadabra."),)
    assert [problem.sentence for problem in found.problems] == [
        "“mood” of a message is not read.",
        "This message has no text; it is left out.",
    ]


def test_what_a_database_refuses_is_taken_out():
    found = documents('{"case_id": "A-7", "issue_summary": "a\\u0000b \\ud83d\\ude00 \\ud83d"}')[0]

    assert found.issue_summary == "ab 😀 \ufffd"


@pytest.mark.parametrize(
    ("end", "messages", "area"),
    [('"area"', 2, None), ("Looking", 1, None), ('"agent"', 1, None), ('"timestamp"', 0, None)],
)
def test_json_cut_off_keeps_what_is_whole_and_says_so(end, messages, area):
    text = written()

    found = readings(text[: text.index(end) + 6])[0]

    assert found.document.case_id == "A-7"
    assert [message.text for message in found.document.messages][:1] == ["It's gone."][: max(messages, 1)]
    assert len(found.document.messages) <= max(messages, 1)
    assert found.document.area is area
    assert any("The file ends" in problem.sentence for problem in found.problems)


def test_yaml_cut_off_keeps_what_is_whole_and_says_so():
    text = yaml.safe_dump(CASE, sort_keys=False, default_style='"')

    found = readings(text[: text.index("Looking") + 3], "case.yaml")[0]

    assert found.document.messages == DOCUMENT.messages[:1]
    assert found.problems[-1].line == 10
    assert "broken" in found.problems[-1].sentence


def test_yaml_with_a_bare_colon_in_a_value_is_repaired():
    text = "case_id: A-7\nissue_summary: Routes are lost: all of them.\nseverity: high\n"

    assert documents(text, "case.yaml")[0].issue_summary == "Routes are lost: all of them."


def test_an_alias_of_a_value_is_followed():
    text = "case_id: A-7\ncreated_at: &then 2024-11-02 09:00:00\nresolved_at: *then\n"

    assert documents(text, "case.yaml")[0].resolved_at == NINE
