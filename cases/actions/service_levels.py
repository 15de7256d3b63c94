"""Changed service levels reach the open cases: asked for with the change, done by a job, case by case."""

from collections.abc import Iterable
from logging import getLogger

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from cases.live.nudge import QUEUE, nudge
from cases.models import Bulk, BulkItem, Case, User

from .bulk import LEVELS
from .deadlines import recompute

NUDGED = 100  # cases, after which open queues look again

log = getLogger(__name__)


@transaction.atomic
def apply(*, by: User, label: str, cases: Iterable[int]) -> Bulk:
    """Ask for all `cases`, by number, to be brought up to date. `label` says for people what was changed."""
    bulk = Bulk.objects.create(by=by, change={"name": LEVELS, "value": None, "label": label})
    items = [BulkItem(bulk=bulk, case_id=number) for number in cases]
    BulkItem.objects.bulk_create(items, batch_size=2000)
    app.configure_task("cases.tasks.apply_levels").defer(bulk=bulk.pk)
    return bulk


def run(bulk: Bulk) -> None:
    """Do what is left of it. May be begun again after a crash, and by several workers at once.

    A case gets the levels that hold when its turn comes, so a later change needs not wait for this one.
    """
    items = bulk.items.filter(done_at=None).order_by("case").values_list("pk", flat=True)
    for number, item in enumerate(items, start=1):
        _do(item)
        if number % NUDGED == 0:
            nudge(QUEUE)
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
    except Exception:
        log.exception("The service levels of case %s could not be brought up to date", item.case_id)
        item.refused = "Something went wrong here, so this case is due as before."
    item.done_at = timezone.now()
    item.save(update_fields=["done_at", "refused"])
