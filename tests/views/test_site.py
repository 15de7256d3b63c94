import gzip
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.actions import attachments, promises
from tests.factories import upload

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


def test_an_address_that_takes_forms_alone_says_so_to_whoever_looks(ada, case, browser_of):
    response = browser_of(ada).get(reverse("desk_replies", args=[case.number]))
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert "This address only accepts forms. Go back to the form, or to the home page." in response.text


def test_head_is_answered_as_get_is_without_the_page(ada, case, browser_of):
    browser, address = browser_of(ada), reverse("desk_case", args=[case.number])
    looked, asked = browser.get(address), browser.head(address)
    assert asked.status_code == 200
    assert asked["Content-Type"] == looked["Content-Type"]
    assert asked.content == b""


def test_pages_leave_small_and_files_as_they_are(ada, case):
    browser, small = Client(), {"Accept-Encoding": "gzip"}
    browser.force_login(ada)
    page = browser.get(reverse("desk_case", args=[case.number]), headers=small)
    assert page["Content-Encoding"] == "gzip"
    assert case.summary in gzip.decompress(page.content).decode()
    file = attachments.receive(upload(content=b"words " * 200), by=ada)
    assert "Content-Encoding" not in browser.get(reverse("attachment", args=[file.key]), headers=small)


def test_a_first_page_names_the_zone_of_its_times_until_the_browser_tells_its_own(
    case, ada, cleo, browser_of
):
    promises.promise(case, by=ada, due_at=timezone.now() + timedelta(minutes=1))
    browser = browser_of(cleo)
    by = r"Next update by <time [^>]*>[^<]*\d\d:\d\d"
    assert re.search(rf"{by} UTC</time>", browser.get(f"/cases/{case.number}/").text)
    for zone in ("UTC", "Asia/Tokyo"):
        browser.cookies["tz"] = zone
        assert re.search(rf"{by}</time>", browser.get(f"/cases/{case.number}/").text)
    browser.cookies["tz"] = "Nowhere/Land"
    assert re.search(rf"{by} UTC</time>", browser.get(f"/cases/{case.number}/").text)


def test_a_device_keeps_the_page_without_a_network_anew_when_the_portal_has_another_name(visitor, brand_is):
    workers = []
    for name in ("Acme", 'Acme "${1}"'):
        brand_is(name=name)
        workers.append(visitor.get(reverse("worker")).content.decode())
    assert 'const CACHE = ["offline", "Acme", ...KEPT]' in workers[0]
    assert r'const CACHE = ["offline", "Acme \u0022${1}\u0022", ...KEPT]' in workers[1]
