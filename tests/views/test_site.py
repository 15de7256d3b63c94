import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_choosing_a_theme_never_leads_to_another_site(visitor, elsewhere):
    assert visitor.post(reverse("theme"), {"theme": "dark", "next": elsewhere}).url == "/"


@pytest.mark.parametrize("odd", ["[]", "queue", "-1", "9" * 400, "'\"><script>"])
def test_an_odd_address_to_go_back_to_is_no_error(visitor, odd):
    assert visitor.post(reverse("theme"), {"theme": "dark", "next": odd}).status_code == 302


def test_a_theme_that_there_is_not_is_left_alone(visitor):
    assert "theme" not in visitor.post(reverse("theme"), {"theme": "pink"}).cookies


@pytest.mark.parametrize("key", [r"\000aaaaaaaaaa", "ä" * 12, "a" * 500, ""])
def test_a_session_cookie_that_we_never_gave_is_none(visitor, key):
    cookie = {"cookie": f'sessionid="{key}"'}
    assert visitor.get(reverse("home"), headers=cookie).status_code == 200
    assert visitor.post(reverse("theme"), {"theme": "dark"}, headers=cookie).status_code == 302


def test_a_name_that_is_not_ours_is_a_bad_request():
    answer = Client(headers={"Host": "evil.example"}).get("/")
    assert answer.status_code == 400


def test_every_page_says_what_no_page_uses():
    for address in ("/", "/accounts/login/", "/nothing/", "/admin/login/"):
        policy = Client().get(address)["Permissions-Policy"]
        assert "camera=(), " in policy
        assert "microphone=(), " in policy
