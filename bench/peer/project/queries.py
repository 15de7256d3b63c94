"""How many SQL queries each page takes. Reads pages as JSON, writes numbers; a wrong answer ends it."""

import json
import sys

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

found = []
for page in json.load(sys.stdin):
    request = page["requests"][0]
    client = Client()
    with CaptureQueriesContext(connection) as captured:
        ask = client.get if request["form"] is None else client.post
        response = ask(request["path"], request["form"], headers={"Host": "127.0.0.1"} | request["headers"])
    if response.status_code != page["status"]:
        where = response.headers.get("Location", "")
        sys.exit(f"{page['name']} answered {response.status_code} {where} instead of {page['status']}.")
    found.append(len(captured))
print(json.dumps(found))
