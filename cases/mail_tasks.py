"""Jobs that mail people what concerns them."""

from django.utils import timezone
from procrastinate.contrib.django import app

from cases.actions import notice_mail
from cases.mail.sending import Patiently
from cases.models import Preferences, User
from cases.models.preferences import preferences_of

MOST_DIGESTS = 500  # of one minute


@app.task(name="cases.tasks.mail_notices", queue="mail", retry=Patiently())
def mail_notices(person: int, joined: bool = False) -> None:
    """Mail somebody what concerns them, after their quiet hours as one, unless they were erased since."""
    for to in map(preferences_of, User.objects.filter(pk=person)):
        if not notice_mail.wait_until_quiet_ends(to):
            notice_mail.send(to, joined=joined)


@app.periodic(cron="* * * * *")
@app.task(name="cases.tasks.plan_digests", queueing_lock="plan_digests")
def plan_digests(timestamp: int) -> None:
    """Have the digests sent of those for whom it is morning by now, the longest due first."""
    at = timezone.now()
    for due in Preferences.objects.filter(digest_at__lte=at).order_by("digest_at")[:MOST_DIGESTS]:
        notice_mail.plan_digest(due, at=at)


@app.task(name="cases.tasks.mail_digest", queue="mail", retry=Patiently())
def mail_digest(person: int) -> None:
    """Mail somebody what they chose to read in the morning, unless they were erased since."""
    for to in map(preferences_of, User.objects.filter(pk=person)):
        notice_mail.send_digest(to)
