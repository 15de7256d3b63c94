"""What was meant for the desk alone stays there, and nobody's words become another's, whatever the layout."""

import json
from datetime import UTC, datetime

import pytest
import yaml

from cases.transcripts import Message, read, to_json, to_text, to_yaml
from cases.transcripts.document import Document

NINE = datetime(2024, 11, 2, 9, 0, tzinfo=UTC)
TEN = datetime(2024, 11, 2, 10, 0, tzinfo=UTC)
SECRET = "They never paid a bill."
HEAD = (
    "Case ID: A-7\nStatus: open\nCustomer Name: Ines Calder\nHandled By: Ada Byron\n\nConversation History:\n"
)


def structured(message, write=json.dumps, **fields):
    case = {
        "case_id": "A-7",
        "customer_name": "Ines Calder",
        "contact_email": "ines@tidewater.example",
        "conversation_history": [{"role": "customer", "message": "It is gone."}, message],
    }
    return read(write(case | fields).encode(), "case.json")[0]


def said(**keys):
    return {"role": "agent", "message": SECRET, "timestamp": TEN.isoformat()} | keys


@pytest.mark.parametrize(
    "keys",
    [
        {"public": False},
        {"public": "no"},
        {"public": 0},
        {"is_public": False},
        {"isPublic": "false"},
        {"jsdPublic": False},
        {"customer_visible": False},
        {"visible_to_customer": "No"},
        {"private": True},
        {"is_private": "yes"},
        {"internal": True},
        {"isInternal": 1},
        {"internal_note": True},
        {"private_note": "true"},
        {"is_note": True},
        {"hidden": True},
        {"confidential": "Y"},
        {"visibility": "internal"},
        {"visibility": "Agents only"},
        {"visibility": "all agents"},
        {"visibility": "not public"},
        {"visibility": "level 3"},
        {"visibility": {"type": "role", "value": "Administrators"}},
        {"visible_to": ["agents", "staff"]},
        {"audience": "staff"},
        {"access": "restricted"},
        {"type": "note"},
        {"type": "InternalComment"},
        {"kind": "internal_note"},
        {"channel": "internal"},
        {"comment_type": "private"},
        {"source": "work_notes"},
        {"tags": ["billing", "internal"]},
        {"meta": {"public": False}},
        {"meta": {"flags": {"is_private": True}}},
        {"author": {"name": "Ada", "role": "agent"}, "attributes": {"visibility": "private"}},
        {"public": True, "private": True},
        {"role": "note"},
        {"role": "internal"},
        {"role": "Internal Note"},
        {"role": "system"},
        {"role": "private_note"},
        {"message": f"[internal] {SECRET}"},
        {"message": f"Internal note: {SECRET}"},
        {"message": f"(Private) {SECRET}"},
        {"message": f"Visibility: internal, {SECRET}"},
    ],
    ids=str,
)
@pytest.mark.parametrize("write", [json.dumps, yaml.safe_dump], ids=["json", "yaml"])
def test_a_key_that_says_so_makes_a_note(keys, write):
    reading = structured(said(**keys), write)

    assert [(message.internal, SECRET in message.text) for message in reading.document.messages] == [
        (False, False),
        (True, True),
    ]


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"public": True},
        {"private": False},
        {"internal": "no"},
        {"visibility": "public"},
        {"visibility": "Customer and agents"},
        {"visibility": None},
        {"audience": "everyone"},
        {"type": "reply"},
        {"type": "public note"},
        {"channel": "email"},
        {"internal_id": "4711"},
        {"internal": False, "message": f"[internal] {SECRET}"},
        {"message": f"Internal server error: {SECRET}"},
        {"message": f"Note: {SECRET}"},
    ],
    ids=str,
)
def test_what_is_for_the_customer_stays_a_reply(keys):
    assert [message.internal for message in structured(said(**keys)).document.messages] == [False, False]


@pytest.mark.parametrize(
    "fields",
    [
        {"internal_notes": [{"author": "Ada", "message": SECRET}]},
        {"internal": {"conversation_history": [{"role": "agent", "message": SECRET}]}},
        {"conversation_history": {"private_notes": [said()], "messages": [said(message="It is gone.")]}},
        {"conversation_history": [{"internal_note": SECRET, "time": "10:00"}]},
        {"conversation_history": [{"role": "agent", "note": SECRET}]},
        {"conversation_history": [f"[10:00] Internal note by Ada: {SECRET}", "agent: It is gone."]},
    ],
    ids=str,
)
def test_a_place_of_their_own_makes_notes(fields):
    messages = structured(said(message="Looking."), **fields).document.messages

    assert [message.internal for message in messages if SECRET in message.text] == [True]
    assert not any(message.internal for message in messages if SECRET not in message.text)


@pytest.mark.parametrize(
    "keys",
    [
        {"role": "wizard"},
        {"role": ""},
        {"role": None},
        {"role": "sysadmin"},
        {"role": "customer admin"},
        {"role": "customer to agent"},
        {"role": "superuser"},
        {"role": "Ben Calder"},
        {"role": None, "from": "Ben Calder, Staff Nurse"},
        {"role": None, "from": "The Kitchen Team"},
        {"role": None, "from": "support@tidewater.example"},
        {"role": "comment", "author": "Ben"},
    ],
    ids=str,
)
def test_whose_words_they_are_is_never_guessed(keys):
    reading = structured(said(**keys))

    assert reading.document is None
    assert reading.problems[0].sentence.startswith("Message 2 ")
    assert "Name its role (customer, agent or internal note)" in reading.problems[0].sentence
    assert keys["role"] is None or keys["role"] in reading.problems[0].sentence


@pytest.mark.parametrize(
    ("keys", "role"),
    [
        ({"role": None, "from": "Ines Calder, Staff Nurse"}, "customer"),
        ({"role": None, "from": "Ines Calder (Support Agent)"}, None),
        ({"role": None, "from": "ines@tidewater.example"}, "customer"),
        ({"role": "end_user", "author": "Ben"}, "customer"),
        ({"role": "Customer Success"}, "agent"),
        ({"role": "customer_support_agent"}, "agent"),
        ({"role": None, "author": "Tom (Support Engineer)"}, "agent"),
        ({"role": None, "author": "Tom", "author_type": "agent"}, "agent"),
    ],
    ids=str,
)
def test_whose_words_they_are_is_what_is_said(keys, role):
    document = structured(said(**keys)).document

    assert (document and document.messages[1].role) == role


@pytest.mark.parametrize(
    "line",
    [
        "[internal] Ada: {x}",
        "[Internal] Agent: {x}",
        "(internal note) Ada Byron: {x}",
        "Internal note by Ada: {x}",
        "Internal note from the agent: {x}",
        "**Internal Note (Ada Byron):** {x}",
        "Private note – Ada Byron: {x}",
        "Note (private): {x}",
        "Note (internal, Ada): {x}",
        "Agent note: {x}",
        "Agent (internal): {x}",
        "Agent [internal note]: {x}",
        "Agent – internal: {x}",
        "Ada Byron [internal]: {x}",
        "Ada Byron (Agent, internal): {x}",
        "Agent: [internal] {x}",
        "Agent: (Private) {x}",
        "INTERNAL: {x}",
        "Internal Notes:\n{x}",
        "### Internal notes\n{x}",
        "**Internal comment:**\n{x}",
        "Staff only: {x}",
        "Escalation notes (internal):\n{x}",
        "Agent's private notes:\n{x}",
        "[{t}] [agent] [internal] they never. {x}",
        "[{t}] Agent (to team only): {x}",
        "[{t}] Agent: {x} (internal)",
        "[PRIVATE] {x}",
        "System: {x}",
        "[{t}] [internal] Ada: {x}",
        "[{t}] Note: {x}",
        "[{t}] [Note] Ada: {x}",
        "[{t}] Internal note: {x}",
        "[{t}] System: {x}",
        "Internal note ({t}): {x}",
        "- {t} [internal] {x}",
        "- {t} [note] {x}",
        "| {t} | Internal | {x} |",
    ],
)
@pytest.mark.parametrize("after", ["", "\n[{t}] Agent: It is back.", "\nAgent: It is back."])
def test_a_line_that_says_so_begins_a_note(line, after):
    others = "[{t}] Customer: It is gone.\n[{t}] Agent: Looking.\n"
    text = HEAD + (others + line + after).format(t="2024-11-02 10:00", x=SECRET)

    (reading,) = read(text.encode(), "case.txt")

    found = [(message.internal, message.text) for message in reading.document.messages]
    assert [internal for internal, words in found if SECRET in words] == [True], found
    assert [words for internal, words in found if not internal][:2] == ["It is gone.", "Looking."]


def test_a_row_of_a_message_that_says_so_makes_it_a_note():
    rows = ["It is gone.", f"{SECRET}\n  visibility: internal", "It is back."]
    text = HEAD + "\n".join(f"- role: agent\n  message: {row}" for row in rows)

    assert [message.internal for message in read(text.encode(), "case.txt")[0].document.messages] == [
        False,
        True,
        False,
    ]


@pytest.mark.parametrize("who", ["wizard", "Ben", "purchasing dept", "Ben Calder", "customer_admin"])
@pytest.mark.parametrize(
    "form",
    [
        "[{t}] [{r}] {x}",
        "[{t}] {r}: {x}",
        "- {t} [{r}] {x}",
        "**[{t}] [{r}]** {x}",
        "| {t} | {r} | {x} |",
        "{t} - {r}: {x}",
    ],
)
def test_a_strangers_words_do_not_become_part_of_the_message_before(form, who):
    turns = [("customer", "It is gone."), ("agent", "Looking."), (who, "For me too.")]
    text = HEAD + "\n".join(form.format(t="2024-11-02 10:00", r=r, x=x) for r, x in turns)

    (reading,) = read(text.encode(), "case.txt")

    assert reading.document is None
    assert reading.problems[0].sentence.startswith(f"Message 3 is by “{who}”")


DOCUMENT = Document(
    case_id="A-7",
    messages=(
        Message("customer", NINE, "It is gone."),
        Message("agent", TEN, SECRET, internal=True),
        Message("system", TEN, "Moved to tier 2.", internal=True),
        Message("customer", TEN, "A word to you alone.", internal=True),
        Message("agent", TEN, "[internal] is the name of our build."),
    ),
)


@pytest.mark.parametrize(("write", "ending"), [(to_json, "json"), (to_yaml, "yaml"), (to_text, "txt")])
def test_notes_are_written_as_notes(write, ending):
    assert read(write(DOCUMENT).encode(), f"case.{ending}")[0].document == DOCUMENT


def test_a_message_for_the_customer_is_written_as_before():
    written = json.loads(to_json(DOCUMENT))["conversation_history"]

    assert written[0].keys() == {"role", "message", "timestamp"}
