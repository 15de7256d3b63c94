"""Whoever gives the portal a name reads ours nowhere: not on a page, not in a mail, not in what lies behind them."""

import ast
import re
from pathlib import Path

import pytest
from django.core import mail
from django.urls import reverse
from django.utils.html import escape

from cases.actions import conversation, copies, incident_updates, invitations, requests, resolution
from cases.mail.invitations import link_of
from cases.models import Guest
from cases.views import errors
from tests.factories import CaseFactory, IncidentFactory
from tests.mail.letters import do_jobs
from tests.sign_in.conftest import Person

from .matrix import MATRIX
from .test_access import url_of

ROOT = Path(__file__).resolve().parent.parent
OURS = re.compile("caseline", re.IGNORECASE)
NAME = "Zenith & Söhne"


def what_is_typed(path):
    """The texts of a module, but for what only its readers read and for names of settings."""
    tree = ast.parse(path.read_text())
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docs = {ast.get_docstring(node, clean=False) for node in ast.walk(tree) if isinstance(node, documented)}
    texts = (
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    return [text for text in texts if text not in docs and "Caseline" in text]


def test_no_module_writes_our_name():
    """But for the model, and for what whoever runs the server reads."""
    free = {"models/brand.py", *(f"management/commands/{name}.py" for name in ("run",))}
    written = {
        str(path.relative_to(ROOT / "cases")): texts
        for path in (ROOT / "cases").rglob("*.py")
        if "migrations" not in path.parts and (texts := what_is_typed(path))
    }
    assert written.keys() - free == set()


def test_no_page_style_or_script_has_our_name_in_it():
    """A browser shows whoever looks all of it. What is between the braces of a template stays with us, and settings are
    named for administrators."""
    files = [
        path for folder in ("templates", "static") for path in (ROOT / folder).rglob("*") if path.is_file()
    ]
    sources = {
        str(path.relative_to(ROOT)): re.sub(
            r"{%.*?%}|{#.*?#}|CASELINE_[A-Z_]+", "", path.read_text(errors="replace")
        )
        for path in files
    }
    assert [name for name, source in sources.items() if OURS.search(source)] == []


@pytest.fixture
def zenith(brand_is):
    return brand_is(
        name=NAME,
        colour="#0b5fa5",
        contact="help@zenith.example",
        home_text="We help.",
        links=[["Imprint", "https://zenith.example"]],
    )


def said(answer):
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return f"{answer.headers}\n{answer.cookies}\n{body.decode(errors='replace')}"


# What customers and visitors get nothing of, and what signs them out.
OTHERS = re.compile(r"desk_|queue|bulk|macro|attachment|mail|person_export|case_given|account_logout")


@pytest.mark.django_db
def test_on_no_page_of_customers_and_visitors_is_our_name(
    zenith, case, claimed, cleo, carl, mona, ada, visitor, guest_of, browser_of
):
    requests.ask(case, by=ada, what="the log")
    incident = IncidentFactory(system=case.system, by=ada)
    incident_updates.update(incident, by=ada, body="News.")
    invited = invitations.invite("eva@example.com", by=mona, organisation=mona.organisation)
    cleo.keep_address(verified=True)
    home = Person(cleo).signs_in().browser
    browsers = {"visitor": visitor, "guest": guest_of(claimed), "cleo": home, "mona": browser_of(mona)}
    further = ["/nowhere/", reverse("incident", args=[incident.number]), link_of(invited)]
    found, seen = {}, 0
    for who, browser in browsers.items():
        number = (claimed if who == "guest" else case).number
        for address in [*further, *(url_of(name, number) for name in MATRIX if not OTHERS.match(name))]:
            for method in ("GET", "POST"):
                words = said(browser.generic(method, address))
                seen += escape(NAME) in words
                if ours := OURS.search(words):
                    found[f"{who} {method} {address}"] = words[ours.start() - 60 : ours.end() + 60]
    assert found == {}
    assert seen > 150
    assert "issuer=Zenith" in home.get(reverse("mfa_activate_totp")).context["totp_url"]
    assert "Zenith" in str(home.get(reverse("mfa_add_webauthn")).context["js_data"])


@pytest.mark.django_db
def test_a_page_that_needs_no_database_has_the_name_as_it_was_last_known(
    zenith, rf, django_assert_num_queries
):
    with django_assert_num_queries(0):
        for page in (errors.away(rf.get("/"), errors.AWAY), errors.broken(rf.get("/"))):
            assert escape(NAME) in page.text
            assert "help@zenith.example" in page.text
            assert not OURS.search(said(page))


@pytest.mark.django_db(transaction=True)
def test_in_no_mail_of_customers_is_our_name(zenith, case, cleo, mona, ada):
    CaseFactory(customer=None, by=Guest(), claimed_email="new@example.com", customer_name="New")
    copies.add(case, by=ada, address="bert@elsewhere.example")
    conversation.reply(case, by=ada, body="Which till?")
    requests.ask(case, by=ada, what="the log")
    resolution.resolve(case, by=ada, resolution="Swapped it.")
    resolution.close(case, by=ada)
    invitations.invite("eva@example.com", by=mona, organisation=mona.organisation)
    Person(cleo).asks_for_a_code()
    do_jobs()
    assert {to for letter in mail.outbox for to in letter.to} >= {
        *(cleo.email, "new@example.com", "bert@elsewhere.example", "eva@example.com")
    }
    for letter in mail.outbox:
        message = letter.message()
        assert str(message["From"]) == f"{NAME} <support@127.0.0.1>"
        texts = [str(message.items()), *(part.get_content() for part in message.iter_parts())]
        assert not any(OURS.search(text) for text in texts), texts
        assert "#0b5fa5" in texts[-1]  # the colour of links, in its HTML


@pytest.mark.django_db
def test_the_desk_and_the_administration_bear_the_name_too(zenith, ada, adam, browser_of):
    assert f'<span dir="auto">{escape(NAME)}</span>' in browser_of(ada).get(reverse("queue")).text
    page = browser_of(adam).get(reverse("admin:index")).text
    assert f'<span dir="auto">{escape(NAME)}</span>' in page
    assert not OURS.search(page)
