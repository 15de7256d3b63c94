"""What a provider of mail reports by its webhook, once it has shown that it is the provider (django-anymail reads it)."""

import warnings
from collections.abc import Iterator
from typing import Any, NamedTuple

from anymail.exceptions import AnymailInsecureWebhookWarning
from anymail.signals import EventType
from anymail.webhooks.brevo import BrevoTrackingWebhookView
from anymail.webhooks.mailgun import MailgunTrackingWebhookView
from anymail.webhooks.postmark import PostmarkTrackingWebhookView
from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest

from cases.incoming.delivery_reports import Fate

# Those whose webhooks name the Message-ID that we gave, or what we gave along with it. Mailgun signs what it sends.
PROVIDERS: dict[str, Any] = {
    "brevo": BrevoTrackingWebhookView,
    "mailgun": MailgunTrackingWebhookView,
    "postmark": PostmarkTrackingWebhookView,
}
FATES = {
    EventType.DELIVERED: Fate.DELIVERED,
    EventType.DEFERRED: Fate.DELAYED,
    EventType.BOUNCED: Fate.BOUNCED,
    EventType.REJECTED: Fate.BOUNCED,
    EventType.FAILED: Fate.BOUNCED,
    EventType.COMPLAINED: Fate.COMPLAINED,
}
NAMED = "mail"  # what Postmark keeps along with a mail


class Told(NamedTuple):
    fate: Fate
    message_id: str
    words: str


class NoReport(Exception):
    """It is not from the provider, or makes no sense."""


def is_configured() -> bool:
    """Whether a provider is named, and by what it is known: nobody else is believed."""
    secret = (
        settings.MAIL_WEBHOOK_KEY if settings.MAIL_PROVIDER == "mailgun" else settings.MAIL_WEBHOOK_SECRET
    )
    return settings.MAIL_PROVIDER in PROVIDERS and bool(secret)


def mark(message: EmailMessage) -> None:
    """Give a mail along by what its webhook names it, where that is not the Message-ID."""
    if settings.MAIL_PROVIDER == "postmark":
        name = message.extra_headers["Message-ID"].strip("<>").rpartition("@")[0]
        message.extra_headers.update({"X-PM-KeepID": "true", f"X-PM-Metadata-{NAMED}": name})


def reports_in(request: HttpRequest) -> list[Told]:
    """What is told of which mail. Raises NoReport."""
    try:
        view = _view()
        view.run_validators(request)
        return list(_told(view.parse_events(request)))
    except Exception as error:  # it may be anything, from anybody
        raise NoReport(type(error).__name__) from error


def _view() -> Any:
    keys = {"webhook_signing_key": settings.MAIL_WEBHOOK_KEY} if settings.MAIL_PROVIDER == "mailgun" else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AnymailInsecureWebhookWarning)
        return PROVIDERS[settings.MAIL_PROVIDER](webhook_secret=settings.MAIL_WEBHOOK_SECRET or [], **keys)


def _told(events: list[Any]) -> Iterator[Told]:
    for event in events:
        named = (event.metadata or {}).get(NAMED)
        message_id = f"{named}@{settings.MAIL_DOMAIN}" if named else event.message_id
        if message_id and (fate := FATES.get(event.event_type)):
            yield Told(fate, str(message_id), str(event.mta_response or event.description or ""))
