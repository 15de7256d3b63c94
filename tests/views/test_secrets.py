"""Asked for as a secret on the desk, given in the portal, shown on a click."""

import pytest
from django.urls import reverse

from cases.actions import requests, secrets
from cases.models import Kind, SecretAnswer

PASSWORD = "4111 1111 1111 1111"  # which looks like a card, and is where it belongs


@pytest.fixture
def asked(case, ada, browser_of):
    typed = {"what": "the password", "secret": "on"}
    assert browser_of(ada).post(reverse("desk_requests", args=[case.number]), typed).status_code == 302
    return case.requests.get()


def test_the_customer_reads_what_happens_to_it_and_gives_it(case, cleo, ada, asked, browser_of):
    page = browser_of(cleo).get(reverse("case", args=[case.number])).text
    assert "it’s deleted 7 days after the case is closed" in page
    assert f'id="give_{asked.pk}_files' not in page
    url = reverse("case_given", args=[case.number, asked.pk])
    empty = browser_of(cleo).post(url, {"body": " "})
    assert "Write your answer before sending it." in empty.text
    assert browser_of(cleo).post(url, {"body": PASSWORD}).status_code == 302
    for who, name in ((cleo, "case"), (ada, "desk_case")):
        page = browser_of(who).get(reverse(name, args=[case.number])).text
        assert "sent the password, as a secret" in page
        assert PASSWORD not in page


def test_what_comes_too_late_is_kept_in_the_form_and_not_sent(case, cleo, ada, asked, browser_of):
    requests.withdraw(case, by=ada, request=asked.pk)
    url = reverse("case_given", args=[case.number, asked.pk])
    late = browser_of(cleo).post(url, {"body": PASSWORD})
    assert late.status_code == 422
    assert "We no longer need this, so it wasn’t sent. If you think we do, let us know." in late.text
    assert PASSWORD in late.text


def test_an_agent_opens_it_and_deletes_it(case, cleo, ada, asked, browser_of):
    secrets.give(case, by=cleo, body=PASSWORD, request=asked.pk)
    desk, address = browser_of(ada), reverse("desk_secret", args=[case.number, asked.pk])
    assert "Given as a secret" in desk.get(reverse("desk_case", args=[case.number])).text
    assert desk.get(address).status_code == 405
    shown = desk.post(address)
    assert PASSWORD in shown.text
    assert "no-store" in shown["Cache-Control"]
    assert "shown 1 time" in desk.get(reverse("desk_case", args=[case.number])).text
    desk.post(reverse("desk_secret_deletion", args=[case.number, asked.pk]))
    assert not SecretAnswer.objects.exists()
    assert desk.post(address).status_code == 404
    assert case.events.filter(kind=Kind.GIVEN).exists()


def test_whoever_only_reads_the_desk_sees_no_secret(case, cleo, otto, asked, browser_of):
    secrets.give(case, by=cleo, body=PASSWORD, request=asked.pk)
    assert "Given as a secret" not in browser_of(otto).get(reverse("desk_case", args=[case.number])).text
    assert browser_of(otto).post(reverse("desk_secret", args=[case.number, asked.pk])).status_code == 403
