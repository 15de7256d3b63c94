"""A page with nothing on it says what it is for to whoever looks, and offers what they may do."""

import pytest

from cases.models import Limit, User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def said(page):
    return " ".join(page.text.split())


def test_incidents(browser_of, ada, otto):
    for person, sentence, offered in (
        (ada, "When several cases report one outage, open an incident", True),
        (otto, "When agents make one of several cases that report one outage, it stands here.", False),
    ):
        page = said(browser_of(person).get("/desk/incidents/"))
        assert sentence in page
        assert ("New incident" in page) is offered


def test_notices(browser_of, ada):
    page = said(browser_of(ada).get("/desk/notices/"))
    assert (
        "No notices yet. You’ll hear about your cases, new cases in your teams, cases you follow, and notes that @mention you."
        in page
    )
    assert '<a class="button" href="/accounts/notifications/">Choose what you hear about</a>' in page


def test_a_search(browser_of, ada, till):
    limited = UserFactory(role=User.Role.AGENT, limit=Limit.objects.create(name="Tills", systems=[till.pk]))
    for person, sentence in (
        (ada, "No results"),
        (limited, "No results in the cases that you see."),
    ):
        assert sentence in said(browser_of(person).get("/desk/search/", {"q": "quagga"}))


def test_a_customers_cases(browser_of, cleo, mona, mallory):
    for person, sentence in (
        (mallory, "No cases yet."),
        (cleo, "You and your colleagues have no cases yet."),
        (mona, "You and your colleagues have no cases yet."),
    ):
        assert sentence in said(browser_of(person).get("/cases/"))
    assert "None of your cases match." in said(browser_of(mallory).get("/cases/", {"status": "closed"}))
