"""Free text: which lines are fields, and what they say."""

from datetime import UTC, datetime

import pytest

from .free_text import HEAD, document, problems


@pytest.mark.parametrize(
    "line",
    [
        "Severity: High",
        "**Severity:** High  ",
        "**Severity**: **High**",
        "### Severity: High",
        "## Severity\nHigh",
        "**Severity**\n\nHigh",
        "Severity\n--------\nHigh",
        "- Severity: High",
        "* **Severity** – High",
        "3. Severity: High",
        "| Severity | High |",
        "Severity - High",
        "Severity = High",
        "Severity      High",
        "SEVERITY: HIGH",
        "severity: high",
        '"severity": "high",',
        "Severity Level: High (two depots are down)",
        "🔥 Severity: Sev 2",
        "Severity (1-4): 2 - High",
        "Priority: P3 | Severity: High",
        "**Priority:** P3, **Severity:** High",
        "Priority / Severity: P3 / High",
        "\u200bSeverity:\u00a0High",
    ],
)
def test_a_field_may_be_written_in_many_ways(line):
    assert document(f"{HEAD}{line}\nArea: network").severity == "high"


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("Subject: Lost routes", "issue_summary", "Lost routes"),
        ("Component: UI", "area", "frontend"),
        ("Email: ines@tidewater.example", "contact_email", "ines@tidewater.example"),
        ("Contact: Ines (ines@tidewater.example)", "contact_email", "ines@tidewater.example"),
        ("Product: Handhelds", "system_description", "Handhelds"),
        ("Is it a bug?: not a bug", "is_bug", False),
        ("Closed On: 2 Nov 2024", "resolved_at", datetime(2024, 11, 2, tzinfo=UTC)),
        ("RCA: A full disk", "root_cause", "A full disk"),
        ("Fix: Freed the disk", "resolution", "Freed the disk"),
    ],
)
def test_a_field_may_go_by_another_name(line, field, value):
    assert getattr(document(f"{HEAD}{line}"), field) == value


@pytest.mark.parametrize("case_id", ["CASE-1042", "#1042", "1042", "b7e1c9d4-2f60-4a58-8c3e-5d90a1b2c3d4"])
def test_a_case_id_is_kept_as_it_is(case_id):
    assert document(f"**Case ID:** {case_id}").case_id == case_id


def test_a_title_names_the_case_when_nothing_else_does():
    assert document("# Ticket #1042: No receipts\n\nStatus: open").case_id == "#1042"


def test_the_more_telling_of_two_labels_wins():
    assert document(f"Title: Support case\nIssue Summary: Lost routes\n{HEAD}").issue_summary == "Lost routes"


NOTHING = [
    "N/A", "None", "null", "-", "—", "TBD", "Pending", "Unknown", "not applicable", "(not resolved yet)",
    "(Leave out, case still open)", "*Not yet determined*", "Still under investigation by the network team.",
    "Awaiting the customer's reply", "To be determined after further analysis", "N/A – the case is open", "",
]  # fmt: skip


@pytest.mark.parametrize("nothing", NOTHING)
def test_a_placeholder_is_nothing(nothing):
    fields = "\n".join(
        f"{label}: {nothing}" for label in ("Resolved At", "Resolution", "Area", "Is Bug", "Root Cause")
    )

    found = document(f"{HEAD}{fields}\nPriority: P3")

    assert (found.resolved_at, found.resolution, found.area, found.is_bug, found.root_cause) == (None,) * 5
    assert found.priority == "P3"
    assert problems(f"{HEAD}{fields}\nPriority: P3") == []


@pytest.mark.parametrize(
    "real",
    [
        "None of the depots had the new build, so it was sent again.",
        "Pending uploads were dropped by a full disk.",
        "Unknown characters in the address broke the label printer.",
        "Open file handles ran out.",
        "Not a fault: the handheld was switched off.",
        "Closed after further investigation by the network team.",
    ],
)
def test_a_text_that_only_starts_like_a_placeholder_is_kept(real):
    assert document(f"{HEAD}Root Cause: {real}").root_cause == real


def test_a_resolution_may_have_paragraphs_and_lists():
    text = f"{HEAD}Resolution: We did this:\n- new build\n- new key\n\nThen all was well.\n\nArea: network"

    assert document(text).resolution == "We did this:\n- new build\n- new key\n\nThen all was well."
