"""How long somebody is signed in, where, and how that ends."""

import json
import time

import pytest
from django.urls import reverse

from cases.access import SEEN, SIGNED_IN
from cases.live import stream
from cases.live.stream import granted_topics
from cases.models import AuditEntry
from tests.sign_in.test_required import stream_of

from .conftest import letters, subjects

pytestmark = pytest.mark.django_db

HOUR = 3600
LIVE = {"hx-request": "true"}
NEW_DEVICE = "New device signed in"


@pytest.fixture(autouse=True)
def _same_connection(monkeypatch):
    monkeypatch.setattr(stream, "close_old_connections", lambda: None)


@pytest.fixture
def agent(ada, proven):
    return proven(ada).signs_in()


def set_back(person, key, hours):
    session = person.browser.session
    session[key] = time.time() - hours * HOUR
    session.save()


class TestTheEnd:
    @pytest.mark.parametrize(("key", "hours"), [(SIGNED_IN, 12), (SEEN, 3)])
    def test_of_an_agents_session_is_on_pages_ticks_and_streams(self, agent, key, hours):
        set_back(agent, key, hours - 0.1)
        scope = stream_of(agent)
        assert granted_topics(scope)
        assert 0 < scope["left"] <= 0.1 * HOUR
        assert agent.get("queue_live", headers=LIVE).status_code in (200, 204)
        set_back(agent, key, hours + 0.1)
        assert granted_topics(stream_of(agent)) == frozenset()
        assert agent.get("queue_live", headers=LIVE).status_code == 401

    def test_leads_back_to_the_page_after_signing_in(self, agent):
        set_back(agent, SEEN, 4)
        answer = agent.browser.get("/desk/search/?q=reader")
        assert answer.url == f"{reverse('account_login')}?next=/desk/search/%3Fq%3Dreader"
        assert agent.signs_in(then="/desk/search/").answer.url == "/desk/search/"
        assert agent.get("queue").status_code == 200

    def test_comes_no_later_by_what_a_page_asks_for_itself(self, agent):
        set_back(agent, SEEN, 2)
        before = agent.browser.session[SEEN]
        granted_topics(stream_of(agent))
        agent.get("queue_live", headers=LIVE)
        agent.get("queue", headers={"sec-fetch-mode": "no-cors"})
        assert agent.browser.session[SEEN] == before
        agent.get("queue")
        assert agent.browser.session[SEEN] > before

    def test_is_not_there_for_customers(self, cleo, proven):
        customer = proven(cleo).signs_in()
        set_back(customer, SIGNED_IN, 24 * 20)
        set_back(customer, SEEN, 24 * 20)
        assert customer.get("cases").status_code == 200

    def test_a_session_from_before_the_upgrade_ends_for_an_agent(self, agent):
        session = agent.browser.session
        del session[SIGNED_IN], session[SEEN]
        session.save()
        assert agent.get("queue").status_code == 302

    def test_deeds_within_minutes_write_nothing(self, agent, django_assert_num_queries):
        with django_assert_num_queries(2):  # the session and the user
            agent.get("mfa_list_webauthn")


class TestDevices:
    @pytest.fixture
    def others(self, agent):
        return [agent.at_another_browser().signs_in() for _ in range(2)]

    def test_are_listed(self, agent, others):
        devices = agent.get("mfa_index").context["devices"]
        assert [device.is_this for device in devices] == [True, False, False]
        assert {device.address for device in devices} == {"127.0.0.1"}

    def test_are_signed_out_one_by_one(self, agent, others):
        first, second = others
        gone = next(one.pk for one in first.get("mfa_index").context["devices"] if one.is_this)
        agent.post("account_device", {}, gone)
        assert [one.is_in for one in (agent, first, second)] == [True, False, True]
        assert granted_topics(stream_of(first)) == frozenset()
        assert AuditEntry.objects.filter(kind="sessions_ended", by=agent.user).exists()

    def test_of_somebody_else_are_left_alone(self, agent, cleo, proven):
        customer = proven(cleo).signs_in()
        [theirs] = customer.get("mfa_index").context["devices"]
        agent.post("account_device", {}, theirs.pk)
        assert customer.is_in

    def test_are_all_signed_out_but_this_one(self, agent, others):
        agent.post("account_other_devices")
        assert [one.is_in for one in (agent, *others)] == [True, False, False]
        assert len(agent.get("mfa_index").context["devices"]) == 1

    def test_are_signed_out_by_no_session_alone(self, agent, others):
        agent.waits(16 * 60)
        assert "/reauthenticate/" in agent.post("account_other_devices").url
        assert others[0].is_in


class TestAnUnknownDevice:
    def test_is_told_by_mail(self, agent):
        assert NEW_DEVICE not in subjects(agent.user.email)  # the first of all
        other = agent.at_another_browser()
        other.browser.defaults["HTTP_USER_AGENT"] = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"
        other.signs_in()
        assert letters(agent.user.email)[-1]["subject"] == NEW_DEVICE
        assert "Firefox on Linux" in letters(agent.user.email)[-1]["body"]

    def test_is_known_from_then_on(self, agent):
        for person in (agent, agent.at_another_browser().signs_in()):
            told = len(letters(agent.user.email))
            person.post("account_logout")
            person.signs_in()
            assert len(letters(agent.user.email)) == told + 1  # the code

    @pytest.mark.parametrize("forged", ["", "junk", json.dumps([1]), "[1]:x:y"])
    def test_is_not_known_by_a_forged_cookie(self, agent, forged):
        other = agent.at_another_browser()
        other.browser.cookies["device"] = forged
        other.signs_in()
        assert subjects(agent.user.email)[-1] == NEW_DEVICE
