"""Changed service levels reach the open cases: asked for with the change, done by a job, case by case."""

from itertools import batched
from logging import getLogger

from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from cases.live.nudge import QUEUE, nudge
from cases.models import Bulk, BulkItem, Case, User
from cases.models.choices import ACTIVE
from cases.queries.view_counts import await_writers

from .bulk import LEVELS
from .deadlines import recompute

NUDGED = 100  # cases, after which open queues look again
LISTED = 2000  # cases at once
LONGEST_CHANGE = 60  # seconds that it waits for a transaction that changes cases

log = getLogger(__name__)


@transaction.atomic
def apply(*, by: User, label: str) -> Bulk:
    """Ask for all open cases to be brought up to date. `label` says for people what was changed."""
    change = {"name": LEVELS, "value": None, "label": label, "listed": False}
    bulk = Bulk.objects.create(by=by, change=change)
    app.configure_task("cases.tasks.apply_levels").defer(bulk=bulk.pk)
    return bulk


def run(bulk: Bulk) -> None:
    """Do what is left of it. May be begun again after a crash, and by several workers at once.

    A case gets the levels that hold when its turn comes, so a later change needs not wait for this one.
    """
    if not bulk.is_listed:
        _list(bulk)
    items = bulk.items.filter(done_at=None).order_by("case").values_list("pk", flat=True)
    for number, item in enumerate(items, start=1):
        _do(item)
        if number % NUDGED == 0:
            _nudge_queues()
    _nudge_queues()


def _list(bulk: Bulk) -> None:
    """Write down which cases are open once those transactions are over that may not know of the new levels yet."""
    if not await_writers(LONGEST_CHANGE):
        raise TimeoutError(f"Cases have been changed for {LONGEST_CHANGE} seconds without an end.")
    numbers = (
        Case.objects.filter(status__in=ACTIVE, imported=False).order_by("pk").values_list("pk", flat=True)
    )
    with transaction.atomic():
        for batch in batched(numbers.iterator(), LISTED):
            items = [BulkItem(bulk=bulk, case_id=number) for number in batch]
            BulkItem.objects.bulk_create(items, ignore_conflicts=True)
        bulk.change["listed"] = True
        bulk.save(update_fields=["change"])


def _nudge_queues() -> None:
    """Let open queues look again, which know no event of what was done."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('cases_due_times')")
    nudge(QUEUE)


@transaction.atomic
def _do(pk: int) -> None:
    """One case and the mark that it is done, or neither."""
    item = BulkItem.objects.select_for_update(skip_locked=True).filter(pk=pk, done_at=None).first()
    if item is None:
        return
    try:
        with transaction.atomic():
            recompute(Case(pk=item.case_id))
    except (InterfaceError, OperationalError):  # passes: the job comes again, and this case is still to do
        raise
    except Exception:  # whatever is wrong with one case, the others are brought up to date
        log.exception("The service levels of case %s could not be brought up to date", item.case_id)
        item.refused = "Something went wrong here, so this case is due as before."
    item.done_at = timezone.now()
    item.save(update_fields=["done_at", "refused"])
