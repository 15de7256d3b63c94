"""Mail that a provider hands on by its webhook: each names the original somewhere else in what it sends."""

import binascii
import json
from base64 import b64decode
from collections.abc import Callable, Mapping
from email import policy
from email.parser import BytesParser
from typing import Any
from urllib.parse import parse_qs

Sent = Any  # JSON, or the fields of a form


class NoMail(Exception):
    """There is no original in it. The message is a sentence for who set the provider up."""


def originals_in(provider: str, content_type: str, body: bytes) -> list[bytes]:
    """The messages, as they were received. Raises NoMail."""
    kind, found_in = PROVIDERS[provider]
    try:
        return [_bytes(one) for one in found_in(kind(content_type, body))]
    except NoMail:
        raise
    except Exception as error:  # it may be anything, from anybody
        raise NoMail(f"This holds no original of an email. {RAW[provider]}") from error


def _json(content_type: str, body: bytes) -> Sent:
    return json.loads(body)


def _form(content_type: str, body: bytes) -> Mapping[str, bytes]:
    """The fields of a form. Django's own reader refuses fields that are as large as a mail with files is."""
    if content_type.startswith("application/x-www-form-urlencoded"):
        fields = parse_qs(body, max_num_fields=100)
        return {name.decode(): values[0] for name, values in fields.items()}
    head = f"Content-Type: {' '.join(content_type.split())}\r\n\r\n".encode("latin-1", "replace")
    form = BytesParser(policy=policy.HTTP).parsebytes(head + body)
    parts = form.get_payload() if form.get_content_maintype() == "multipart" else []
    named = {
        str(part.get_param("name", "", "content-disposition")): part
        for part in parts
        if not isinstance(part, str)
    }
    return {
        name: bytes(part.get_payload(decode=True)) for name, part in named.items() if not part.is_multipart()
    }


def _of_ses(notice: Sent) -> list[Any]:
    """Amazon SNS wraps what Amazon SES says of a mail, and first asks whether anybody wants to know."""
    if notice["Type"] == "SubscriptionConfirmation":
        raise NoMail(f"Open this address once, so that Amazon goes on: {notice['SubscribeURL']}")
    told = json.loads(notice["Message"])
    if told["receipt"]["action"].get("encoding") == "BASE64":
        return [b64decode(told["content"], validate=True)]
    return [told["content"]]


def _of_sparkpost(events: Sent) -> list[Any]:
    told = [
        event["msys"].get("relay_message") for event in events
    ]  # it asks with none, whether anybody answers
    contents = [one["content"] for one in told if one]
    return [
        b64decode(one["email_rfc822"], validate=True)
        if one["email_rfc822_is_base64"]
        else one["email_rfc822"]
        for one in contents
    ]


def _of_mandrill(form: Sent) -> list[Any]:
    events = json.loads(form["mandrill_events"])
    return [event["msg"]["raw_msg"] for event in events if event["event"] == "inbound"]


# What each sends, and where the originals are.
PROVIDERS: dict[str, tuple[Callable[[str, bytes], Sent], Callable[[Sent], list[Any]]]] = {
    "mailgun": (_form, lambda form: [form["body-mime"]]),
    "mandrill": (_form, _of_mandrill),
    "postmark": (_json, lambda told: [told["RawEmail"]]),
    "sendgrid": (_form, lambda form: [form["email"]]),
    "ses": (_json, _of_ses),
    "sparkpost": (_json, _of_sparkpost),
}
RAW = {
    "mailgun": "Let the route forward to this address, which ends in “mime”.",
    "mandrill": "",
    "postmark": "Turn on “Include raw email content in JSON payload”.",
    "sendgrid": "Turn on “POST the raw, full MIME message”.",
    "ses": "Let the rule publish to an SNS topic, with the mail in it.",
    "sparkpost": "",
}


def _bytes(original: Any) -> bytes:
    text = original.encode("utf-8", "replace") if isinstance(original, str) else original
    if not isinstance(text, bytes) or not text.strip():
        raise binascii.Error
    return text
