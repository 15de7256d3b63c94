"""Who asks, and the cases they ask for."""

import secrets
from datetime import timedelta
from random import Random

from django.conf import settings
from django.db import transaction
from django.test import Client
from django.utils import timezone

from cases.actions import conversation, triage
from cases.actions.events import history
from cases.demo.volume import phrase, text
from cases.models import Case, Priority, Severity, Status, System, User


def person(name: str, role: User.Role) -> User:
    email = f"bench.{name}@example.org"
    return User.objects.filter(email=email).first() or User.objects.create_user(
        email, name=f"Bench {name}", role=role
    )


def signed_in(user: User) -> dict[str, str]:
    """The cookies of a browser in which `user` is signed in, and the CSRF token that goes with them."""
    client = Client()
    client.force_login(user)
    session, csrf = client.cookies[settings.SESSION_COOKIE_NAME].value, secrets.token_hex(16)
    cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={csrf}"
    return {"Cookie": cookies, "X-CSRFToken": csrf}


def reply(headers: dict[str, str], case: Case) -> dict[str, str]:
    """The form of a reply, from a page that shows all of the case."""
    return {
        "csrfmiddlewaretoken": headers["X-CSRFToken"],
        "body": text(Random(case.number), 3),
        "after": str(case.last_sequence),
    }


def short_case(agent: User, customer: User, rng: Random) -> Case:
    """A case of ten events under investigation, of yesterday, about which nobody gets mail."""
    with history(timezone.now() - timedelta(days=1)):
        case = conversation.open_case(
            system=System.objects.order_by("pk")[rng.randrange(3)],
            summary=phrase(rng, 7),
            description=text(rng, 4),
            severity=Severity.HIGH,
            customer=customer,
            by=customer,
        )
        triage.assign(case, by=agent, assignee=agent)
        triage.set_priority(case, by=agent, priority=Priority.P2)
        triage.set_status(case, by=agent, status=Status.INVESTIGATING)
        conversation.add_note(case, by=agent, body=text(rng, 2))
        for by in (agent, customer, agent, agent):
            conversation.reply(case, by=by, body=text(rng, 3))
    case.refresh_from_db()
    return case


def long_case(agent: User, customer: User, events: int) -> Case:
    """A case of so many events, which stays for the next measurement."""
    if known := Case.objects.filter(customer=customer, last_sequence=events).first():
        return known
    rng = Random(events)
    with transaction.atomic(), history(timezone.now() - timedelta(days=1)):
        case = short_case(agent, customer, rng)
        for place in range(case.last_sequence, events):
            conversation.reply(case, by=(agent, customer)[place % 2], body=text(rng, 3))
    case.refresh_from_db()
    return case
