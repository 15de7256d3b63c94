"""How long a page waits for the database. Each request here has a thread of its own, as those of the server do."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import psycopg
import pytest
from django.db import close_old_connections, connection, transaction
from django.test import Client
from django.urls import reverse

from cases.models import Case, Event
from portal.database import driver
from portal.wsgi import application

pytestmark = pytest.mark.django_db(transaction=True)

TOKEN = "6f1b6c1e-51c5-4a53-9a0f-6a4c4be2a6d3"
WORDS = "It burns again,\nsince noon."


@pytest.fixture(autouse=True)
def _soon(monkeypatch):
    monkeypatch.setattr(driver, "LOCK", 0.1)
    monkeypatch.setattr(driver, "STATEMENT", 0.5)


@pytest.fixture
def in_a_page():
    """Calls something in a thread of pages."""

    def call(function, *arguments):
        def work():
            try:
                return function(*arguments)
            finally:
                connection.close()

        with ThreadPoolExecutor(1, initializer=driver.hurry) as threads:
            return threads.submit(work).result(20)

    return call


@pytest.fixture
def replies(in_a_page, case, cleo):
    """Has Cleo reply to the case."""

    client = Client(raise_request_exception=False)
    client.force_login(cleo)

    def reply(**headers):
        form = {"body": WORDS, "token": TOKEN, "after": case.last_sequence}
        return in_a_page(
            lambda: client.post(reverse("case_replies", args=[case.number]), form, headers=headers)
        )

    return reply


def setting(name):
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {name}")
        return cursor.fetchone()[0]


def test_only_pages_have_limits_and_they_have_them_from_the_first_statement(in_a_page):
    assert in_a_page(setting, "lock_timeout") == "100ms"
    assert in_a_page(setting, "statement_timeout") == "500ms"
    with ThreadPoolExecutor(1) as threads:  # as of a job

        def patient():
            driver.be_patient()
            try:
                return setting("lock_timeout"), setting("statement_timeout")
            finally:
                connection.close()

        assert threads.submit(patient).result() == ("0", "0")


def test_the_wsgi_application_makes_pages_alone_too(monkeypatch):
    hurried = []
    monkeypatch.setattr(driver, "hurry", lambda: hurried.append(True))
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/healthz",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
    }
    answer = application(environ | {"wsgi.input": BytesIO(), "wsgi.url_scheme": "http"}, lambda *_: None)
    assert answer.status_code == 200
    assert hurried


def test_who_writes_to_a_locked_case_is_told_so_and_has_the_words_back(case, replies):
    with transaction.atomic():
        Case.objects.select_for_update().get(pk=case.pk)
        response = replies()
    assert response.status_code == 503
    assert response["Retry-After"]
    assert "Someone else is changing this right now. Nothing was changed." in response.text
    assert WORDS in response.text
    assert f'name="token" value="{TOKEN}"' in response.text
    assert not Event.objects.filter(body=WORDS).exists()
    assert replies().status_code == 302


def test_with_htmx_it_is_a_sentence_and_the_form_stays(case, replies):
    with transaction.atomic():
        Case.objects.select_for_update().get(pk=case.pk)
        response = replies(**{"HX-Request": "true"})
    assert response.status_code == 503
    assert response["Content-Type"] == "text/plain"
    assert (
        response.text
        == "Someone else is changing this right now. Nothing was changed. Try again in a moment."
    )


def test_a_locked_case_can_be_read(case, ada, in_a_page):
    client = Client()
    client.force_login(ada)
    with transaction.atomic():
        Case.objects.select_for_update().get(pk=case.pk)
        assert in_a_page(client.get, reverse("desk_case", args=[case.number])).status_code == 200


def test_a_statement_that_takes_too_long_is_stopped(replies, monkeypatch):
    def long(*arguments, **options):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(20)")

    monkeypatch.setattr("cases.actions.conversation.reply", long)
    response = replies()
    assert response.status_code == 503
    assert "This took too long, so we stopped it." in response.text
    assert WORDS in response.text


def test_a_server_that_says_nothing_is_given_up(in_a_page, monkeypatch):
    """It hangs, so that no limit of its own can help."""
    monkeypatch.setattr(driver, "SILENCE", 0.3)

    def ask():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            frozen = cursor.fetchone()[0]
            os.kill(frozen, signal.SIGSTOP)
            try:
                with pytest.raises(Exception, match="does not answer") as raised:
                    cursor.execute("SELECT 1")
            finally:
                os.kill(frozen, signal.SIGCONT)
        assert isinstance(raised.value.__cause__, psycopg.OperationalError)
        close_old_connections()  # as after each request
        return setting("lock_timeout")

    assert in_a_page(ask) == "100ms"
