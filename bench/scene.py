"""What is measured: the pages that a signed-in agent and a signed-in customer ask for."""

import secrets
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.actions import conversation, triage
from cases.actions.recording import history
from cases.models import Case, Priority, Severity, Status, System, User
from cases.volume import phrase, text

HOST = "127.0.0.1"
HTMX = {"HX-Request": "true"}


@dataclass
class Request:
    """What one visitor asks for. A `form` is posted as HTMX does it, all else is got."""

    path: str
    headers: dict[str, str]
    form: dict[str, str] | None = None

    @property
    def method(self) -> str:
        return "GET" if self.form is None else "POST"


@dataclass
class Page:
    """`requests` holds one for each visitor, so that those who write do not wait for each other's case."""

    name: str
    requests: list[Request]
    status: int = 200


def fill(cases: int) -> int:
    """Bring the database to at least `cases` cases, and say how many they are."""
    call_command("migrate", verbosity=0)
    missing = cases - Case.objects.count()
    if missing > 0:
        call_command("fill", cases=missing)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # now, or autovacuum would do it while we measure
    return Case.objects.count()


def pages(visitors: int) -> list[Page]:
    """Everything that is measured, the reads first, for up to `visitors` at once."""
    agent, customer = _person("agent", User.Role.AGENT), _person("customer", User.Role.CUSTOMER)
    read, *written = [_case(agent, customer, Random(place)) for place in range(2 * visitors + 1)]
    desk, own = _signed_in(agent), _signed_in(customer)
    system = read.system_id
    last = read.last_sequence

    def reads(name: str, headers: dict[str, str], path: str, status: int = 200) -> Page:
        return Page(name, [Request(path, headers)] * visitors, status)

    def ticks(name: str, headers: dict[str, str], path: str, status: int = 200) -> Page:
        return reads(name, headers | HTMX, path, status)

    def replies(name: str, headers: dict[str, str], path: str, cases: list[Case]) -> Page:
        return Page(
            name, [Request(path.format(case.number), headers | HTMX, _reply(headers, case)) for case in cases]
        )

    return [
        reads("floor: /healthz", {}, "/healthz"),
        reads("queue", desk, "/desk/"),
        reads("queue, three filters", desk, f"/desk/?status=closed&severity=2&system={system}"),
        reads("queue, nothing found", desk, f"/desk/?status=closed&severity=1&system={system}&assignee=me"),
        reads("queue, search", desk, "/desk/?status=all&q=deadlock+receipt"),
        reads("customer's cases", own, "/cases/"),
        reads("case, customer", own, f"/cases/{read.number}/"),
        reads("case, desk", desk, f"/desk/cases/{read.number}/"),
        ticks("tick, nothing new, customer", own, f"/cases/{read.number}/live/?after={last}", 204),
        ticks("tick, nothing new, desk", desk, f"/desk/cases/{read.number}/live/?after={last}", 204),
        ticks("tick, one event, customer", own, f"/cases/{read.number}/live/?after={last - 1}"),
        ticks("tick, one event, desk", desk, f"/desk/cases/{read.number}/live/?after={last - 1}"),
        replies("reply, customer", own, "/cases/{}/replies/", written[:visitors]),
        replies("reply, desk", desk, "/desk/cases/{}/replies/", written[visitors:]),
    ]


def queries(page: Page) -> int:
    """How many SQL queries the page takes, counted in this process on the same database."""
    request = page.requests[0]
    ask: Callable[..., Any] = Client().get if request.form is None else Client().post
    with CaptureQueriesContext(connection) as captured:
        response = ask(request.path, request.form, headers={"Host": HOST} | request.headers)
    if response.status_code != page.status:
        sys.exit(f"The benchmark ends: {page.name} answered {response.status_code} instead of {page.status}.")
    return len(captured)


def _person(name: str, role: User.Role) -> User:
    email = f"bench.{name}@example.org"
    return User.objects.filter(email=email).first() or User.objects.create_user(
        email, name=f"Bench {name}", role=role
    )


def _signed_in(user: User) -> dict[str, str]:
    """The cookies of a browser in which `user` is signed in, and the CSRF token that goes with them."""
    client = Client()
    client.force_login(user)
    session, csrf = client.cookies[settings.SESSION_COOKIE_NAME].value, secrets.token_hex(16)
    cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={csrf}"
    return {"Cookie": cookies, "X-CSRFToken": csrf}


def _reply(headers: dict[str, str], case: Case) -> dict[str, str]:
    return {
        "csrfmiddlewaretoken": headers["X-CSRFToken"],
        "body": text(Random(case.number), 3),
        "after": str(case.last_sequence),
    }


def _case(agent: User, customer: User, rng: Random) -> Case:
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
