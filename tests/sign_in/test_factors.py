"""The second factor: set up, asked for on every way in, lost and found."""

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from cases.models import AuditEntry

from .conftest import PASSWORD, Person, code_of, letters, subjects

pytestmark = pytest.mark.django_db

MORE_THAN_RECENT = 16 * 60


@pytest.fixture
def eva(cleo, proven) -> Person:
    """Signed in by code, with an app."""
    return proven(cleo, PASSWORD).signs_in().sets_up_the_app()


class TestTheApp:
    def test_is_set_up_with_recovery_codes(self, eva):
        page = eva.get("mfa_view_recovery_codes")
        codes = page.context["unused_codes"]
        assert len(codes) == 10
        assert all(code in page.text for code in codes)

    def test_is_told_by_mail(self, eva, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            eva.post("mfa_deactivate_totp")
            eva.sets_up_the_app()
        assert "An authenticator app was set up" in subjects(eva.user.email)

    @pytest.mark.parametrize("way", ["code", "password"])
    def test_is_asked_for_on_every_way_in(self, eva, way):
        other = eva.at_another_browser()
        other.secret = eva.secret
        if way == "code":
            other.signs_in()
        else:
            other.answer = other.post("account_login", {"login": eva.user.email, "password": PASSWORD})
        assert other.answer.url == reverse("mfa_authenticate")
        assert not other.is_in
        other.types_app_code()
        assert other.is_in

    def test_lets_nobody_in_with_a_wrong_code_and_speaks_of_the_clock(self, eva):
        other = eva.at_another_browser().signs_in()
        answer = other.types_app_code("000000")
        assert "let your phone set its clock by itself" in answer.text
        assert not other.is_in

    def test_takes_a_clock_that_is_a_little_off_and_none_that_is_far_off(self, eva):
        for late, within in ((300, False), (30, True)):
            other = eva.at_another_browser().signs_in()
            other.types_app_code(eva.shown(late))
            assert other.is_in == within

    def test_lies_under_seal(self, eva):
        assert eva.secret not in str(list(Authenticator.objects.values_list("data", flat=True)))

    def test_works_no_more_once_the_portals_key_is_another(self, eva, settings):
        settings.SECRET_KEY = "another key, without the one before"
        other = Person(eva.user).signs_in()
        answer = other.types_app_code(eva.shown())
        assert "This code is not right" in answer.text
        assert not other.is_in

    def test_is_replaced_by_a_recovery_code_once(self, eva):
        code = eva.get("mfa_view_recovery_codes").context["unused_codes"][0]
        for within in (True, False):
            other = eva.at_another_browser().signs_in()
            other.types_app_code(code)
            assert other.is_in == within

    def test_is_removed_after_a_proof_and_told_by_mail(self, eva):
        eva.post("mfa_deactivate_totp")
        assert not Authenticator.objects.exists()
        assert "The authenticator app was removed" in subjects(eva.user.email)

    @pytest.mark.parametrize("junk", ["", "x" * 5000, "\0", "٣٤٥٦٧٨", "💥"])
    def test_takes_junk_for_a_wrong_code(self, eva, junk):
        other = eva.at_another_browser().signs_in()
        assert other.types_app_code(junk or " ").status_code == 200
        assert not other.is_in


class TestAPasskey:
    @pytest.mark.parametrize(
        "junk", ["", "{", "[]", "{}", '"x"', '{"id":"x","rawId":"x"}', "null", '{"a":"\\u0000"}']
    )
    def test_that_is_none_is_a_sentence(self, eva, junk):
        other = Person(eva.user)
        other.get("mfa_login_webauthn", headers={"accept": "application/json"})
        answer = other.post("mfa_login_webauthn", {"credential": junk}, follow=True)
        assert answer.status_code == 200
        assert not other.is_in
        eva.get("mfa_add_webauthn")
        assert eva.post("mfa_add_webauthn", {"credential": junk, "name": "\0"}).status_code == 200
        other.signs_in()
        assert other.post("mfa_authenticate", {"credential": junk}).status_code == 200
        assert not other.is_in

    def test_that_does_not_work_stands_in_the_audit_log(self, eva):
        other = Person(eva.user)
        other.get("mfa_login_webauthn", headers={"accept": "application/json"})
        other.post("mfa_login_webauthn", {"credential": "{}"})
        other.signs_in()
        other.post("mfa_authenticate", {"credential": "{}"})
        tried = (
            AuditEntry.objects.filter(kind="sign_in_failed").values_list("details", flat=True).order_by("pk")
        )
        assert list(tried) == [
            {"how": "a passkey", "tried": ""},
            {"how": "a passkey", "tried": eva.user.email},
        ]


SENSITIVE = {
    "mfa_activate_totp": {},
    "mfa_add_webauthn": {},
    "mfa_generate_recovery_codes": {},
    "account_set_password": {"password1": PASSWORD, "password2": PASSWORD},
    "account_change_password": {"password1": PASSWORD, "password2": PASSWORD},
    "account_email": {"action_add": "", "email": "mallory@example.org"},
}


class TestASessionAlone:
    """Somebody else's, at a browser that was left open."""

    @pytest.mark.parametrize("name", SENSITIVE)
    def test_changes_nothing_of_how_one_signs_in(self, cleo, proven, name):
        eva = proven(cleo, PASSWORD if name == "account_change_password" else None).signs_in()
        eva.waits(MORE_THAN_RECENT)
        before = cleo.password, len(letters("mallory@example.org"))
        answer = eva.post(name, SENSITIVE[name])
        if answer.url == reverse(name):  # a password is not kept while they prove that it is them
            answer = eva.get(name)
        assert "/reauthenticate/" in answer.url
        cleo.refresh_from_db()
        assert (
            cleo.password,
            len(letters("mallory@example.org")),
        ) == before or name == "account_change_password"
        assert not Authenticator.objects.exists()

    def test_is_proved_by_a_mailed_code_where_there_is_no_password(self, cleo, proven):
        eva = proven(cleo).signs_in()
        eva.waits(MORE_THAN_RECENT)
        answer = eva.get("mfa_activate_totp")
        assert answer.url.startswith(reverse("account_reauthenticate_by_code"))
        eva.browser.post(answer.url, {"action": "mail"})
        assert eva.browser.post(answer.url, {"code": "guess"}).status_code == 200
        assert eva.get("mfa_activate_totp").status_code == 302
        answer = eva.browser.post(answer.url, {"code": code_of(cleo.email)})
        assert answer.url == reverse("mfa_activate_totp")
        assert eva.get("mfa_activate_totp").status_code == 200

    def test_is_told_when_a_code_was_guessed_too_often(self, cleo, proven):
        eva = proven(cleo).signs_in()
        eva.waits(MORE_THAN_RECENT)
        eva.post("account_reauthenticate_by_code", {"action": "mail"})
        code = code_of(cleo.email)
        for _ in range(3):
            answer = eva.post("account_reauthenticate_by_code", {"code": "guess"})
        assert "Too many attempts with this code" in answer.text
        eva.post("account_reauthenticate_by_code", {"code": code})
        assert eva.get("mfa_activate_totp").status_code == 302

    def test_is_proved_by_nothing_less_than_the_second_factor(self, eva):
        eva.waits(MORE_THAN_RECENT)
        for name, form in (
            ("account_reauthenticate", {"password": PASSWORD}),
            ("account_reauthenticate_by_code", {"action": "mail"}),
        ):
            assert eva.post(name, form).url.startswith(reverse("mfa_reauthenticate"))
        assert eva.get("mfa_deactivate_totp").url.startswith(reverse("mfa_reauthenticate"))
        eva.post("mfa_reauthenticate", {"code": eva.get("mfa_deactivate_totp") and eva.shown(-30)})
        assert eva.get("mfa_deactivate_totp").status_code == 200

    def test_keeps_what_was_typed_while_it_is_proved(self, cleo, proven):
        eva = proven(cleo, PASSWORD).signs_in()
        eva.waits(MORE_THAN_RECENT)
        answer = eva.post("account_email", {"action_add": "", "email": "new@example.com"})
        eva.browser.post(answer.url, {"password": PASSWORD})
        assert code_of("new@example.com")


class TestAdministration:
    def test_is_entered_through_the_second_factor(self, adam, proven):
        boss = proven(adam, PASSWORD).signs_in().sets_up_the_app()
        other = boss.at_another_browser()
        other.secret = boss.secret
        answer = other.get("admin:login")
        assert answer.url.startswith(reverse("account_login"))
        other.post("admin:login", {"username": adam.email, "password": PASSWORD})
        assert other.get("admin:index").status_code == 302
        other.signs_in(then="/admin/")
        assert other.get("admin:index").status_code == 302
        assert other.types_app_code().url == "/admin/"
        assert other.get("admin:index").status_code == 200

    def test_lets_no_administrator_in_as_another_without_theirs(self, adam, proven, browser_of):
        from tests.factories import UserFactory

        boss = proven(adam, PASSWORD).signs_in().sets_up_the_app()
        other = UserFactory(name="Olga", role="administrator")
        browser = browser_of(other)
        browser.post(reverse("admin:login"), {"username": boss.user.email, "password": PASSWORD})
        assert browser.session["_auth_user_id"] == str(other.pk)

    def test_shows_nobody_the_secrets(self, adam, browser_of):
        assert browser_of(adam).get("/admin/mfa/authenticator/").status_code == 404
