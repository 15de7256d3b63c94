"""Handing a mail over, and what the answer means: that it is gone, that it never goes, or that it is to be tried again."""

import logging
import random
import smtplib
from time import monotonic
from typing import NamedTuple

from django.core.mail import EmailMessage
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job

from cases.wording.deliveries import reason_of

from . import provider

log = logging.getLogger(__name__)

REST = 20  # seconds for which a mail server that is away is left alone
FIRST_WAIT, LONGEST_WAIT = 10, 30 * 60  # seconds
MOST_TRIES = 300  # of a job that fails for another reason
OVERTAKEN = 8  # tries, about three quarters of an hour, after which a mail holds back the next ones no more
NO_ADDRESS = "not an address"
AWAY = "our mail server cannot be reached"

_is_away, _away_until = False, 0.0


class Later(Exception):
    """It was not sent, and is to be tried again. `ours` says that it is not for the recipient."""

    def __init__(self, reason: str, answer: str = "", *, ours: bool = False) -> None:
        super().__init__(f"{reason} ({answer})" if answer else reason)
        self.reason, self.answer, self.ours = reason, answer, ours


class Never(Later):
    """It is not sent, whoever tries again."""


class Patiently(BaseRetryStrategy):
    """Soon at first, then ever more seldom, at last twice an hour. Who gives up is whoever sends.

    What is late lets the next ones pass, unless all of them send the same: then it stays `alone`.
    """

    def __init__(self, *, alone: bool = False) -> None:
        self.alone = alone

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if job.attempts >= MOST_TRIES:
            return None
        wait = min(FIRST_WAIT * 2 ** min(job.attempts, 10), LONGEST_WAIT) * random.uniform(0.9, 1.1)  # noqa: S311
        is_passed = job.lock and job.attempts == OVERTAKEN and not self.alone
        lock = f"{job.lock}, late: {job.id}" if is_passed else None
        return RetryDecision(retry_in={"seconds": int(wait)}, lock=lock)


class Answer(NamedTuple):
    code: int
    words: str

    @classmethod
    def of(cls, code: int, words: bytes | str) -> "Answer":
        text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
        return cls(code, f"{code} {' '.join(text.split())}"[:500])

    def __str__(self) -> str:
        return self.words


def send(message: EmailMessage) -> None:
    """Hand it over. Raises Later, or Never.

    While the mail server is away, nobody but one in REST seconds waits for it.
    """
    global _is_away, _away_until
    if _is_away and monotonic() < _away_until:
        raise Later(AWAY, ours=True)
    provider.mark(message)
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        raise _refused(Answer.of(*next(iter(error.recipients.values())))) from error
    except smtplib.SMTPDataError as error:
        raise _refused(Answer.of(error.smtp_code, error.smtp_error)) from error
    except smtplib.SMTPSenderRefused as error:  # which whoever runs our mail server can mend
        answer = Answer.of(error.smtp_code, error.smtp_error)
        raise Later("our mail server does not take it", str(answer), ours=True) from error
    except OSError as error:  # all else of SMTP is one too
        if not _is_away:
            log.warning("The mail server can’t be reached; email is waiting: %s", error)
        _is_away, _away_until = True, monotonic() + REST
        raise Later(AWAY, " ".join(str(error).split())[:500], ours=True) from error
    except ValueError as error:  # Django makes no mail of it
        raise Never(NO_ADDRESS, str(error)[:500]) from error
    _is_away = False


def _refused(answer: Answer) -> Later:
    return (Never if answer.code >= 500 else Later)(reason_of(answer.words), answer.words)


def forget_that_it_was_away() -> None:
    global _is_away
    _is_away = False
