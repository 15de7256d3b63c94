"""Jobs that tell devices."""

from procrastinate.contrib.django import app

from cases.actions import push
from cases.models import PushDevice, User

from .retrying import PATIENTLY


@app.task(name="cases.tasks.push_notices", queue="push", retry=PATIENTLY)
def push_notices(person: int) -> None:
    """Have somebody's devices told of what waits for that."""
    for whom in User.objects.filter(pk=person):
        push.hand_out(whom)


@app.task(name="cases.tasks.push_to", queue="push", retry=PATIENTLY)
def push_to(device: int, things: list[tuple[int, str]]) -> None:
    """Tell one device of events, each with why, unless it has ended since."""
    for found in PushDevice.objects.select_related("person__limit").filter(pk=device):
        push.send(found, things)
