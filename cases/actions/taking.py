"""Answering a case that is nobody's takes it, where the installation wants that."""

from typing import Any

from django.conf import settings

from cases.models import Case, Role, User, Viewer

from .events import role_of


def would_take(case: Case, by: Viewer | None) -> bool:
    """Whether an answer by them takes the case: an agent's, while it is nobody's."""
    is_nobodys = settings.ANSWERING_TAKES and case.assignee_id is None
    return is_nobodys and isinstance(by, User) and role_of(by, case) == Role.AGENT


def taken_by(case: Case, by: Viewer | None) -> dict[str, Any]:
    """What their answer changes in the case, as `record` takes it."""
    return {"assignee_id": by.pk} if by and would_take(case, by) else {}
