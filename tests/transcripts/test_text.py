"""Free text: which lines are messages, and where each begins and ends."""

from datetime import UTC, datetime

import pytest

from cases.transcripts import read

from .free_text import HEAD, NINE, TEN, document, messages, problems, reading


@pytest.mark.parametrize(
    "pattern",
    [
        '- {t} [{r}] "{x}"',
        "- **[{t}] [{r}]**  \n  {x}",
        "**{t} [{r}]**\n{x}\n",
        "[{t}] {R}: {x}",
        "({t}) {R} – {x}",
        "<{t}> <{r}> {x}",
        "{R} ({t}): {x}",
        "**{R} ({t}):** {x}",
        "**{R}** – {t}\n\n{x}\n",
        "{R} | {t}\n> {x}\n",
        "[{r}] {t}: {x}",
        "[{r}] {t} {x}",
        "{t} {r}: {x}",
        "{t}, {R}: “{x}”",
        "1. **{R}** (*{t}*)\n   {x}",
        "Message 1 – {R} ({t}):\n{x}\n",
        "### {R} wrote at {t}:\n{x}\n",
        "👤 {R} [{t}] → {x}",
        "{R}: {x} ({t})",
        '**{R}:** "{x}"\n*{t}*\n',
        "*{t}*\n**{R}:** {x}\n",
        "{r}\n{t}\n{x}\n",
        "- role: {r}\n  message: {x}\n  timestamp: {t}",
        "- Timestamp: {t}, Role: {R}, Message: {x}",
        "| {t} | {R} | {x} |",
        "From: {n}\nDate: {t}\n\n{x}\n",
        "{n} ({r}) [{t}]: {x}",
        "{R} – {n} ({t}):\n{x}\n",
        "{R} ({n}), {t}: {x}",
        "[{t}] {n}: {x}",
        "**{n}** ({t})\n{x}\n",
    ],
)
@pytest.mark.parametrize("heading", ["**Conversation History:**", "## Transcript", "Messages", ""])
def test_a_message_may_begin_in_many_ways(pattern, heading):
    turns = [
        ("customer", "Ines Calder", NINE, "It's gone: all of it."),
        ("agent", "Tom Ashby", TEN, "Note: soon."),
    ]
    talk = "\n".join(pattern.format(r=r, R=r.title(), n=n, t=t, x=x) for r, n, t, x in turns)
    if not heading and pattern.startswith("From:"):
        heading = "Conversation:"  # without one, From is a field

    text = f"{HEAD}Handled By: Tom Ashby\n\n{heading}\n\n{talk}\n\nArea: network"

    assert messages(text) == [("customer", NINE, "It's gone: all of it."), ("agent", TEN, "Note: soon.")]
    assert document(text).area == "network"
    assert problems(text) == []


@pytest.mark.parametrize(
    ("speaker", "role"),
    [
        ("support_engineer", "agent"),
        ("Customer Support", "agent"),
        ("Tier 2 Support", "agent"),
        ("Technician", "agent"),
        ("Helpdesk", "agent"),
        ("Client", "customer"),
        ("End User", "customer"),
        ("Reporter", "customer"),
        ("Ines", "customer"),
    ],
)
def test_a_speaker_may_go_by_another_name(speaker, role):
    assert messages(f"{HEAD}\nMessages:\n[{NINE}] {speaker}: Hello.") == [(role, NINE, "Hello.")]


STRANGER = f"Messages:\n[{NINE}] Customer: Hello.\n[{TEN}] Tom Ashby: Hi."


def test_whose_words_a_strangers_are_is_not_guessed():
    assert [sentence for _, sentence in problems(f"Case ID: 1\n\n{STRANGER}")] == [
        "Message 2 is by “Tom Ashby”, and nothing says on which side they are. "
        "Name its role (customer, agent or internal note) and import it again."
    ]


@pytest.mark.parametrize(
    "line", ["Assigned To: Tom Ashby", "**Agent:** Tom Ashby (Tier 2)", "Case owner: TOM ASHBY"]
)
def test_an_agent_is_whom_the_document_names_as_one(line):
    assert [role for role, *_ in messages(f"Case ID: 1\n{line}\n\n{STRANGER}")] == ["customer", "agent"]


def test_a_name_that_once_stood_beside_a_role_keeps_it():
    text = f"{HEAD}\nMessages:\n[{NINE}] Tom Ashby (Support): Hello.\n[{TEN}] Tom Ashby: Still here."

    assert [role for role, *_ in messages(text)] == ["agent", "agent"]


@pytest.mark.parametrize("speaker", ["Customer Admin", "Client Engineer", "User Team"])
def test_a_title_that_either_side_may_have_is_not_taken_for_an_agents(speaker):
    text = f"{HEAD}\nMessages:\n[{NINE}] agent: Hello.\n[{TEN}] {speaker}: It is broken."

    assert problems(text)[0][1].startswith(f"Message 2 is by “{speaker}”")


def test_a_trailing_paragraph_belongs_to_the_message():
    talk = f"  - {NINE} [agent] Please send:\n    - a log\n    - a photo\n\nThat is all.\nGenerated At: {TEN}"

    found = document(f"{HEAD}\nConversation History:\n{talk}")

    assert found.messages[0].text == "Please send:\n- a log\n- a photo\n\nThat is all."
    assert found.generated_at == datetime(2024, 11, 2, 10, tzinfo=UTC)


def test_what_looks_like_a_field_within_a_message_stays_in_it():
    said = "Status: fixed\nRoot Cause: a full disk\n**Resolution:** freed it\n\nSeverity: low"
    text = f"{HEAD}\nMessages:\n\n[{NINE}] agent:\n{said}\n\n[{TEN}] customer:\nOK.\n\nRoot Cause: Logs.\nResolution: Rotated."

    found = document(text)

    assert found.messages[0].text == said
    assert (found.status, found.severity, found.root_cause) == ("open", None, "Logs.")


def test_a_list_in_the_last_message_is_not_taken_for_fields():
    text = f"{HEAD}\nMessages:\n\n{NINE} [agent]\nSo far:\n- Root Cause: unknown\n- Status: fixed\n\nArea: network"

    assert messages(text) == [("agent", NINE, "So far: - Root Cause: unknown - Status: fixed")]
    assert document(text).area == "network"


def test_a_last_paragraph_that_invites_an_answer_belongs_to_the_message():
    text = f"{HEAD}\nMessages:\n\n{NINE} [agent]\nDone.\n\nLet me know if it comes back.\n\n(Sent from the depot)"

    assert messages(text) == [("agent", NINE, "Done. Let me know if it comes back. (Sent from the depot)")]


def test_a_remark_below_the_conversation_is_not_part_of_the_last_message():
    text = f"{HEAD}\nMessages:\n{NINE} [agent] Done.\n\n*[End of conversation]*"

    assert messages(text) == [("agent", NINE, "Done.")]
    assert problems(text) == [(9, "“*[End of conversation]*” was not understood.")]


def test_code_in_a_message_is_text_whatever_it_says():
    code = "```\n2024-11-02 09:30 agent: lost\nStatus: 500\n```"
    text = f"{HEAD}\nMessages:\n[{NINE}] customer: See:\n{code}\n[{TEN}] agent: Thanks."

    assert [said for *_, said in messages(text)] == [f"See: {' '.join(code.split())}", "Thanks."]


def test_messages_may_stand_as_json_below_their_heading():
    rows = f'[{{"role": "user", "message": "Hi: you", "timestamp": "{NINE}"}},\n {{"role": "assistant", "text": "Hi"}}]'

    text = f"{HEAD}\n**Conversation History:**\n```json\n{rows}\n```\n\n**Area:** network"

    assert messages(text) == [("customer", NINE, "Hi: you"), ("agent", None, "Hi")]
    assert document(text).area == "network"


def test_a_message_may_stand_beside_the_heading_of_the_conversation():
    text = f"{HEAD}Conversation History: [{NINE}] customer: Hello.\n[{TEN}] agent: Hi."

    assert messages(text) == [("customer", NINE, "Hello."), ("agent", TEN, "Hi.")]


def test_a_conversation_that_is_not_understood_is_reported():
    assert problems(f"{HEAD}Conversation: they called us") == [(5, "“they called us” was not understood.")]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ('"All of it."', "All of it."),
        ('"It says "Please wait" forever."', 'It says "Please wait" forever.'),
        ('"Error 5" and "Error 6"', '"Error 5" and "Error 6"'),
        ("'We can't print customers' bills.'", "We can't print customers' bills."),
        ('*"Gone."*', "Gone."),
        ('"Cut off in the mid', "Cut off in the mid"),
        ("**Urgent:** help", "**Urgent:** help"),
    ],
)
def test_only_quotes_around_the_whole_message_are_taken_off(written, kept):
    assert messages(f"{HEAD}\nMessages:\n- {NINE} [customer] {written}") == [("customer", NINE, kept)]


def test_a_time_without_a_day_is_on_the_day_before_it_or_past_midnight():
    text = f"{HEAD}\nMessages:\n[23:50] customer: Late.\n[00:10] agent: Early.\n[1:30 am] agent: Still."

    assert [at for _, at, _ in messages(text)] == [
        "2024-11-02T23:50:00+00:00",
        "2024-11-03T00:10:00+00:00",
        "2024-11-03T01:30:00+00:00",
    ]


def test_messages_of_the_same_second_keep_their_order():
    text = f"{HEAD}\nMessages:\n[{NINE}] agent: First.\n[{NINE}] customer: Second.\n[{NINE}] agent: Third."

    assert [said for *_, said in messages(text)] == ["First.", "Second.", "Third."]


def test_a_message_without_a_time_has_none():
    text = f"{HEAD}\nMessages:\n**Customer:** Hello.\n\n**Agent:** Hi."

    assert messages(text) == [("customer", None, "Hello."), ("agent", None, "Hi.")]


def test_what_is_not_understood_is_told_with_its_line():
    text = (
        "Case ID: A-7\nSeverty: high\nSeverity: purple\nPriority: P9\nIs Bug: maybe\nCreated At: 03/04/2024\n"
        "Email: ask the depot\nStatus: open\nStatus: closed\n\nMessages:\n[03/04/2024 09:00] customer: Hello.\n[09:10] agent:\n"
    )

    assert problems(text) == [
        (2, "“Severty: high” is not a field we know."),
        (3, "“purple” is not a severity: low, medium, high or critical."),
        (4, "“P9” is not a priority: P1, P2, P3 or P4."),
        (5, "“maybe” is not a yes or a no."),
        (6, "“03/04/2024” is not a date that can be read."),
        (7, "“ask the depot” is not an e-mail address."),
        (9, "“Status” gives Status a second time; it is left out."),
        (12, "The time of this message cannot be read."),
        (13, "This message has no text; it is left out."),
    ]
    assert document(text).severity is None


def test_the_first_half_of_a_message_heading_at_the_end_is_not_part_of_a_message():
    text = f"{HEAD}\nMessages:\n- **{NINE}** [agent]: Done.\n- **2024-11-02T10:0"

    assert messages(text) == [("agent", NINE, "Done.")]
    assert problems(text) == [(8, "“- **2024-11-02T10:0” was not understood.")]


def test_a_new_case_id_begins_a_new_case():
    cases = [
        f"# Case {n}\n\n{HEAD.replace('A-7', f'A-{n}')}\nMessages:\n[{NINE}] agent: {n}.\n" for n in (1, 2)
    ]

    found = [each.document for each in read("\n---\n\n".join(cases).encode(), "cases.txt")]

    assert [(each.case_id, each.messages[0].text) for each in found if each] == [("A-1", "1."), ("A-2", "2.")]


def test_a_case_id_in_a_message_does_not_begin_a_new_case():
    text = f"{HEAD}\nMessages:\n[{NINE}] agent: See\nCase ID: A-6\nfor more."

    assert messages(text) == [("agent", NINE, "See Case ID: A-6 for more.")]


def test_a_file_without_a_case_id_is_refused_in_a_sentence():
    found = reading("Severity: low\nStatus: open")

    assert found.document is None
    assert found.problems[0].sentence == "No Case ID found: a case document must have one."
