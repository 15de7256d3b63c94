"""Who may do what, for every URL there is. A URL without a row here fails."""

import pytest
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from cases.actions import attachments, conversation, requests
from cases.models import Case, Guest, Incident, Macro, System
from tests.factories import CaseFactory, upload

ROLES = ["visitor", "guest", "mallory", "carl", "cleo", "ada", "adam"]
LISTS = ("cases", "case_new", "desk_incidents", "desk_incident_new")  # of no one case or incident
SIGN_IN = "sign-in"  # a redirect to the sign-in page

# What a GET (or, of what only takes forms, a POST with nothing in it) answers to each role. A guest
# is a visitor who typed Cleo's address and looks at the case that they reported in this browser.
MATRIX = {
    # name                   visitor  guest    mallory carl  cleo  ada   adam
    "home":                 (200,     200,     302,    302,  302,  302,  302),
    "theme":                (302,     302,     302,    302,  302,  302,  302),
    "favicon":              (302,     302,     302,    302,  302,  302,  302),
    "kept_mail":            (404,     404,     404,    404,  404,  404,  404),
    "healthz":              (200,     200,     200,    200,  200,  200,  200),
    "readyz":               (200,     200,     200,    200,  200,  200,  200),
    "cases":                (SIGN_IN, SIGN_IN, 200,    200,  200,  302,  302),
    "case_new":             (200,     200,     200,    200,  200,  200,  200),
    "case":                 (SIGN_IN, 200,     404,    200,  200,  302,  302),
    "case_claim":           (SIGN_IN, SIGN_IN, 404,    404,  404,  404,  404),  # of what claims one's address
    "case_live":            (SIGN_IN, 400,     404,    400,  400,  400,  400),
    "case_conversation":    (SIGN_IN, 200,     404,    200,  200,  200,  200),
    "case_replies":         (SIGN_IN, 422,     404,    422,  422,  422,  422),
    "case_given":           (SIGN_IN, 422,     404,    422,  422,  422,  422),
    "case_confirmation":    (SIGN_IN, 302,     404,    302,  302,  302,  302),
    "case_rating":          (SIGN_IN, 422,     404,    403,  422,  403,  403),  # whose case it is, alone
    "case_reopening":       (SIGN_IN, 422,     404,    422,  422,  422,  422),
    "attachments":          (422,     422,     422,    422,  422,  422,  422),  # uploads, from visitors too
    "attachment":           (SIGN_IN, 200,     404,    200,  200,  200,  200),
    "attachment_image":     (SIGN_IN, 200,     404,    200,  200,  200,  200),
    "attachment_thumbnail": (SIGN_IN, 200,     404,    200,  200,  200,  200),
    "attachment_removal":   (204,     204,     204,    204,  204,  204,  204),  # of one's own, unsent
    "incidents":            (200,     200,     200,    200,  200,  200,  200),  # the status page is everybody's
    "incident":             (404,     404,     404,    404,  404,  404,  404),
    "incident_feed":        (200,     200,     200,    200,  200,  200,  200),
    "queue":                (SIGN_IN, SIGN_IN, 403,    403,  403,  200,  200),
    "queue_live":           (SIGN_IN, SIGN_IN, 403,    403,  403,  200,  200),
    "palette":              (SIGN_IN, SIGN_IN, 403,    403,  403,  200,  200),
    "keys":                 (302,     302,     302,    302,  302,  302,  302),
    "search":               (SIGN_IN, SIGN_IN, 403,    403,  403,  200,  200),
    "views":                (SIGN_IN, SIGN_IN, 403,    403,  403,  200,  200),
    "view_new":             (SIGN_IN, SIGN_IN, 403,    403,  403,  422,  422),
    "view_change":          (SIGN_IN, SIGN_IN, 403,    403,  403,  404,  404),
    "view_delete":          (SIGN_IN, SIGN_IN, 403,    403,  403,  404,  404),
    "bulk_start":           (SIGN_IN, SIGN_IN, 403,    403,  403,  302,  302),
    "bulk":                 (SIGN_IN, SIGN_IN, 403,    403,  403,  404,  404),
    "bulk_stop":            (SIGN_IN, SIGN_IN, 403,    403,  403,  404,  404),
    "drafts":               (SIGN_IN, SIGN_IN, 403,    403,  403,  200,  200),
    "macros":               (SIGN_IN, SIGN_IN, 403,    403,  403,  200,  200),
    "macro_new":            (SIGN_IN, SIGN_IN, 403,    403,  403,  200,  200),
    "macro":                (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  200),
    "macro_copy":           (SIGN_IN, SIGN_IN, 403,    403,  403,  302,  302),
    "macro_deletion":       (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  200),
    "notices":              (SIGN_IN, SIGN_IN, 403,    403,  403,  200,  200),
    "notices_count":        (SIGN_IN, SIGN_IN, 403,    403,  403,  200,  200),
    "notices_reading":      (SIGN_IN, SIGN_IN, 403,    403,  403,  302,  302),
    "radar":                (SIGN_IN, SIGN_IN, 403,    403,  403,  200,  200),
    "suggestion":           (SIGN_IN, SIGN_IN, 403,    403,  403,  404,  404),
    "suggestion_dismissal": (SIGN_IN, SIGN_IN, 403,    403,  403,  404,  404),
    "suggestion_removal":   (SIGN_IN, SIGN_IN, 403,    403,  403,  404,  404),
    "reports":              (SIGN_IN, SIGN_IN, 403,    403,  403,  200,  200),
    "report_table":         (SIGN_IN, SIGN_IN, 403,    403,  403,  404,  404),
    "agents":               (SIGN_IN, SIGN_IN, 403,    403,  403,  200,  200),
    "desk_case":            (SIGN_IN, SIGN_IN, 403,    403,  403,  200,  200),
    "desk_live":            (SIGN_IN, SIGN_IN, 403,    403,  403,  400,  400),
    "desk_replies":         (SIGN_IN, SIGN_IN, 403,    403,  403,  422,  422),
    "desk_notes":           (SIGN_IN, SIGN_IN, 403,    403,  403,  422,  422),
    "desk_resolution":      (SIGN_IN, SIGN_IN, 403,    403,  403,  422,  422),
    "desk_closure":         (SIGN_IN, SIGN_IN, 403,    403,  403,  302,  302),
    "desk_reopening":       (SIGN_IN, SIGN_IN, 403,    403,  403,  302,  302),
    "desk_assignee":        (SIGN_IN, SIGN_IN, 403,    403,  403,  302,  302),
    "desk_team":            (SIGN_IN, SIGN_IN, 403,    403,  403,  302,  302),
    "desk_status":          (SIGN_IN, SIGN_IN, 403,    403,  403,  302,  302),
    "desk_severity":        (SIGN_IN, SIGN_IN, 403,    403,  403,  302,  302),
    "desk_priority":        (SIGN_IN, SIGN_IN, 403,    403,  403,  302,  302),
    "desk_area":            (SIGN_IN, SIGN_IN, 403,    403,  403,  302,  302),
    "desk_composer":        (SIGN_IN, SIGN_IN, 403,    403,  403,  302,  302),
    "desk_macro":           (SIGN_IN, SIGN_IN, 403,    403,  403,  302,  302),
    "desk_draft_reply":     (SIGN_IN, SIGN_IN, 403,    403,  403,  302,  302),
    "desk_draft_note":      (SIGN_IN, SIGN_IN, 403,    403,  403,  302,  302),
    "desk_draft_resolve":   (SIGN_IN, SIGN_IN, 403,    403,  403,  302,  302),
    "desk_people":          (SIGN_IN, SIGN_IN, 403,    403,  403,  200,  200),
    "desk_following":       (SIGN_IN, SIGN_IN, 403,    403,  403,  302,  302),
    "desk_tags":           (SIGN_IN, SIGN_IN, 403,    403,  403,  422,  422),
    "desk_promises":       (SIGN_IN, SIGN_IN, 403,    403,  403,  422,  422),
    "desk_promises_found": (SIGN_IN, SIGN_IN, 403,    403,  403,  200,  200),
    "desk_promise_removal": (SIGN_IN, SIGN_IN, 403,   403,  403,  302,  302),
    "desk_promise_acceptance": (SIGN_IN, SIGN_IN, 403, 403, 403,  302,  302),
    "desk_promise_dismissal": (SIGN_IN, SIGN_IN, 403, 403,  403,  302,  302),
    "desk_snooze":         (SIGN_IN, SIGN_IN, 403,    403,  403,  422,  422),
    "desk_waking":         (SIGN_IN, SIGN_IN, 403,    403,  403,  302,  302),
    "desk_handover":       (SIGN_IN, SIGN_IN, 403,    403,  403,  422,  422),
    "desk_escalation":     (SIGN_IN, SIGN_IN, 403,    403,  403,  422,  422),
    "desk_escalation_answer": (SIGN_IN, SIGN_IN, 403, 403,  403,  422,  422),
    "desk_escalation_withdrawal": (SIGN_IN, SIGN_IN, 403, 403, 403, 302, 302),
    "desk_requests":       (SIGN_IN, SIGN_IN, 403,    403,  403,  422,  422),
    "desk_requests_found": (SIGN_IN, SIGN_IN, 403,    403,  403,  200,  200),
    "desk_request_withdrawal": (SIGN_IN, SIGN_IN, 403, 403, 403,  302,  302),
    "desk_links":          (SIGN_IN, SIGN_IN, 403,    403,  403,  422,  422),
    "desk_link_removal":   (SIGN_IN, SIGN_IN, 403,    403,  403,  302,  302),
    "desk_merge":          (SIGN_IN, SIGN_IN, 403,    403,  403,  422,  422),
    "desk_separation":     (SIGN_IN, SIGN_IN, 403,    403,  403,  302,  302),
    "desk_known_tags":     (SIGN_IN, SIGN_IN, 403,    403,  403,  200,  200),
    "desk_clocks":         (SIGN_IN, SIGN_IN, 403,    403,  403,  200,  200),
    "desk_solved_before":  (SIGN_IN, SIGN_IN, 403,    403,  403,  200,  200),
    "desk_conversation":   (SIGN_IN, SIGN_IN, 403,    403,  403,  200,  200),
    "desk_next":           (SIGN_IN, SIGN_IN, 403,    403,  403,  302,  302),
    "desk_previous":       (SIGN_IN, SIGN_IN, 403,    403,  403,  302,  302),
    "desk_incidents":       (SIGN_IN, SIGN_IN, 403,    403,  403,  200,  200),
    "desk_incident_new":    (SIGN_IN, SIGN_IN, 403,    403,  403,  200,  200),
    "desk_incident":        (SIGN_IN, SIGN_IN, 403,    403,  403,  200,  200),
    "desk_incident_live":   (SIGN_IN, SIGN_IN, 403,    403,  403,  400,  400),
    "desk_incident_update": (SIGN_IN, SIGN_IN, 403,    403,  403,  422,  422),
    "desk_incident_note":   (SIGN_IN, SIGN_IN, 403,    403,  403,  422,  422),
    "desk_incident_resolve": (SIGN_IN, SIGN_IN, 403,    403,  403,  422,  422),
    "desk_incident_reopen": (SIGN_IN, SIGN_IN, 403,    403,  403,  302,  302),
    "desk_incident_title":  (SIGN_IN, SIGN_IN, 403,    403,  403,  422,  422),
    "desk_incident_severity": (SIGN_IN, SIGN_IN, 403,    403,  403,  302,  302),
    "desk_incident_area":   (SIGN_IN, SIGN_IN, 403,    403,  403,  302,  302),
    "desk_incident_owner":  (SIGN_IN, SIGN_IN, 403,    403,  403,  302,  302),
    "desk_incident_public": (SIGN_IN, SIGN_IN, 403,    403,  403,  302,  302),
    "desk_incident_cases":  (SIGN_IN, SIGN_IN, 403,    403,  403,  200,  200),
    "desk_incident_attach": (SIGN_IN, SIGN_IN, 403,    403,  403,  422,  422),
    "desk_incident_detach": (SIGN_IN, SIGN_IN, 403,    403,  403,  302,  302),
    "desk_joining":         (SIGN_IN, SIGN_IN, 403,    403,  403,  200,  200),
    "desk_leaving":         (SIGN_IN, SIGN_IN, 403,    403,  403,  302,  302),
    "account_login":        (200,     200,     302,    302,  302,  302,  302),
    "account_signup":       (200,     200,     302,    302,  302,  302,  302),
    "account_request_login_code": (200, 200,   302,    302,  302,  302,  302),
    "account_reset_password": (200,   200,     200,    200,  200,  200,  200),
    "account_logout":       (302,     302,     200,    200,  200,  200,  200),
    "account_change_password": (SIGN_IN, SIGN_IN, 302, 302,  302,  302,  302),
    "account_set_password": (SIGN_IN, SIGN_IN, 200,    200,  200,  200,  200),
    "account_email":        (SIGN_IN, SIGN_IN, 200,    200,  200,  200,  200),
    "account_reauthenticate": (SIGN_IN, SIGN_IN, 403,  403,  403,  403,  403),
}  # fmt: skip

# Steps in the middle of a way through django-allauth: without its beginning they lead back or say so.
STEPS_OF_ALLAUTH = {
    "account_inactive",
    "account_email_verification_sent",
    "account_confirm_login_code",
    "account_confirm_password_reset_code",
    "account_complete_password_reset",
    "account_password_reset_completed",
}


def named_urls(resolver=None, namespace=""):
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from named_urls(entry, namespace + (f"{entry.namespace}:" if entry.namespace else ""))
        elif isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}"


def site_urls():
    return {name for name in named_urls() if not name.startswith("admin:")}


@pytest.fixture
def browsers(mallory, carl, cleo, ada, adam, claimed, browser_of, guest_of):
    guest = guest_of(claimed)
    people = {"mallory": mallory, "carl": carl, "cleo": cleo, "ada": ada, "adam": adam}
    return {"visitor": Client(), "guest": guest} | {name: browser_of(user) for name, user in people.items()}


def incident_number():
    found = Incident.objects.first()
    return (found or Incident.objects.create(title="Down", system=System.objects.first())).number


def key_of_file(number):
    case = Case.objects.get(pk=number)
    if not case.attachments.exists():
        by = case.customer or Guest((number,), "this browser")
        conversation.reply(case, by=by, body="", attachments=[attachments.receive(upload(), by=by)])
    return case.attachments.get().key


def request_of(number):
    """Something that the customer of the case is asked for."""
    for case in Case.objects.filter(number=number):
        requests.ask(case, by=None, what="the log")
        return case.requests.latest("pk").pk
    return 999_999


def answer(browser, name, number):
    try:
        args = []
        if name.startswith("attachment") and name != "attachments":
            args = [key_of_file(number)]
        if name in ("macro", "macro_copy", "macro_deletion"):
            args = [Macro.objects.get_or_create(name="Everybody’s", body="Hello.")[0].pk]
        if name.startswith("desk_incident") and name not in LISTS and number != 999_999:
            number = incident_number()
        if name == "desk_incident_detach":
            args = [number, Case.objects.latest("number").number]
        if name in ("case_given", "desk_request_withdrawal"):
            args = [number, request_of(number)]
        if name in ("desk_link_removal", "suggestion_removal") or name.startswith("desk_promise_"):
            args = [number, number]
        url = reverse(name, args=args)
    except NoReverseMatch:
        # a case, or something of its own that nobody has
        url = reverse(name, args=[number if name.startswith(("case", "desk_")) else 999_999])
    response = browser.get(url)
    if response.status_code == 405 or response.get("Location") == f"/desk/incidents/{number}/":
        response = browser.post(url)
    if response.status_code == 302 and response.url.startswith("/accounts/login/"):
        return SIGN_IN
    return response.status_code


def test_every_url_has_a_row():
    assert site_urls() == set(MATRIX) | STEPS_OF_ALLAUTH


@pytest.mark.parametrize("name", MATRIX)
@pytest.mark.django_db
def test_access(name, browsers, claimed, case):
    assert dict(zip(ROLES, MATRIX[name], strict=True)) == {
        role: answer(browsers[role], name, (claimed if role == "guest" else case).number) for role in ROLES
    }


@pytest.mark.parametrize(
    "name",
    sorted(name for name in MATRIX if name.startswith(("case", "desk_")) and name not in LISTS),
)
def test_a_case_that_does_not_exist_answers_as_one_that_is_not_yours(name, browsers):
    expected = {"visitor": SIGN_IN, "guest": SIGN_IN, "mallory": 404, "ada": 404}
    if name.startswith("desk_"):
        expected["mallory"] = 403
    assert expected == {role: answer(browsers[role], name, 999_999) for role in expected}


@pytest.mark.parametrize("name", sorted(name for name in named_urls() if name.startswith("admin:")))
@pytest.mark.django_db
def test_administration_is_for_administrators(name, browsers):
    arguments = ([], ["1"], [1, "x"], ["cases"])
    for args in arguments:
        try:
            url = reverse(name, args=args)
            break
        except NoReverseMatch:
            continue
    else:
        url = "/admin/anything"
    for role in ("visitor", "guest", "mallory", "ada"):
        response = browsers[role].get(url)
        assert response.status_code in (302, 403, 404) or name in (
            "admin:login",
            "admin:logout",
            "admin:jsi18n",
        ), role


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
