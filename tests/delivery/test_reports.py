"""Mail servers report by mail what became of ours: it stands on the event, and makes no note."""

import pytest
from django.utils import timezone

from cases.actions import conversation, incoming
from cases.incoming.delivery_reports import Fate, report_in
from cases.incoming.message import read
from cases.models import Delivery, Outcome
from cases.queries.deliveries import trouble_with

pytestmark = pytest.mark.django_db

POSTFIX = """From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
Subject: {subject}
To: support@127.0.0.1
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example.net.
{words}
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
Arrival-Date: Mon, 30 Nov 2026 10:00:00 +0000 (UTC)

Final-Recipient: rfc822; cleo@example.com
Original-Recipient: rfc822;cleo@example.com
{fields}

--b
Content-Type: {returned}

From: Caseline <support@127.0.0.1>
Subject: [#1] The till
Message-ID: {id}

Hello Cleo
--b--
"""

UNKNOWN = (
    "Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 <cleo@example.com>: Recipient address rejected:"
    "\n    User unknown in local recipient table"
)
LATE = (
    "Action: delayed\nStatus: 4.4.1\nDiagnostic-Code: X-Postfix; connect to example.com: Connection timed out"
)
ARRIVED = "Action: delivered\nStatus: 2.0.0"

QMAIL = """From: MAILER-DAEMON@mx.example.net
Subject: failure notice
To: support@127.0.0.1

Hi. This is the qmail-send program at mx.example.net.
I'm afraid I wasn't able to deliver your message to the following addresses.

<cleo@example.com>:
192.0.2.1 does not like recipient.
Remote host said: 550 5.2.1 The email account that you tried to reach is disabled.

--- Below this line is a copy of the message.

Return-Path: <support@127.0.0.1>
Message-ID: {id}
Subject: [#1] The till
"""

EXCHANGE = """From: postmaster@contoso.example
Subject: Unzustellbar: [#1] The till
X-MS-Exchange-Message-Is-Ndr:
To: support@127.0.0.1
In-Reply-To: {id}
Content-Type: text/html; charset=utf-8

<p>Die Nachricht an <b>cleo@example.com</b> konnte nicht zugestellt werden.</p><p>550 5.2.2 Quota exceeded</p>
"""

COMPLAINT = """From: feedback@isp.example
Subject: Abuse report
To: support@127.0.0.1
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

This is an email abuse report.
--b
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: SomeGenerator/1.0
Version: 1

--b
Content-Type: text/rfc822-headers

Message-ID: {id}
--b--
"""


def postfix(
    delivery, fields=UNKNOWN, returned="message/rfc822", subject="Undelivered Mail Returned to Sender"
):
    return POSTFIX.format(subject=subject, words="", fields=fields, returned=returned, id=delivery.message_id)


def receive(text):
    return incoming.receive(text.encode(), trusted="")


@pytest.fixture
def delivery(case, ada):
    event = conversation.reply(case, by=ada, body="Which till?")
    return Delivery.objects.create(
        event=event, address="cleo@example.com", message_id="<case-1-2-abc.2@127.0.0.1>", state="sent"
    )


def became(delivery):
    delivery.refresh_from_db()
    return delivery.state, delivery.reason


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers"])
def test_a_bounce_stands_on_the_event_whose_mail_came_back_and_is_no_note(delivery, case, returned):
    events = case.events.count()
    received = receive(postfix(delivery, returned=returned))
    assert (received.outcome, received.mail.case, received.mail.event) == (
        Outcome.NOTED,
        case,
        delivery.event,
    )
    assert became(delivery) == ("bounced", "mailbox unknown")
    assert "User unknown in local recipient table" in delivery.answer
    assert case.events.count() == events
    assert trouble_with("cleo@example.com")


def test_a_mail_that_is_late_is_deferred_alone(delivery):
    receive(postfix(delivery, LATE, subject="Delayed Mail (still being retried)"))
    assert became(delivery) == ("deferred", "its mail server does not answer")
    assert trouble_with("cleo@example.com") is None
    receive(postfix(delivery, UNKNOWN))
    assert became(delivery)[0] == "bounced"


def test_what_failed_after_days_of_delay_has_failed(delivery):
    receive(postfix(delivery, "Action: failed\nStatus: 4.4.7\nDiagnostic-Code: smtp; 450 4.4.7 Expired"))
    assert became(delivery) == ("bounced", "its mail server did not take it for days")


def test_a_report_that_it_arrived_is_believed_until_it_comes_back(delivery):
    receive(postfix(delivery, ARRIVED, subject="Successful Mail Delivery Report"))
    assert became(delivery) == ("delivered", "")
    receive(postfix(delivery, LATE, subject="Delayed Mail"))
    assert became(delivery) == ("delivered", "")
    receive(postfix(delivery))
    assert became(delivery)[0] == "bounced"
    receive(postfix(delivery, ARRIVED, subject="Again: Successful Mail Delivery Report"))
    assert became(delivery)[0] == "bounced"


@pytest.mark.parametrize(
    ("report", "reason"), [(QMAIL, "mailbox disabled"), (EXCHANGE, "mailbox full")], ids=["qmail", "Exchange"]
)
def test_mail_servers_with_forms_of_their_own_are_understood(delivery, report, reason):
    assert receive(report.format(id=delivery.message_id)).outcome == Outcome.NOTED
    assert became(delivery) == ("bounced", reason)


@pytest.mark.parametrize(("kind", "state"), [("abuse", "complained"), ("not-spam", "sent")])
def test_a_complaint_by_mail_is_one(delivery, kind, state):
    receive(COMPLAINT.format(kind=kind, id=delivery.message_id))
    assert became(delivery)[0] == state


def test_a_bounce_of_mail_about_an_account_belongs_to_no_case(db):
    delivery = Delivery.objects.create(
        address="cleo@example.com", message_id="<mail-7-abc@127.0.0.1>", state="sent", at=timezone.now()
    )
    received = receive(postfix(delivery))
    assert (received.outcome, received.mail.case) == (Outcome.IGNORED, None)
    assert became(delivery) == ("bounced", "mailbox unknown")


def test_who_guesses_no_message_id_says_nothing_of_any_mail(delivery):
    receive(postfix(Delivery(message_id="<case-1-2-abd.2@127.0.0.1>")))
    assert became(delivery) == ("sent", "")


def test_of_several_recipients_the_worst_counts():
    groups = f"{ARRIVED}\n\nFinal-Recipient: rfc822; b@example.com\n{UNKNOWN}"
    assert report_in(read(postfix(Delivery(message_id="<x@y>"), groups).encode())).fate is Fate.BOUNCED


@pytest.mark.parametrize(
    "status",
    ["", "Status: 5", "Action: \x00", "Action: failed\nStatus: 9.9.9", ":\n\n:\n\n" * 2000, "\ud83d"[:0]],
)
def test_a_report_that_makes_no_sense_harms_nothing(delivery, status):
    assert receive(postfix(delivery, status)).outcome in (Outcome.NOTED, Outcome.IGNORED)
