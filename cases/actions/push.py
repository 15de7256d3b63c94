"""People have their devices told of notices while no page of ours is open, each through its push service."""

import json
import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, cast

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from cases.live import push
from cases.live.push_message import CURVE, from_base64, point, to_base64
from cases.mail.notices import joined_push_turn_of, push_turn_of
from cases.models import Event, Notification, PushDevice, PushKey, Refused, ToMail, User, Way
from cases.models.preferences import preferences_of
from cases.models.push_device import LONGEST_ENDPOINT
from cases.models.sealing import seal, unseal
from cases.wording import notices

log = logging.getLogger(__name__)

MOST_DEVICES = 10  # of one person
MOST_AT_ONCE = 3  # more than that is one message with a number
LONGEST = timedelta(days=30)  # without a sign-in there
NOT_YOURS = "Push doesn’t work in this browser: we don’t know its push service."


def public_key() -> str:
    """Ours, as a browser takes it."""
    return to_base64(point(_key().public_key()))


@transaction.atomic
def subscribe(*, by: User, session: str, endpoint: str, p256dh: str, auth: str, summary: bool) -> PushDevice:
    """Tell this device too, be it again after another sign-in there. Raises Refused."""
    if len(endpoint) > LONGEST_ENDPOINT or not push.is_service(endpoint):
        raise Refused(NOT_YOURS)
    try:
        keys = {"p256dh": from_base64(p256dh), "auth": from_base64(auth)}
        ec.EllipticCurvePublicKey.from_encoded_point(CURVE, keys["p256dh"])
    except ValueError:
        raise Refused("The browser sent invalid keys. Tick the box again.") from None
    if len(keys["auth"]) != 16:
        raise Refused("The browser sent invalid keys. Tick the box again.")
    asked = {"person": by, "session_key": session, "signed_by": _signed_by(by), "since": timezone.now()}
    device, _ = PushDevice.objects.update_or_create(
        endpoint=endpoint, defaults=asked | keys | {"summary": summary}
    )
    newest = PushDevice.objects.filter(person=by).order_by("-since").values("pk")[:MOST_DEVICES]
    PushDevice.objects.filter(person=by).exclude(pk__in=list(newest.values_list("pk", flat=True))).delete()
    return device


def unsubscribe(endpoint: str, *, by: User) -> None:
    if push.is_service(endpoint):
        PushDevice.objects.filter(person=by, endpoint=endpoint).delete()


def forget(**whose: Any) -> None:
    """Tell no device any more of this `person`, or of this `session_key`, which has ended."""
    PushDevice.objects.filter(**whose).delete()


@transaction.atomic
def hand_out(person: User) -> None:
    """Have each device told of what waits for that, after the quiet hours. A few things are told one by one."""
    if until := preferences_of(person).quiet_until_after(timezone.now()):
        _later(person, until)
        return
    waiting = ToMail.objects.select_for_update().filter(person=person, way=Way.PUSH)
    things = list(waiting.order_by("pk").values_list("pk", "event", "why"))
    ToMail.objects.filter(pk__in=[pk for pk, _, _ in things]).delete()
    still = {event.pk for event in _still_for(person, [event for _, event, _ in things])}
    told = [(event, why) for _, event, why in things if event in still]
    messages = [told] if len(told) > MOST_AT_ONCE else [[one] for one in told]
    for device in PushDevice.objects.filter(person=person):
        for message in messages:
            app.configure_task("cases.tasks.push_to").defer(
                device=device.pk, things=[[event, why] for event, why in message]
            )


def _still_for(person: User, events: list[int]) -> QuerySet[Event]:
    """Those of the events that they see still, and have not read since."""
    read = Notification.objects.filter(agent=person, event=OuterRef("pk"), read_at__isnull=False)
    return Event.objects.visible_to(person).filter(~Exists(read), pk__in=events)


def _later(person: User, until: datetime) -> None:
    with suppress(AlreadyEnqueued), transaction.atomic():
        app.configure_task(
            "cases.tasks.push_notices",
            lock=push_turn_of(person.pk),
            queueing_lock=joined_push_turn_of(person.pk),
            schedule_at=until,
        ).defer(person=person.pk)


def send(device: PushDevice, things: Sequence[tuple[int, str]]) -> None:
    """Tell one device of these events, each with why, or how many they are: of what its person is still to hear.

    Raises NotNow.
    """
    person = device.person
    is_over = device.since < timezone.now() - LONGEST or device.signed_by != _signed_by(person)
    if not person.is_agent or is_over:
        forget(pk=device.pk)
        return
    left = list(_still_for(person, [event for event, _ in things]).select_related("case__system", "author"))
    if not left:
        return
    said = notices.several(len(left))
    if len(left) == 1:  # as it is now: what was removed meanwhile is in no event
        said = notices.brief(left[0], dict(things)[left[0].pk], summary=device.summary)
    keys = {"p256dh": bytes(device.p256dh), "auth": bytes(device.auth)}
    try:
        push.send(json.dumps(said).encode(), device.endpoint, key=_key(), **keys)
    except push.Gone:
        forget(pk=device.pk)
    except push.NotTaken as error:
        log.warning("A device was not told: %s", error)


def _signed_by(person: User) -> str:
    return str(person.get_session_auth_hash())


def _key() -> ec.EllipticCurvePrivateKey:
    """Made once. Where the portal's secret key is another one by now, all devices ask anew."""
    kept = PushKey.objects.first()
    text = kept and unseal(bytes(kept.sealed))
    if not text:
        made = ec.generate_private_key(CURVE)
        pem = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        with transaction.atomic():
            if kept:
                PushDevice.objects.all().delete()
                kept.delete()
            PushKey.objects.bulk_create([PushKey(pk=1, sealed=seal(pem))], ignore_conflicts=True)
        text = unseal(bytes(PushKey.objects.get(pk=1).sealed)) or pem
    return cast(ec.EllipticCurvePrivateKey, load_pem_private_key(text.encode(), None))
