"""What is written reads back as the same document, whatever the messages say."""

from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.transcripts import Document, Message, read, to_json, to_text, to_yaml
from cases.transcripts.values import address, nothing, tidy, unsettled

NASTY_LINES = [
    "Severity: low",
    "**Status:** Closed",
    "### Resolution",
    "Case ID: 999",
    "[2025-01-02T03:04:05+00:00] agent: |",
    "- 2025-01-02 03:04 [customer] hello",
    "customer: hello",
    "[internal] hello",
    "Private note by Ada: hello",
    "Visibility: internal",
    "- one",
    "1. two",
    "> quoted",
    '"quoted"',
    "“quoted” and “quoted”",
    "*starred*",
    "---",
    "```",
    "```json",
    '{"case_id": "1"}',
    "| a | b |",
    "|",
    "key: |",
    "    indented",
    "\ttab",
    "",
    "   ",
    "N/A",
    "null",
    "\\",
    "Generated At: 2025-01-02T03:04:05Z",
    "End of conversation",
    "\u200bzero\u200bwidth",
    "日本語 – naïve 👩‍💻\u2028x\u0085y\u00a0z",
]

lines = st.one_of(st.sampled_from(NASTY_LINES), st.text(max_size=30))
texts = st.lists(lines, min_size=1, max_size=6).map("\n".join).map(tidy).filter(bool)
values = texts.filter(lambda text: not unsettled(text))
moments = st.datetimes(timezones=st.just(UTC))
documents = st.builds(
    Document,
    case_id=st.from_regex(r"[A-Za-z#][A-Za-z0-9-]{0,35}", fullmatch=True).filter(
        lambda text: not nothing(text)
    ),
    created_at=st.none() | moments,
    system_description=st.none() | values,
    issue_summary=st.none() | values,
    severity=st.sampled_from([None, "low", "medium", "high", "critical"]),
    priority=st.sampled_from([None, "P1", "P2", "P3", "P4"]),
    status=st.sampled_from([None, "open", "investigating", "resolved", "closed"]),
    customer_name=st.none() | values.filter(lambda text: not address(text)),
    contact_email=st.none() | st.emails(),
    messages=st.lists(
        st.builds(
            lambda side, **said: Message(*side[:1], internal=side[1], **said),
            side=st.sampled_from(
                [("customer", False), ("customer", True), ("agent", False), ("agent", True), ("system", True)]
            ),
            at=st.none() | moments,
            text=texts,
        ),
        max_size=4,
    ).map(tuple),
    resolved_at=st.none() | moments,
    resolution=st.none() | values,
    area=st.sampled_from([None, "backend", "frontend", "database", "network", "other"]),
    is_bug=st.sampled_from([None, True, False]),
    root_cause=st.none() | values,
    generated_at=st.none() | moments,
)


@pytest.mark.parametrize(("write", "ending"), [(to_json, "json"), (to_yaml, "yaml"), (to_text, "txt")])
@given(document=documents)
def test_what_is_written_reads_back_the_same(write, ending, document):
    (reading,) = read(write(document).encode(), f"case.{ending}")

    assert reading.document == document
    assert reading.problems == ()
