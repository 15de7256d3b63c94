"""A case of people who use mail alone, from the report to the rating, by a real SMTP and a real IMAP server."""

from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from email.utils import make_msgid

import pytest
from allauth.account.models import EmailAddress
from playwright.sync_api import expect

from cases.actions import triage
from cases.mailboxes.readers import Readers
from cases.models import Case, Delivery, Kind, Mailbox, Outcome, Rating, ReceivedMail, Status
from tests.delivery.smtp import MailServer
from tests.factories import picture
from tests.mail.letters import do_jobs
from tests.mailboxes import dovecot as servers

from .conftest import until
from .live import NUDGED, live
from .test_macros import reply_box

VOUCHING = "mx.shop.example"  # our mail server, which says who sent a mail
PIA = "pia@oven.example"
UTC = {"timezone_id": "UTC"}


@pytest.fixture
def dovecot():
    with servers.serving(tokens="http://127.0.0.1:9") as server:  # of which nobody has one
        yield server


class Post:
    """What we send, as its receivers have it, and what they send us."""

    def __init__(self, server, dovecot, mailbox):
        self.server, self.dovecot, self.mailbox, self.read = server, dovecot, mailbox, 0

    def sent(self):
        """What goes out within the minute, by whom it is for: one mail each."""
        with ThreadPoolExecutor(1) as worker:  # in this thread runs Playwright
            worker.submit(do_jobs).result()
        fresh, self.read = self.server.taken[self.read :], len(self.server.taken)
        by_receiver = {mail["To"]: mail for mail in fresh}
        assert len(by_receiver) == len(fresh)
        return by_receiver

    def comes(self, mail):
        """It lies in our mailbox, and is read."""
        mail["Message-ID"] = make_msgid(domain="oven.example")
        self.dovecot.deliver(self.mailbox.user, mail.as_bytes())
        taken_in = ReceivedMail.objects.filter(message_id__contains=mail["Message-ID"].strip("<>")).exclude(
            outcome=""
        )
        until(taken_in.exists, "the mail does not come in")
        return taken_in.get()


@pytest.fixture
def post(settings, dovecot):
    mailbox = Mailbox(
        host=dovecot.host,
        port=dovecot.port,
        security=Mailbox.Security.NONE,
        user=dovecot.new_user(),
        trusted=VOUCHING,
    )
    mailbox.keep(password=servers.PASSWORD)
    mailbox.save()
    reading = Readers()
    with MailServer() as server:
        settings.MAILERS = server.mailer
        reading.start()
        until(Mailbox.objects.filter(seen_at__isnull=False).exists, "the mailbox is not read")
        yield Post(server, dovecot, mailbox)
        reading.stop(5)


def text(mail):
    [part] = [part for part in mail.walk() if part.get_content_type() == "text/plain"]
    return part.get_payload(decode=True).decode()


def letter(sender, to, subject):
    mail = EmailMessage()
    mail["Authentication-Results"] = f"{VOUCHING}; dmarc=pass"
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    return mail


def answer(mail, sender, words, mark=""):
    """As Gmail and many others answer. `mark` is what the program says of itself."""
    said = letter(sender, mail["Reply-To"], f"Re: {mail['Subject']}")
    said["In-Reply-To"] = said["References"] = mail["Message-ID"]
    quoted = "\n".join(f"> {line}" for line in text(mail).splitlines())
    said.set_content(
        f"{words}\n\n{mark}\n\nOn Mon, 30 Nov 2026 at 09:12, Caseline <{mail['From']}> wrote:\n\n{quoted}\n"
    )
    return said


def answer_of_outlook(mail, sender, words, shot, cc):
    """With a picture among the words, and ours below a rule."""
    said = letter(sender, mail["Reply-To"], f"RE: {mail['Subject']}")
    said["Cc"] = cc
    said["In-Reply-To"] = said["References"] = mail["Message-ID"]
    head = {
        "From": "Caseline <support@127.0.0.1>",
        "Sent": "Monday, 30 November 2026 09:12",
        "To": sender,
        "Subject": mail["Subject"],
    }
    lines = "\n".join(f"{name}: {value}" for name, value in head.items())
    said.set_content(f"{words}\n\n[cid:image001.png@01DC5F3A]\n\n{lines}\n\n{text(mail)}")
    rule = "border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"
    top = "<br>".join(f"<b>{name}:</b> {value.replace('<', '&lt;')}" for name, value in head.items())
    ours = "".join(f'<p class="MsoNormal">{line}</p>' for line in text(mail).splitlines())
    said.add_alternative(
        f'<div class="WordSection1"><p class="MsoNormal">{words}</p>'
        '<p class="MsoNormal"><img width="600" height="400" src="cid:image001.png@01DC5F3A"></p>'
        f'<div><div style="{rule}"><p class="MsoNormal">{top}</p></div></div>{ours}</div>',
        subtype="html",
    )
    said.get_payload()[1].add_related(
        shot, "image", "png", cid="<image001.png@01DC5F3A>", filename="image001.png", disposition="inline"
    )
    return said


def say(desk, words, promise):
    reply_box(desk).fill(words)
    expect(desk.locator("#promises")).to_contain_text(f"Promises “{promise}”")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#timeline").get_by_text(words)).to_be_visible()


def hears(page, words):
    expect(page.locator("#timeline").get_by_text(words)).to_be_visible(timeout=NUDGED)


def test_a_case_of_people_who_use_mail_alone(window, post, till, ada, cleo):
    EmailAddress.objects.filter(user=cleo).update(verified=True)
    from_cleo, from_pia, from_ada = f"Cleo <{cleo.email}>", f"Pia Dale <{PIA}>", f"Ada <{ada.email}>"

    report = letter(from_cleo, "support@127.0.0.1", "Till 2 refuses every card")
    report.set_content("Hello,\n\nsince this morning till 2 refuses every card.\n\n-- \nCleo, Bakery\n")
    assert post.comes(report).outcome == Outcome.OPENED
    case = Case.objects.get()
    assert (case.summary, case.customer) == ("Till 2 refuses every card", cleo)
    triage.assign(case, by=ada, assignee=ada)
    mails = post.sent()
    assert [*mails] == [cleo.email]
    assert 'We have your report "Till 2 refuses every card"' in text(mails[cleo.email])

    desk = window(ada, f"/desk/cases/{case.number}/", **UTC)
    live(desk)
    say(desk, "We are looking into it and will update you within 30 minutes.", "within 30 minutes")
    mails = post.sent()
    assert [*mails] == [cleo.email]
    assert "Next update by" in text(mails[cleo.email])

    shown = "Here is what it shows. Pia is at the till."
    post.comes(answer_of_outlook(mails[cleo.email], from_cleo, shown, picture(size=(600, 400)), cc=from_pia))
    hears(desk, shown)
    expect(desk.locator("#timeline .prose img")).to_be_visible()
    assert [*post.sent()] == [ada.email]

    say(desk, "What does the display say, Pia? We will write again within an hour.", "within an hour")
    mails = post.sent()
    assert {*mails} == {cleo.email, PIA}

    post.comes(answer(mails[PIA], from_pia, "It says E-17."))
    hears(desk, "It says E-17.")
    mails = post.sent()
    assert {*mails} == {cleo.email, ada.email}
    assert text(mails[cleo.email]).startswith("Pia Dale wrote:")

    asked = mails[ada.email]
    post.comes(answer(asked, from_ada, "note: E-17 is an old fault of the vendor."))
    post.comes(answer(asked, from_ada, "The vendor restarts the gateway now."))
    hears(desk, "The vendor restarts the gateway now.")
    assert [promise.outcome for promise in case.promises.order_by("pk")] == ["kept", "kept"]
    assert {*post.sent()} == {cleo.email, PIA}

    desk.get_by_text("Resolve", exact=True).first.click()
    desk.get_by_label("Resolution").fill("The gateway was restarted.")
    desk.get_by_role("button", name="Resolve and ask the customer").click()
    hears(desk, "The gateway was restarted.")
    mails = post.sent()
    assert {*mails} == {cleo.email, PIA}
    asks = mails[cleo.email]
    assert "Did this fix it?" in text(asks)

    thanks = answer(asks, cleo.email, "Yes, it works. Thank you!\nCleo", mark="Sent from my iPhone")
    assert post.comes(thanks).event.kind == Kind.CONFIRMED
    assert post.comes(answer(asks, cleo.email, "Great help!")).event.kind == Kind.RATED
    expect(desk.get_by_text("Cleo rated the help as good")).to_be_visible(timeout=NUDGED)
    case.refresh_from_db()
    assert (case.status, Rating.objects.get().good) == (Status.CLOSED, True)

    page = window(cleo, f"/cases/{case.number}/", viewport={"width": 390, "height": 844}, **UTC)
    cards = page.locator("#timeline article")
    said = [
        (card.locator("header b").inner_text(), card.locator(".prose").inner_text().strip())
        for card in cards.all()
    ]
    assert said == [
        ("Cleo", "Hello,\n\nsince this morning till 2 refuses every card."),
        ("Ada", "We are looking into it and will update you within 30 minutes."),
        ("Cleo", shown),
        ("Ada", "What does the display say, Pia? We will write again within an hour."),
        ("Pia Dale", "It says E-17."),
        ("Ada", "The vendor restarts the gateway now."),
        ("Ada", "The gateway was restarted."),
    ]
    expect(page.get_by_role("region", name="Where it stands")).to_contain_text("This case is closed")
    expect(page.get_by_text("old fault of the vendor")).to_have_count(0)
    shot = page.locator("#timeline .prose img")
    shot.scroll_into_view_if_needed()
    expect(shot).to_have_js_property("complete", True)
    assert shot.evaluate("image => image.naturalWidth") > 0
    send, along = page.locator("#send").bounding_box(), page.locator("#copies summary").bounding_box()
    assert along["y"] >= send["y"] + send["height"] + 12
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")

    assert {*post.sent()} <= {ada.email}
    assert len({*post.server.ids}) == len(post.server.ids) == Delivery.objects.filter(state="sent").count()
    assert post.dovecot.flags(post.mailbox.user) == ["\\Seen"] * ReceivedMail.objects.count()
