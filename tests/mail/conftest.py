import pytest
from procrastinate.contrib.django.models import ProcrastinateJob


@pytest.fixture
def quiet(case):
    """A case whose opening has been mailed about already."""
    ProcrastinateJob.objects.all()._raw_delete("default")
    return case
