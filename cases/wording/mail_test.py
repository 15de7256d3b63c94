"""What to do about mail that did not go out, by what the mail server or the network said."""

from cases.models import Delivery

ADVICE = (
    (("535", "534", "530", "authentication", "5.7.8"),
     "The mail server does not take the name and password. Look at both in CASELINE_MAIL_SERVER; characters like “@”"
     " or “/” in them are written as %40 and %2F."),
    (("name or service not known", "nodename nor servname", "temporary failure in name", "getaddrinfo"),
     "There is no such mail server. Look at the host’s name in CASELINE_MAIL_SERVER."),
    (("refused", "errno 111", "errno 61"),
     "Nothing answers at this host and port. Look at both in CASELINE_MAIL_SERVER: 587 is usual with smtp+tls, 465 with"
     " smtps."),
    (("timed out", "timeout", "unreachable", "no route"),
     "The mail server does not answer. A firewall may keep this machine from it; many hosts block port 25."),
    (("certificate", "ssl", "tls", "wrong version"),
     "The encryption does not fit. Begin CASELINE_MAIL_SERVER with smtps:// for port 465, with smtp+tls:// for 587."),
    (("starttls",), "The mail server wants encryption: begin CASELINE_MAIL_SERVER with smtp+tls://."),
    (("sender", "5.7.1", "not allowed", "relay"),
     "The mail server does not send from this address. Put one of yours into CASELINE_MAIL_FROM."),
)  # fmt: skip
OTHERWISE = "The words above are the mail server’s own. Whoever runs it knows what they mean."
AGAIN = "Then start the portal again, and send another test."


def advice(mail: Delivery) -> str:
    """What to do, or nothing where it went."""
    if mail.state in (Delivery.State.SENT, Delivery.State.DELIVERED):
        return ""
    said = f"{mail.reason} {mail.answer}".lower()
    for signs, words in ADVICE:
        if any(sign in said for sign in signs):
            return f"{words} {AGAIN}"
    return OTHERWISE
