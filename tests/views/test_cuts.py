"""What a page does not hold is said to be more."""

import pytest

from cases.actions import invitations
from cases.forms import queue
from cases.models import Guest
from cases.views.customer import cases, organisation
from tests.factories import CaseFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_a_list_of_claims_says_that_more_follow(till, browser_of, monkeypatch):
    monkeypatch.setattr(cases, "MOST_CLAIMS", 2)
    owner = UserFactory(name="Oda", verified=True)
    for number in (1, 2, 3):
        page = browser_of(owner).get("/cases/").text
        assert "of more" not in page
        CaseFactory(
            customer=None, by=Guest(), claimed_email=owner.email, summary=f"Claim {number}", system=till
        )
    page = browser_of(owner).get("/cases/").text
    assert "These are 2 of more." in page
    assert sum(f"Claim {number}" in page for number in (1, 2, 3)) == 2


def test_a_list_of_invitations_says_that_there_are_more(mona, browser_of, monkeypatch):
    monkeypatch.setattr(organisation, "MOST_PENDING", 1)
    for name in ("eva", "ida"):
        assert "of more" not in browser_of(mona).get("/organisation/").text
        invitations.invite(f"{name}@example.com", by=mona, organisation=mona.organisation)
    assert "These are 1 of more." in browser_of(mona).get("/organisation/").text


def test_a_menu_of_colleagues_says_where_all_of_them_are(mona, cleo, carl, browser_of, monkeypatch):
    assert "Not all of your colleagues fit in the menu." not in browser_of(mona).get("/cases/").text
    monkeypatch.setattr(queue, "MOST_COLLEAGUES", 1)
    assert "Not all of your colleagues fit in the menu." in browser_of(mona).get("/cases/").text
