"""Who may do what, for every URL there is. A URL without a row here fails."""

from contextlib import suppress
from copy import deepcopy
from uuid import UUID

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from cases.actions import attachments, conversation, incoming, requests
from cases.models import Case, Guest, Incident, Macro, ReceivedMail, Request
from tests.factories import CaseFactory, upload

from .matrix import LISTS, MATRIX, NOBODYS, POSTS, ROLES, SIGN_IN, STEPS_OF_ALLAUTH


def named_urls(resolver=None, namespace=""):
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from named_urls(entry, namespace + (f"{entry.namespace}:" if entry.namespace else ""))
        elif isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}"


def site_urls():
    return {name for name in named_urls() if not name.startswith("admin:")}


def unread(browser):
    """The same browser, whose pages nobody reads."""
    client = Client()
    client.cookies = browser.cookies
    return client


@pytest.fixture
def browsers(mallory, carl, cleo, mona, ada, lena, adam, otto, claimed, browser_of, guest_of):
    people = {user.name.lower(): user for user in (mallory, carl, cleo, mona, ada, lena, adam, otto)}
    signed_in = {name: browser_of(user) for name, user in people.items()}
    browsers = {"visitor": Client(), "guest": guest_of(claimed)} | signed_in
    return {role: unread(browser) for role, browser in browsers.items()}


@pytest.fixture
def things(case, claimed):
    """What the addresses of a case lead to: a file, a request, an incident; and a macro."""
    for at in (case, claimed):
        by = at.customer or Guest((at.number,), "this browser")
        conversation.reply(at, by=by, body="", attachments=[attachments.receive(upload(), by=by)])
        requests.ask(at, by=None, what="the log")
    Incident.objects.create(title="Down", system=case.system)
    Macro.objects.create(name="Everybody’s", body="Hello.")
    incoming.receive(b"From: support@127.0.0.1\nSubject: Till\n\nHello?", trusted="")


def url_of(name, number):
    """Its address, of the case with this number and what belongs to it; of what nobody has where it needs another."""
    if name.startswith("attachment"):
        args = [Case.objects.get(pk=number).attachments.get().key]
    elif name.startswith("mail"):
        args = [ReceivedMail.objects.get().key]
    elif name in ("macro", "macro_copy", "macro_deletion"):
        args = [Macro.objects.get().pk]
    elif name.startswith("desk_incident") and number != NOBODYS:
        args = [Incident.objects.get().number, Case.objects.latest("number").number]
    elif name in ("case_given", "desk_request_withdrawal"):
        args = [number, Request.objects.filter(case=number).values_list("pk", flat=True).first() or NOBODYS]
    elif name == "brand_icon":
        args = [NOBODYS, 64]
    elif name == "face":
        args = [UUID(int=0)]
    elif name.startswith("desk_outgoing"):
        args = [number, UUID(int=0)]
    elif name == "person_export":
        args = [NOBODYS, UUID(int=0)]
    elif name == "desk_removal":
        args = [number, 1]  # its first event
    elif name.startswith(("case", "desk_", "suggestion_removal", "opened_")):
        args = [number, number]
    else:
        args = [NOBODYS]
    for few in ([], args[:1], args):
        with suppress(NoReverseMatch):
            return reverse(name, args=few)
    raise AssertionError(name)


def ask(browser, method, url, **headers):
    """What it answers. What it changes is undone, so that the next one finds everything as it was."""
    cache.clear()
    cookies = deepcopy(browser.cookies)
    with transaction.atomic():
        response = browser.generic(method, url, headers=headers)
        transaction.set_rollback(True)
    browser.cookies = cookies
    if response.status_code == 302 and response.url.startswith("/accounts/login/"):
        return SIGN_IN
    return response.status_code


def answer(browser, name, number):
    url = url_of(name, number)
    got = ask(browser, "GET", url)
    return ask(browser, "POST", url) if got == 405 else got


def is_as_strict(htmx, plain):
    """Whether HTMX gets what it would without. Who is signed out is told so in place, where a page leads to sign-in."""
    if plain in (SIGN_IN, 403, 404, 405):
        return htmx == {SIGN_IN: 401}.get(plain, plain)
    return htmx not in (401, 403, 404, 405) and htmx < 500


def is_of_ones_own(name):
    return name in ("theme", "keys", "invitation", "copy_leaving") or name.startswith(
        ("account_", "mfa_", "socialaccount_", "openid_connect_")
    )


def test_every_url_has_a_row():
    assert site_urls() == set(MATRIX) | STEPS_OF_ALLAUTH
    assert set(POSTS) <= set(MATRIX)


@pytest.mark.parametrize("role", ROLES)
def test_access(role, browsers, claimed, case, things):
    browser, number = browsers[role], (claimed if role == "guest" else case).number
    found, expected, looser = {}, {}, {}
    for name in MATRIX:
        url = url_of(name, number)
        answers = {method: ask(browser, method, url) for method in ("GET", "POST")}
        found[name] = set(answers.values()) - {405}
        expected[name] = {MATRIX[name][ROLES.index(role)]}
        if name in POSTS:
            found[name] = tuple(answers.values())
            expected[name] = MATRIX[name][ROLES.index(role)], POSTS[name][ROLES.index(role)]
        if role == "otto" and not is_of_ones_own(name):
            found[name] = answers | ({"GET": MATRIX[name][-1]} if answers["GET"] == 405 else {})
            expected[name] = {"GET": MATRIX[name][-1], "POST": 403}  # whoever only reads changes nothing
        for method, plain in answers.items():
            htmx = ask(browser, method, url, **{"HX-Request": "true"})
            if not is_as_strict(htmx, plain):
                looser[name, method, "HTMX"] = plain, htmx
        for method in ("HEAD", "PUT") if role in ("visitor", "mallory") else ():
            other = ask(browser, method, url)
            if other not in (405, *answers.values()):
                looser[name, method] = answers, other
    assert found == expected
    assert looser == {}


@pytest.mark.parametrize("role", ["visitor", "guest", "mallory", "ada"])
def test_a_case_that_does_not_exist_answers_as_one_that_is_not_yours(role, browsers):
    expected = {}
    for name in MATRIX:
        if name.startswith(("case", "desk_")) and name not in LISTS:
            of_agents = 403 if role == "mallory" and name.startswith("desk_") else 404
            expected[name] = SIGN_IN if role in ("visitor", "guest") else of_agents
    assert {name: answer(browsers[role], name, NOBODYS) for name in expected} == expected


@pytest.mark.parametrize("role", [role for role in ROLES if role != "adam"])
def test_administration_is_for_administrators(role, browsers):
    let_in = {}
    for name in sorted(name for name in named_urls() if name.startswith("admin:")):
        url = "/admin/anything"
        for args in ([], ["1"], [1, "x"], ["cases"]):
            with suppress(NoReverseMatch):
                url = reverse(name, args=args)
                break
        for method in ("GET", "POST"):
            for headers in ({}, {"HX-Request": "true"}):
                got = ask(browsers[role], method, url, **headers)
                if got not in (SIGN_IN, 302, 401, 403, 404, 405):
                    let_in[name, method, *headers] = got
    assert {name for name, *_ in let_in} <= {"admin:login", "admin:jsi18n"}, let_in


def test_a_colleague_sees_nothing_where_the_organisation_does_not_share(bakery, carl, case, browser_of):
    bakery.shares_cases = False
    bakery.save()
    assert browser_of(carl).get(reverse("case", args=[case.number])).status_code == 404


def test_a_guest_sees_only_the_case_reported_in_this_browser(cleo, case, claimed, browsers):
    other = CaseFactory(customer=None, by=Guest(), claimed_email=cleo.email)
    assert answer(browsers["guest"], "case", claimed.number) == 200
    assert answer(browsers["guest"], "case", other.number) == SIGN_IN
    assert answer(browsers["guest"], "case", case.number) == SIGN_IN


def test_no_browser_sees_as_a_guest_what_is_an_accounts(case, guest_of):
    assert answer(guest_of(case), "case", case.number) == SIGN_IN
    assert answer(guest_of(case), "case_replies", case.number) == SIGN_IN


def test_somebody_deactivated_is_out_at_once(cleo, case, browser_of):
    browser = browser_of(cleo)
    cleo.is_active = False
    cleo.save()
    assert answer(browser, "case", case.number) == SIGN_IN


@pytest.mark.parametrize("number", ["0", "01", "-1", "9" * 19, "9" * 400, "1.5", "²"])
def test_a_number_that_cannot_be_is_not_found(number, ada, browser_of):
    assert browser_of(ada).get(f"/desk/cases/{number}/").status_code == 404
