"""What a job does, and why it failed, in words."""

from procrastinate.contrib.django.models import ProcrastinateJob

from cases.models import JobFailure

DOES = {
    "apply_levels": "Apply changed service levels to open cases",
    "clear_limits": "Forget old sign-in attempts",
    "clear_sessions": "Forget sessions that have ended",
    "count_view": "Count the cases of a view",
    "count_views": "Count the cases of all views",
    "drop_file": "Delete a removed file",
    "drop_original": "Delete an email of which something was removed",
    "export_person": "Export what is held about a person",
    "fold_counts": "Keep counts short",
    "judge_case": "Compare a report with others",
    "keep_no_longer": "Take people out of old cases",
    "keep_time": "Do what is due",
    "let_out": "Send what an agent wrote",
    "mail_beside": "Mail someone in copy",
    "mail_digest": "Mail a daily digest",
    "mail_event": "Mail about a case",
    "mail_failure": "Mail administrators about a mailbox",
    "mail_fresh_link": "Mail a new link",
    "mail_invitation": "Mail an invitation",
    "mail_notices": "Mail an agent",
    "mail_test": "Send a test mail",
    "mail_text": "Mail about an account",
    "move_cases": "Move the cases of merged accounts",
    "plan_digests": "Plan daily digests",
    "push_notices": "Notify someone’s devices",
    "push_to": "Notify a device",
    "retag": "Rename or merge a tag",
    "retry_stalled": "Restart jobs that were cut off",
    "run_bulk": "Change many cases",
    "sweep_attachments": "Delete files that were not sent",
    "sweep_documents": "Delete documents that were not imported",
    "sweep_exports": "Delete old exports",
    "sweep_secrets": "Delete secrets of closed cases",
    "tidy_after_people": "Tidy up after people who left",
    "try_mailbox": "Test a mailbox",
    "watch_mailboxes": "Watch the mailboxes",
}
WHY = {
    "Later": "The mail server did not take it yet.",
    "Never": "The mail server refused it for good.",
    "OperationalError": "The database was away, or busy.",
    "InterfaceError": "The database was away.",
    "TimeoutError": "It took too long.",
    "ConnectionRefusedError": "Another server did not answer.",
    "DoesNotExist": "What it was about is gone.",
    "Refused": "What it was to do is not allowed any more.",
}


def does(job: ProcrastinateJob) -> str:
    name = job.task_name.rpartition(".")[2]
    return DOES.get(name, name.replace("_", " ").capitalize())


def about(job: ProcrastinateJob) -> str:
    """By key: "event 12". Texts and addresses among what it was given are nobody's to read here."""
    keys = {name: value for name, value in job.args.items() if isinstance(value, int) and name != "timestamp"}
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in keys.items())


def why(failure: JobFailure | None) -> str:
    if failure is None:
        return ""
    return WHY.get(failure.error, f"Something went wrong ({failure.error}). The server’s log says more.")
