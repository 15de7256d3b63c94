"""What is asked of django-helpdesk: the pages that stand beside Caseline's."""

import base64
import json
import re
from typing import Any
from urllib.parse import quote

from bench import words
from bench.scene import FAR, Page, Request

ROWS = 30  # as many as a page of Caseline's queue holds
ALL = {"filtering": {}, "filtering_null": {}, "sorting": "created", "sortreverse": None, "search_string": ""}
BESIDE = {
    "dashboard": "queue",
    "list, rows": "queue",
    "list, all, rows of page 1": "queue, all, page 1",
    f"list, all, rows of page {FAR}": f"queue, all, page {FAR}",
    "list, 3 filters and a sort": "queue, 3 filters and a sort",
    "search, rare word": "search, rare word",
    "search, common word": "search, common word",
    "search, 2 words and a filter": "search, 2 words and a filter",
    "ticket": "case, desk",
    "reply": "reply, desk",
}


def pages(known: dict[str, Any], visitors: int) -> list[Page]:
    """Its pages, those that write last. Its list is an empty page and the rows that a script fetches for it."""
    csrf = "c" * 32
    headers = {"Cookie": f"sessionid={known['session']}; csrftoken={csrf}", "X-CSRFToken": csrf}
    first, second, third = words.common(3)

    def reads(name: str, path: str) -> Page:
        return Page(name, [Request(path, headers)] * visitors)

    def rows(name: str, start: int = 0, **query: Any) -> Page:
        encoded = base64.b64encode(json.dumps(ALL | query).encode()).decode()
        return reads(
            name, f"/datatables_ticket_list/{quote(encoded, '/')}?draw=1&start={start}&length={ROWS}"
        )

    read, *written = known["with_ten"]
    usual = {"status__in": [1, 2]}
    three = {"status__in": [4], "priority__in": [2], "queue__id__in": [known["queue"]]}
    return [
        reads("dashboard", "/dashboard/"),
        reads("list, without its rows", "/tickets/"),
        rows("list, rows", filtering=usual, sortreverse=False),
        rows("list, all, rows of page 1"),
        rows(f"list, all, rows of page {FAR}", start=ROWS * (FAR - 1)),
        rows("list, 3 filters and a sort", filtering=three, sortreverse="1"),
        rows("search, rare word", search_string=_rare(known["described"])),
        rows("search, common word", search_string=first),
        rows(
            "search, 2 words and a filter",
            search_string=f"{second} {third}",
            filtering={"queue__id__in": [known["queue"]]},
        ),
        reads("ticket", f"/tickets/{read['pk']}/"),
        Page(
            "reply",
            [
                Request(f"/tickets/{ticket['pk']}/update/", headers, _reply(ticket, csrf))
                for ticket in written[:visitors]
            ],
            302,
        ),
    ]


def _rare(texts: list[str]) -> str:
    """The newest error that a description names."""
    return next((found[0] for text in texts if (found := re.findall(r"Error \d{4,}", text))), "Error 12345")


def _reply(ticket: dict[str, Any], csrf: str) -> dict[str, str]:
    """A public comment that changes nothing else."""
    return {
        "csrfmiddlewaretoken": csrf,
        "comment": "We have found the cause and are working on it. Thank you for the log that you sent.",
        "public": "1",
        "new_status": str(ticket["status"]),
        "queue": str(ticket["queue_id"]),
        "title": ticket["title"],
        "priority": str(ticket["priority"]),
        "owner": "-1",
        "submitter_email": ticket["submitter_email"],
    }
