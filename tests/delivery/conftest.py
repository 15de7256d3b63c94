import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from .smtp import MailServer


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    """No mail waits for others of its minute."""
    monkeypatch.setattr("cases.mail.together.WAIT", 0)


@pytest.fixture
def server(settings):
    """A mail server, to which the mail of this test goes."""
    with MailServer() as running:
        settings.MAILERS = running.mailer
        yield running


@pytest.fixture
def quiet(case):
    """A case whose opening has been mailed about already."""
    ProcrastinateJob.objects.all()._raw_delete("default")
    return case
