"""Who reads and writes, as the page shows it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.actions import drafts
from cases.live import readers
from cases.live.readers import Readers, write
from cases.models import Draft
from cases.models.draft import SILENCE
from tests.factories import CaseFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    monkeypatch.setattr(readers, "GATHERING", 0.02)


@pytest.fixture
def shown(case, abe, browser_of):
    """What Abe's page is told of the others."""
    return lambda: browser_of(abe).get(reverse("desk_people", args=[case.number])).text


class TestTheFragment:
    @pytest.fixture(autouse=True)
    def _ada_reads(self, case, ada):
        write(Readers(None).process, {(case.number, ada.pk)}, set())

    def test_says_who_writes_what(self, case, ada, shown):
        assert "Ada is reading" in shown()
        draft = drafts.keep(case, by=ada, kind="note", fields={"body": "Hm"}, seen=0)
        assert "Ada is writing a note" in shown()
        drafts.keep(case, by=ada, kind="reply", fields={"body": "Dear"}, seen=0)
        assert "Ada is replying" in shown()
        Draft.objects.exclude(pk=draft.pk).delete()
        Draft.objects.update(at=timezone.now() - SILENCE)
        assert "Ada is reading" in shown()

    def test_is_asked_for_again_only_while_somebody_writes(self, case, ada, shown):
        assert "data-passes" not in shown()
        drafts.keep(case, by=ada, kind="reply", fields={"body": "Dear"}, seen=0)
        assert "data-passes" in shown()

    def test_says_nothing_of_oneself_nor_of_other_cases(self, case, ada, browser_of, shown):
        url = reverse("desk_people", args=[case.number])
        assert "Ada" not in browser_of(ada).get(url).text
        other = CaseFactory()
        assert "Ada" not in browser_of(ada).get(reverse("desk_people", args=[other.number])).text

    def test_names_four_and_counts_the_rest(self, case, adam, shown):
        from tests.factories import UserFactory

        people = [UserFactory(name=f"Agent {n}", role="agent") for n in range(5)]
        write(Readers(None).process, {(case.number, agent.pk) for agent in people}, set())
        text = shown()
        assert "Agent 2 is reading" in text
        assert "Agent 3" not in text
        assert "and 2 more" in text

    def test_costs_few_queries(self, case, abe, browser_of, django_assert_num_queries):
        browser = browser_of(abe)
        with django_assert_num_queries(5):
            browser.get(reverse("desk_people", args=[case.number]))
