"""By which cases are found: the orders of the queue, and what else pages and jobs ask for."""

from datetime import UTC, datetime

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from .choices import ACTIVE, DONE, Status, WaitingOn
from .search import PENDING, Block, words_of

QUEUED = Q(status__in=ACTIVE, snoozed_until__isnull=True)  # what the queue shows unless it is asked otherwise
NEEDS_US = QUEUED & Q(waiting_on=WaitingOn.US)
KEPT_WHOLE = Q(status=Status.CLOSED, anonymised=False, merged_into__isnull=True)
# What waits on us comes first, and of that what waits longest, and of that what is worst.
QUEUE_ORDER = ["waiting_on", "waiting_since", "severity", "number"]
NEVER = datetime(9999, 1, 1, tzinfo=UTC)

# The orders of the queue, and the filters of all history in its order, newest first: see
# docs/decisions/queue.md.
INDEXES = [
    models.Index(fields=QUEUE_ORDER, condition=QUEUED, name="queue_waiting"),
    models.Index(
        fields=["severity", "waiting_on", "waiting_since", "number"],
        condition=QUEUED,
        name="queue_severity",
    ),
    models.Index(Coalesce("due_at", NEVER), *QUEUE_ORDER, condition=QUEUED, name="queue_due"),
    models.Index(fields=["due_at"], condition=QUEUED & Q(due_at__isnull=False), name="queue_with_due_time"),
    models.Index(fields=["changed_at", "number"], condition=QUEUED, name="queue_activity"),
    models.Index(fields=["number"], condition=QUEUED, name="queue_newest"),
    models.Index(
        fields=["snoozed_until", "number"],
        condition=Q(snoozed_until__isnull=False),
        name="queue_snoozed",
    ),
    models.Index(
        fields=["escalated_to", "number"],
        condition=Q(escalated_to__isnull=False),
        name="queue_escalated",
    ),
    models.Index(fields=["take_by"], condition=Q(take_by__isnull=False), name="cases_to_take"),
    models.Index(
        fields=["team", "number"], condition=NEEDS_US & Q(assignee__isnull=True), name="cases_to_deal"
    ),
    models.Index(
        fields=["assignee", "team", "number"],
        condition=NEEDS_US & Q(assignee__isnull=False),
        name="cases_in_hand",
    ),
    models.Index(fields=["closes_at"], condition=Q(closes_at__isnull=False), name="cases_closing"),
    *(
        models.Index(fields=[field, "number"], name=f"cases_by_{field}")
        for field in ("status", "severity", "priority", "area", "system", "assignee", "team")
    ),
    GinIndex(fields=["tags"], name="cases_by_tag"),
    models.Index(fields=["system", "opened_at"], name="reports_of_system"),
    models.Index(
        fields=["incident", "number"],
        condition=Q(incident__isnull=False),
        name="cases_of_incident",
    ),
    models.Index(fields=["resolved_at", "number"], condition=KEPT_WHOLE, name="cases_to_anonymise"),
    models.Index(fields=["claimed_email", "number"], condition=~Q(claimed_email=""), name="cases_claiming"),
    *(
        models.Index(fields=[owner, "-last_public_at", "-number"], condition=which, name=f"{name}_of_{owner}")
        for owner in ("customer", "organisation")
        for name, which in (("cases", None), ("open", Q(status__in=ACTIVE)), ("spam", Q(spam=True)))
    ),
    *(
        models.Index(
            fields=[owner, "-last_public_at", "-number"],
            include=["system", "team", "escalated_to"],  # by which a limit chooses
            condition=Q(status__in=DONE, spam=False),
            name=f"past_of_{owner}",
        )
        for owner in ("customer", "organisation")
    ),
    models.Index(fields=["number"], condition=Q(spam=True), name="cases_that_are_spam"),
    GinIndex("search", Block("number"), name="case_words", gin_pending_list_limit=PENDING),
    GinIndex(
        words_of("root_cause"),
        Block("number"),
        condition=~Q(root_cause=""),
        name="root_cause_words",
        gin_pending_list_limit=PENDING,
    ),
]
