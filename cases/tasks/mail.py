"""Jobs that send mail."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

from cases.actions import accounts, copies, deliveries, forwards, notice_mail
from cases.actions import mail_test as test
from cases.mail.invitations import message_of
from cases.mail.letter import letter_of
from cases.mail.links import fresh_link
from cases.mail.outbound import message_about
from cases.mail.sending import Patiently
from cases.mail.threads import own_id
from cases.mail.together import take_what_waits, waits
from cases.models import Case, Event, Invitation, Preferences, User
from cases.models.preferences import preferences_of

MOST_DIGESTS = 500  # of one minute


@app.task(name="cases.tasks.mail_event", queue="mail", retry=Patiently(), pass_context=True)
def mail_event(context: JobContext, event: int, beside: list[int] | None = None) -> None:
    """Mail this event and those beside it. A visitor gets an account without a name, to sign in with."""
    whole = Event.objects.select_related("case__customer", "case__assignee", "case__system", "author")
    found = whole.get(pk=event)
    if waits(found) and notice_mail.mail_after_quiet_hours(found, beside):
        return
    with transaction.atomic():  # whoever tries again knows what it takes along, and that the digest has it
        if is_new := beside is None:
            beside = take_what_waits(context.job) if waits(found) else []
        events = [found, *whole.filter(pk__in=beside)]
        if is_new:
            notice_mail.keep_for_digest(events)
    message = message_about(*events)
    if message and message.to == [found.case.claimed_email]:
        accounts.customer_for(found.case.claimed_email)
    deliveries.deliver(message, events=events)


@app.task(name="cases.tasks.mail_beside", queue="mail", retry=Patiently(), pass_context=True)
def mail_beside(
    context: JobContext, event: int, copy: int | None = None, beside: list[int] | None = None
) -> None:
    """Mail somebody in copy of a case this event and those beside it, or somebody outside what is forwarded to them."""
    if copy is None:
        forwards.mail(event)
    else:
        copies.mail([event, *(take_what_waits(context.job) if beside is None else beside)], copy)


@app.task(name="cases.tasks.mail_text", queue="mail", retry=Patiently(), pass_context=True, priority=1)
def mail_text(
    context: JobContext, to: str, subject: str, body: str, until: str | None = None, event: int | None = None
) -> None:
    """Mail about an account, before all that waits: somebody may want to sign in."""
    headers = {"Message-ID": own_id(f"mail-{context.job.id}")}
    message = letter_of(body, subject=subject, to=to, headers=headers)
    events, end = Event.objects.filter(pk=event), datetime.fromisoformat(until) if until else None
    deliveries.deliver(message, events=list(events) if event else [], until=end)


@app.task(name="cases.tasks.mail_test", queue="mail", pass_context=True, priority=1)
def mail_test(context: JobContext, person: int) -> None:
    """Mail an administrator what they asked for to see whether mail goes."""
    for found in User.objects.filter(pk=person):
        test.send(context.job.id or 0, found)


@app.task(name="cases.tasks.mail_invitation", queue="mail", retry=Patiently())
def mail_invitation(invitation: int) -> None:
    """Mail somebody the link with which they accept, unless they were erased since."""
    for found in Invitation.objects.filter(pk=invitation):
        deliveries.deliver(message_of(found))


@app.task(name="cases.tasks.mail_fresh_link", queue="mail", retry=Patiently(), pass_context=True)
def mail_fresh_link(context: JobContext, case: int, person: int) -> None:
    """Mail somebody another link to their case in the place of one that is over."""
    message_id = own_id(f"link-{context.job.id}")
    deliveries.deliver(fresh_link(Case.objects.get(pk=case), User.objects.get(pk=person), message_id))


@app.task(name="cases.tasks.mail_notices", queue="mail", retry=Patiently(alone=True))
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


@app.task(name="cases.tasks.mail_digest", queue="mail", retry=Patiently(alone=True))
def mail_digest(person: int) -> None:
    """Mail somebody what they chose to read in the morning, unless they were erased since."""
    for to in map(preferences_of, User.objects.filter(pk=person)):
        notice_mail.send_digest(to)
