"""Jobs that mail people what concerns them."""

from procrastinate.contrib.django import app

from cases.actions import notice_mail
from cases.mail.sending import Patiently
from cases.models import User
from cases.models.preferences import preferences_of


@app.task(name="cases.tasks.mail_notices", queue="mail", retry=Patiently())
def mail_notices(person: int, joined: bool = False) -> None:
    """Mail somebody what concerns them, after their quiet hours as one, unless they were erased since."""
    for to in map(preferences_of, User.objects.filter(pk=person)):
        if not notice_mail.wait_until_quiet_ends(to):
            notice_mail.send(to, joined=joined)
