"""What a search finds, for whom, in which order, and how far it looks."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from cases import search
from cases.actions import conversation, resolution
from cases.actions.recording import history
from cases.models import Case
from cases.search import find
from tests.factories import CaseFactory, UserFactory


def found(viewer, text, cases=None, **options):
    cases = Case.objects.visible_to(viewer) if cases is None else cases
    return [hit.number for hit in find(viewer, cases, text, **options).best()]


def opened(days_ago, **fields):
    with history(timezone.now() - timedelta(days=days_ago)):
        return CaseFactory(**fields)


def test_everything_said_is_found(ada, case):
    conversation.reply(case, by=ada, body="Is it the one at the door?")
    conversation.add_note(case, by=ada, body="A so called feature.")
    resolution.resolve(case, by=ada, resolution="Swapped the chip.", root_cause="Moisture behind the counter.")
    CaseFactory(summary="Something else", description="Quite different.")
    for text in ("doors", '"so called"', "swapping", "moisture", "card reader", "every cards"):
        assert found(ada, text) == [case.number], text
    for text in ("zebra", "door zebra", "door -one", '"reader card"'):
        assert found(ada, text) == [], text
