"""What holds for every answer, and that the guards which docs and mutants name are there."""

import re
import runpy

import pytest
from django.test import Client
from django.urls import reverse

from tests.mutants import ROOT, missing_tests, mutants, places

POLICY = {
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'",
    "connect-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'", "manifest-src 'self'",
}  # fmt: skip


@pytest.mark.parametrize("mutant", mutants(), ids=str)
def test_each_guard_of_the_mutation_run_stands_there_once(mutant):
    assert len(places(mutant)) == 1
    assert not list(missing_tests(mutant.tests))
    assert mutant.becomes != mutant.guard


def test_each_test_that_the_page_of_threats_names_exists():
    page = (ROOT / "docs" / "security.md").read_text()
    rows = [
        line
        for line in page.splitlines()
        if line.startswith("| ") and not line.startswith(("| threat", "| ---"))
    ]
    named = [re.findall("`(tests/[^`]+)`", row.split(" | ")[2]) for row in rows]
    assert len(rows) > 40
    assert all(named)
    assert not [name for names in named for name in missing_tests(" ".join(names))]


@pytest.mark.parametrize(
    "address", ["/", "/cases/new/", "/accounts/login/", "/incidents/", "/nowhere/", "/healthz"]
)
def test_a_page_runs_nothing_but_ours_and_stands_in_no_frame(visitor, address, db):
    answer = visitor.get(address)
    assert set(answer["Content-Security-Policy"].split("; ")) == POLICY
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"


def test_no_cache_between_us_keeps_a_page_of_somebodys(browser_of, cleo, ada, case):
    for browser, name in ((browser_of(cleo), "case"), (browser_of(ada), "desk_case")):
        assert "private" in browser.get(reverse(name, args=[case.number]))["Cache-Control"]


def test_a_browser_that_runs_no_script_keeps_no_page_to_go_back_to(browser_of, cleo, case):
    browser = browser_of(cleo)
    assert "no-store" in browser.get(f"/cases/{case.number}/")["Cache-Control"]
    browser.cookies["tz"] = "Europe/Berlin"  # which a script sets
    assert "no-store" not in browser.get(f"/cases/{case.number}/")["Cache-Control"]


def test_a_form_from_another_site_changes_nothing(case, cleo, ada):
    for person, address in (
        (cleo, f"/cases/{case.number}/replies/"),
        (ada, f"/desk/cases/{case.number}/notes/"),
    ):
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(person)
        for headers in ({}, {"HX-Request": "true"}):
            assert browser.post(address, {"body": "Not by me."}, headers=headers).status_code == 403
    case.refresh_from_db()
    assert not case.events.filter(body="Not by me.").exists()


def settings_with(monkeypatch, **environment):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(ROOT / "portal" / "settings.py"))


def test_with_https_no_cookie_goes_without(monkeypatch):
    secure = settings_with(monkeypatch, CASELINE_URL="https://support.example.com")
    for name in ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS"):
        assert secure[name]
    assert secure["SESSION_COOKIE_HTTPONLY"]
    assert secure["CSRF_COOKIE_HTTPONLY"]
    assert not secure["DEBUG"]


def test_what_is_kept_in_the_folder_is_the_operators(monkeypatch, tmp_path):
    kept = settings_with(monkeypatch, CASELINE_HOME=str(tmp_path / "home"))
    assert (tmp_path / "home" / "secret-key").stat().st_mode & 0o077 == 0
    assert kept["STORAGES"]["attachments"]["OPTIONS"]["file_permissions_mode"] == 0o600
