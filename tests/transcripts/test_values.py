"""Times and single values."""

import pytest

from cases.transcripts.times import find
from cases.transcripts.values import choice, truth


@pytest.mark.parametrize(
    "text",
    [
        "2025-05-06T06:10:03+00:00",
        "2025-05-06T06:10:03Z",
        "2025-05-06 06:10:03",
        "2025-05-06T06:10:03.000000+00:00.",
        "2025-05-06T08:10:03+02:00",
        "2025-05-05 23:10:03 -0700",
        "2025-05-06 06:10:03 UTC",
        "2025/05/06 06:10:03 (GMT)",
        "20250506T061003Z",
        "May 6, 2025 6:10:03 AM",
        "Tuesday, May 6th, 2025 at 06:10:03 UTC",
        "Tue, 06 May 2025 06:10:03 +0000",
        "6 May 2025, 06:10:03",
        "6:10:03 AM on May 6, 2025",
        "2025-05-06 1:10:03 AM EST",
        "about 2025-05-06 06:10:03Z (estimated)",
        "1746511803",
        "1746511803000",
    ],
)
def test_a_moment_may_be_written_in_many_ways(text):
    assert find(text).moment().isoformat() == "2025-05-06T06:10:03+00:00"


@pytest.mark.parametrize(
    ("text", "day"),
    [("25/12/2025", "2025-12-25"), ("12/25/2025", "2025-12-25"), ("07/07/2025", "2025-07-07")],
)
def test_a_date_with_slashes_is_read_when_it_can_mean_only_one_day(text, day):
    assert find(text).moment().date().isoformat() == day


@pytest.mark.parametrize(
    "text", ["06/05/2025", "2025-13-45", "2025-05-06T25:61", "0001-01-01T00:00:00+14:00"]
)
def test_a_moment_that_cannot_be_known_is_none(text):
    assert find(text).moment() is None


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("severity", "Critical (system down)", "critical"),
        ("severity", "SEV-1", "critical"),
        ("severity", "Moderate", "medium"),
        ("severity", "highly unusual", None),
        ("priority", "P1 - Urgent", "P1"),
        ("priority", "Priority 1", "P1"),
        ("priority", "3", "P3"),
        ("priority", "Low", "P4"),
        ("status", "In progress", "investigating"),
        ("status", "Pending", "investigating"),
        ("status", "under_investigation", "investigating"),
        ("status", "Not yet resolved", "open"),
        ("status", "Unresolved", "open"),
        ("status", "Fixed", "resolved"),
        ("status", "Closed (Resolved)", "closed"),
        ("area", "API layer (Back-end)", "backend"),
        ("area", "UI", "frontend"),
        ("area", "DNS", "network"),
    ],
)
def test_a_choice_is_found_among_other_words(field, text, value):
    assert choice(field, text) == value


@pytest.mark.parametrize("text", ["True", "yes", "Y", "1", "bug", "Yes – confirmed", "Software bug", "✅"])
def test_yes_may_be_said_in_many_ways(text):
    assert truth(text) is True


@pytest.mark.parametrize(
    "text", ["False", "no", "N", "0", "Not a bug", "No (user error)", "works as designed", "❌"]
)
def test_no_may_be_said_in_many_ways(text):
    assert truth(text) is False
