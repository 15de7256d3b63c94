"""A second factor that a role requires."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone

from cases.actions import accounts
from cases.live import stream
from cases.live.stream import granted_topics
from cases.models import AuditEntry, User

from .conftest import subjects

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _same_connection(monkeypatch):
    """The stream would close the one in which the test's transaction runs."""
    monkeypatch.setattr(stream, "close_old_connections", lambda: None)


@pytest.fixture
def boss(adam, proven):
    """An administrator, who has none."""
    return proven(adam).signs_in()


def long_ago(person, days=15):
    User.objects.filter(pk=person.user.pk).update(role_since=timezone.now() - timedelta(days=days))


def stream_of(person):
    cookie = f"sessionid={person.browser.cookies['sessionid'].value}"
    return {
        "query_string": b"on=queue",
        "headers": [(b"cookie", cookie.encode())],
        "client": ("127.0.0.1", 1),
    }


class TestWithin:
    def test_the_time_a_line_says_until_when(self, boss):
        page = boss.get("queue")
        assert page.status_code == 200
        assert "Your role will require a second factor" in page.text
        assert granted_topics(stream_of(boss))

    def test_the_time_others_are_told_nothing(self, ada, proven):
        assert "second factor" not in proven(ada).signs_in().get("queue").text


class TestAfterwards:
    @pytest.fixture(autouse=True)
    def is_over(self, boss):
        long_ago(boss)

    @pytest.mark.parametrize(
        "path",
        ["/", "/desk/", "/desk/search/", "/admin/", "/admin/cases/user/", "/accounts/email/", "/cases/"],
    )
    def test_every_page_leads_to_the_one_that_sets_it_up(self, boss, path):
        for method in (boss.browser.get, boss.browser.post):
            answer = method(path)
            assert (answer.status_code, answer.url) == (302, reverse("mfa_index")), path
            assert method(path, headers={"hx-request": "true"}).status_code == 403
        assert "Your role requires a second factor" in boss.get("mfa_index").text

    def test_no_file_and_no_stream_is_theirs(self, boss, case):
        assert boss.get("case", case.number).url == reverse("mfa_index")
        assert granted_topics(stream_of(boss)) == frozenset()

    def test_they_set_it_up_and_go_on(self, boss):
        boss.sets_up_the_app()
        assert boss.get("queue").status_code == 200
        assert boss.get("admin:index").status_code == 200

    def test_recovery_codes_alone_are_none(self, boss):
        boss.sets_up_the_app()
        Authenticator.objects.get(type="totp").delete()
        assert boss.get("queue").status_code == 302

    def test_a_role_given_anew_begins_its_time_anew(self, boss):
        boss.user.role = User.Role.AGENT
        boss.user.save()
        boss.user.role = User.Role.ADMINISTRATOR
        boss.user.save()
        assert boss.get("queue").status_code == 200

    def test_other_roles_need_one_where_it_is_set(self, ada, proven, settings):
        agent = proven(ada).signs_in()
        long_ago(agent)
        assert agent.get("queue").status_code == 200
        settings.SECOND_FACTOR_ROLES = {"agent"}
        assert agent.get("queue").status_code == 302


class TestALostOne:
    @pytest.fixture
    def lost(self, cleo, proven):
        return proven(cleo).signs_in().sets_up_the_app()

    def test_is_removed_by_an_administrator_after_a_proof(self, lost, boss):
        page = reverse("second_factor", args=[lost.user.pk])
        assert "signed out everywhere" in boss.browser.get(page).text
        boss.browser.post(page)
        assert not Authenticator.objects.exists()
        assert not lost.is_in
        assert "Your second factor was removed" in subjects(lost.user.email)
        entry = AuditEntry.objects.get(kind="factor_removed")
        assert (entry.by, entry.about) == (boss.user, lost.user)
        assert lost.at_another_browser().signs_in().is_in
        assert boss.browser.post(page).status_code == 404

    def test_is_removed_by_no_session_alone(self, lost, adam, browser_of):
        answer = browser_of(adam).post(reverse("second_factor", args=[lost.user.pk]))
        assert "/reauthenticate/" in answer.url
        assert Authenticator.objects.exists()

    def test_that_nobody_has_is_removed_without_a_word(self, cleo, adam):
        assert not accounts.remove_second_factor(cleo, by=adam)
        assert not AuditEntry.objects.filter(kind="factor_removed").exists()
