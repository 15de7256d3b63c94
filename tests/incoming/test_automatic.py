"""Mail of machines is known, with the headers that are meant for it and without."""

import pytest

from cases.incoming.automatic import Automatic
from cases.incoming.message import read


@pytest.mark.parametrize(
    "headers",
    [
        "Auto-Submitted: auto-replied", "Auto-Submitted: auto-replied (vacation)", "X-Autoreply: yes", "X-Autorespond: x",
        "Precedence: auto_reply", "X-Auto-Response-Suppress: All\nX-MS-Exchange-Inbox-Rules-Loop: eva@example.com",
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=b",
    ],
)  # fmt: skip
def test_answers_of_machines(headers):
    assert read(f"From: eva@example.com\n{headers}\n\nI am away.".encode()).automatic is Automatic.ABSENCE


@pytest.mark.parametrize(
    "headers",
    [
        "Subject: Automatic reply: Till", "Subject: Automatische Antwort: Kasse", "Subject: Abwesenheitsnotiz: Kasse",
        "Subject: Réponse automatique : Caisse", "Subject: Respuesta automática: Caja", "Subject: Risposta automatica: R: Cassa",
        "Subject: Out of Office: Till", "Subject: Out of the office Re: Till", "Subject: Autosvar: Kassa", "Subject: 自動応答: レジ",
        "Subject: 自动答复: 收银台", "Subject: 자동 회신: 계산대", "Subject: Автоматический ответ: Касса", "Subject: AUTO: Eva is out of the office",
        "Subject: Odpowiedź automatyczna: Kasa", "Subject: Resposta automática: Caixa", "Subject: Automatisch antwoord: Kassa",
        "Subject: On vacation", "Subject: On leave until 3 May", "Subject: On holiday: Re: Till",
    ],
)  # fmt: skip
def test_what_seems_an_answer_of_a_machine_by_its_subject_alone(headers):
    assert (
        read(f"From: eva@example.com\n{headers}\n\nI am away.".encode()).automatic is Automatic.SEEMS_ABSENCE
    )


@pytest.mark.parametrize(
    "headers",
    [
        "From: eva@example.com\nContent-Type: multipart/report; report-type=delivery-status; boundary=b",
        "From: MAILER-DAEMON@example.com\nSubject: Undelivered Mail Returned to Sender",
        "From: Mail Delivery System <mailer-daemon@example.com>\nSubject: whatever",
        "From: postmaster@example.com\nSubject: Unzustellbar: Kasse", "From: postmaster@example.com\nSubject: Undeliverable: Till",
        "From: a@example.com\nReturn-Path: <>\nSubject: Delivery Status Notification (Failure)",
        "From: a@example.com\nX-Failed-Recipients: b@example.com\nSubject: x",
    ],
)  # fmt: skip
def test_bounces(headers):
    assert read(f"{headers}\n\nCould not deliver.".encode()).automatic is Automatic.BOUNCE


@pytest.mark.parametrize(
    "headers", ["List-Id: <a.example.com>", "Precedence: bulk", "Precedence: list", "Mailing-List: x"]
)
def test_lists(headers):
    assert read(f"From: eva@example.com\n{headers}\n\nNews.".encode()).automatic is Automatic.LIST


@pytest.mark.parametrize(
    "headers",
    [
        "Subject: Re: Automatic door does not open", "Subject: Till out of service", "Auto-Submitted: no", "X-Auto-Response-Suppress: DR, OOF",
        "Subject: Undeliverable parcels are not listed", "Subject: Our vacation planner is broken", "Precedence: first-class",
        "Subject: Automation fails", "Subject: Away team cannot log in", "Return-Path: <>\nSubject: Till", "Subject: Autorennen",
        "Subject: On leave requests the app crashes", "Subject: Absence: I cannot enter one", "Feedback-ID: 1.eu-west-1.abc=:AmazonSES",
    ],
)  # fmt: skip
def test_people(headers):
    assert read(f"From: eva@example.com\n{headers}\n\nHelp.".encode()).automatic is None
