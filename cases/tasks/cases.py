"""Jobs that change or count cases."""

from procrastinate.contrib.django import app

from cases.actions import (
    account_merging,
    case_counts,
    erasure,
    limits,
    radar,
    saved_views,
    service_levels,
    tags,
)
from cases.actions.bulk import run
from cases.models import AccountMerge, Bulk, Case, SavedView

from .retrying import PATIENTLY

LONGEST_CHANGE = 60  # seconds that a job waits for a transaction that changes cases


@app.task(name="cases.tasks.run_bulk", queue="bulk", retry=PATIENTLY)
def run_bulk(bulk: int) -> None:
    """Do what is left of a change to many cases, and what comes after the last of them."""
    found = Bulk.objects.select_related("by").get(pk=bulk)
    run(found)
    erasure.finish(found)


@app.task(name="cases.tasks.apply_levels", queue="bulk", retry=PATIENTLY)
def apply_levels(bulk: int) -> None:
    """Bring the open cases up to date that changed service levels have not reached yet."""
    service_levels.run(Bulk.objects.get(pk=bulk))


@app.task(name="cases.tasks.judge_case", queue="radar", retry=PATIENTLY)
def judge_case(case: int) -> None:
    """See whether a case reports what others report."""
    radar.judge(Case.objects.get(pk=case))


@app.task(name="cases.tasks.move_cases", queue="bulk", retry=PATIENTLY)
def move_cases(merge: int) -> None:
    """Give the cases of two merged accounts, or of those taken apart again, to whose they are."""
    account_merging.move_cases(AccountMerge.objects.select_related("kept", "gone").get(pk=merge))


@app.task(name="cases.tasks.count_view", queue="bulk", retry=PATIENTLY)
def count_view(view: int) -> None:
    """Count a view again that was saved while somebody took long to change cases."""
    for found in SavedView.objects.filter(pk=view):
        if not saved_views.count_anew(found, within=LONGEST_CHANGE):
            raise TimeoutError(f"Cases have been changed for {LONGEST_CHANGE} seconds without an end.")


@app.task(name="cases.tasks.count_views", queue="bulk", retry=PATIENTLY)
def count_views() -> None:
    """Count all views anew, since the cases changed that somebody sees."""
    if not limits.count_views(within=LONGEST_CHANGE):
        raise TimeoutError(f"Cases have been changed for {LONGEST_CHANGE} seconds without an end.")


@app.periodic(cron="* * * * *")
@app.task(name="cases.tasks.fold_counts", queueing_lock="fold_counts")
def fold_counts(timestamp: int) -> None:
    """Keep the ledgers of counts short."""
    saved_views.compact()
    case_counts.fold()


@app.task(name="cases.tasks.retag", queue="bulk", retry=PATIENTLY)
def retag(bulk: int) -> None:
    """Give the cases that have a tag the name that it has now."""
    tags.run(Bulk.objects.select_related("by").get(pk=bulk))
