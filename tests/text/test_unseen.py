import pytest

from cases.text.unseen import shows_nothing
from tests.factories import CaseFactory

NOTHING = [
    "\u200b\u200d",
    "\u3164",
    "\u2800 \u2800",
    "\u202e\u202c",
    "\ufe0f",
    "\u00a0\u3000",
    "\u115f\u1160",
    "\ufeff",
]


@pytest.mark.parametrize("text", NOTHING)
def test_shows_nothing(text):
    assert shows_nothing(text)


@pytest.mark.parametrize("text", ["a", "…", "👍🏽", "\u200fשלום", "+1", "⠁"])
def test_shows_something(text):
    assert not shows_nothing(text)


@pytest.mark.parametrize("text", NOTHING)
def test_nobody_sends_what_shows_nothing(text, browser_of, cleo, till):
    case = CaseFactory(customer=cleo, system=till)
    answer = browser_of(cleo).post(f"/cases/{case.number}/replies/", {"body": text})
    assert answer.status_code == 422
    report = browser_of(cleo).post("/cases/new/", {"summary": text, "body": "It hangs.", "system": till.pk})
    assert report.status_code == 422
