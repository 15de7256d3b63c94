"""Write docs/permissions.md: who may do what, from the table in cases/models/rights.py."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from cases.access import RIGHTS
from cases.models.rights import UserRole

PAGE = Path(settings.BASE_DIR) / "docs" / "permissions.md"
HEAD = """# Who may do what

`manage.py permissions` writes this page from the one table of rights, which `cases/access.py` hands on. Views,
templates and the administration ask that table: `viewer.may(Right.EXPORT)`, `{% if request.user|may:"export" %}`.

"""
FOOT = """
Everybody but an auditor reports problems and follows their own cases. An auditor reads the desk and changes nothing:
every form answers 403. Which cases somebody sees is decided in `visible_to`
([visibility](decisions/visibility.md)), what each address answers to each role in `tests/test_access.py`.
"""


def page() -> str:
    rows = [["right", *(role.label for role in UserRole)]]
    rows += [
        [right.label, *("yes" if role in roles else "" for role in UserRole)]
        for right, roles in RIGHTS.items()
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    lines.insert(1, "| " + " | ".join("-" * width for width in widths) + " |")
    return HEAD + "\n".join(lines) + "\n" + FOOT


class Command(BaseCommand):
    help = "Write docs/permissions.md from the table of rights."

    def handle(self, *args: Any, **options: Any) -> None:
        PAGE.write_text(page())
