"""Tables, people and queues, and then the tickets that come by standard input, a line of JSON each.

The last line of its output is JSON: what the pages need.
"""

import json
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection, models
from django.db.models import Count
from django.test import Client
from helpdesk.models import FollowUp, Queue, Ticket

TICKET = (
    "id title queue_id created modified submitter_email assigned_to_id status on_hold description "
    "resolution priority secret_key"
).split()
FOLLOW_UP = "ticket_id date title comment public user_id new_status".split()
BATCH = 5000
SHOWN = "pk", "title", "queue_id", "priority", "status", "submitter_email"
STATUS = {
    "open": Ticket.OPEN_STATUS,
    "investigating": Ticket.OPEN_STATUS,
    "resolved": Ticket.RESOLVED_STATUS,
    "closed": Ticket.CLOSED_STATUS,
}


def prepare() -> None:
    task = json.loads(sys.stdin.readline())
    call_command("migrate", verbosity=0)
    call_command("loaddata", "emailtemplate.json", verbosity=0)
    agents = [_agent(number) for number in range(task["agents"])]
    queues = [
        Queue.objects.get_or_create(
            title=name, slug=name.lower(), email_address=f"{name.lower()}@example.org"
        )[0]
        for name in task["queues"]
    ]
    held = Ticket.objects.count()
    # Replies of earlier measurements leave the number of tickets as it is.
    if held != task["tickets"]:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE helpdesk_ticket CASCADE")
        print("fill", flush=True)
        _fill(agents, queues)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    else:
        print("filled", flush=True)
    with_ten = Ticket.objects.annotate(said=Count("followup")).filter(said=10).order_by("-pk")
    client = Client()
    client.force_login(agents[0])
    answer = {
        "tickets": Ticket.objects.count(),
        "follow_ups": FollowUp.objects.count(),
        "session": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "with_ten": list(with_ten.values(*SHOWN)[: task["cases"]]),
        "queue": queues[0].pk,
        "described": list(Ticket.objects.order_by("-pk").values_list("description", flat=True)[:200]),
    }
    print(json.dumps(answer), flush=True)


def _agent(number: int) -> User:
    name = f"agent{number}"
    return User.objects.filter(username=name).first() or User.objects.create_superuser(
        name, f"{name}@example.org"
    )


def _fill(agents: list[User], queues: list[Queue]) -> None:
    number = 0
    while lines := [line for _, line in zip(range(BATCH), sys.stdin, strict=False)]:
        tickets, follow_ups = [], []
        for told in map(json.loads, lines):
            number += 1
            agent = agents[told["agent"]].pk if told["agent"] is not None else None
            tickets.append(_ticket(number, told, agent, queues[told["queue"]].pk))
            follow_ups += _follow_ups(number, told, agents)
        _copy(Ticket, TICKET, tickets)
        _copy(FollowUp, FOLLOW_UP, follow_ups)
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(pg_get_serial_sequence('helpdesk_ticket', 'id'), %s)", [number])


def _ticket(number: int, told: dict[str, Any], agent: int | None, queue: int) -> tuple[Any, ...]:
    at, changed = datetime.fromisoformat(told["at"]), datetime.fromisoformat(told["changed"])
    said = told["description"], told["resolution"]
    place = number, told["title"][:200], queue, at, changed, told["email"], agent
    return (*place, STATUS[told["status"]], False, *said, told["priority"], f"secret-{number}")


def _follow_ups(number: int, told: dict[str, Any], agents: list[User]) -> Iterator[tuple[Any, ...]]:
    for at, title, comment, public, agent, status in told["follow_ups"]:
        by = agents[agent].pk if agent is not None else None
        yield number, datetime.fromisoformat(at), title, comment, public, by, STATUS.get(status)


def _copy(model: type[models.Model], columns: list[str], rows: list[tuple[Any, ...]]) -> None:
    table = model._meta.db_table
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


prepare()
