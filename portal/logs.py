"""What a lost database says in the log: one line, not the way there."""

import logging

import psycopg


def is_lost(error: BaseException | None) -> bool:
    """Whether the database was away, or took too long, at the bottom of an error."""
    while error:
        if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
            return True
        error = error.__cause__ or error.__context__
    return False


def briefly(record: logging.LogRecord) -> bool:
    """A filter. `portal.jobs` says itself that jobs are interrupted, so what procrastinate says of it is left out."""
    error = record.exc_info[1] if record.exc_info else None
    if not is_lost(error):
        return True
    if record.name.startswith("procrastinate") and not getattr(record, "action", "").startswith("job_"):
        return False
    while error and (error.__cause__ or error.__context__):
        error = error.__cause__ or error.__context__
    record.msg, record.args = f"{record.getMessage()}: {' '.join(str(error).split())}", None
    record.exc_info = record.exc_text = None
    return True
