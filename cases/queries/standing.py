"""How a case stands by what happened in it, with every merge that was taken back left out."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Self

from cases.models import Case, Kind, Role, Status, WaitingOn
from cases.models.choices import DONE
from cases.models.kinds import KINDS
from cases.models.turn import turn_said


@dataclass
class Brought:
    """What came along from a case that goes on in this one: since when it waits for us, and what it asked for."""

    case: int
    since: datetime | None = None
    requests: list[str] = field(default_factory=list)
    incident: int | None = None

    @classmethod
    def read(cls, kept: dict[str, Any]) -> Self:
        return cls(kept["case"], _time(kept["since"]), [*kept["requests"]], kept["incident"])

    def as_json(self) -> dict[str, Any]:
        since = self.since and self.since.isoformat()
        return {"case": self.case, "since": since, "requests": self.requests, "incident": self.incident}


class Counted(NamedTuple):
    """An event that was not taken back, and of a merge what it brought that is still here."""

    event: Any
    brought: list[Brought]


def effective(events: Iterable[Any], gone: Iterable[int] = ()) -> list[Counted]:
    """The events without each merge and mark as spam that was taken back, and without what tells of that.

    `gone` are cases whose separation is not recorded yet.
    """
    left, counted, taken_back = set(gone), [], False
    for event in reversed([*events]):
        if event.kind == Kind.UNMERGED:
            left.add(event.details["case"])
        elif event.kind == Kind.UNSPAM:
            taken_back = True
        elif event.kind == Kind.SPAM and taken_back:
            taken_back = False
        elif event.kind != Kind.MERGED:
            counted.append(Counted(event, []))
        else:
            number, brought = event.details["case"], [*map(Brought.read, event.details.get("brought", []))]
            if number not in left:
                counted.append(Counted(event, [one for one in brought if one.case not in left]))
            left -= {number, *(one.case for one in brought)}
    return counted[::-1]


@dataclass
class Standing:
    """How a case stands after its events so far: a fold, one `apply` an event.

    What its own events say and what other cases brought are kept apart, so that either can be without the other.
    """

    status: Status = Status.OPEN
    own_turn: WaitingOn = WaitingOn.US
    own_since: datetime | None = None
    own_requests: list[str] = field(default_factory=list)
    brought: list[Brought] = field(default_factory=list)
    snoozed_until: datetime | None = None

    @classmethod
    def read(cls, kept: dict[str, Any]) -> Self:
        return cls(
            Status(kept["status"]),
            WaitingOn(kept["own_turn"]),
            _time(kept["own_since"]),
            [*kept["own_requests"]],
            [*map(Brought.read, kept["brought"])],
            _time(kept["snoozed_until"]),
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "status": self.status,
            "own_turn": self.own_turn,
            "own_since": self.own_since and self.own_since.isoformat(),
            "own_requests": self.own_requests,
            "brought": [one.as_json() for one in self.brought],
            "snoozed_until": self.snoozed_until and self.snoozed_until.isoformat(),
        }

    @property
    def asked_since(self) -> list[datetime]:
        """Since when each of those waits for us that do."""
        own = [self.own_since] if self.own_turn == WaitingOn.US and self.own_since else []
        return [*own, *(one.since for one in self.brought if one.since)]

    @property
    def waiting_on(self) -> WaitingOn:
        return WaitingOn.US if self.asked_since else self.own_turn

    @property
    def waiting_since(self) -> datetime | None:
        return min(self.asked_since, default=self.own_since)

    @property
    def requests(self) -> list[str]:
        """What the customer is asked for."""
        return [*self.own_requests, *(what for one in self.brought for what in one.requests)]

    def apply(self, event: Any, brought: list[Brought]) -> None:
        kind = Kind(event.kind)
        self.status = Status(event.changes.get("status", [None, self.status])[1])
        if kind == Kind.MERGED and "merged_into_id" not in event.changes:
            self.brought += brought
        last_one = self._request(kind, event)
        self._turn(kind, event, last_one)
        self._sleep(kind, event, wakes=any(one.since for one in brought))

    def _request(self, kind: Kind, event: Any) -> bool:
        """Follow what is asked for. Returns whether the last of it is now asked for no more."""
        lists = [self.own_requests, *(one.requests for one in self.brought)]
        by_reply = kind == Kind.REPLY and event.role == Role.CUSTOMER
        if self.status in DONE or (by_reply and not event.details.get("leaves_requests")):
            for one in lists:
                one.clear()
        elif kind == Kind.REQUESTED:
            self.own_requests.append(event.details["request"])
        elif kind in (Kind.GIVEN, Kind.WITHDRAWN):
            known = next((one for one in lists if event.details["request"] in one), None)
            if known is not None:
                known.remove(event.details["request"])
                return not self.requests
        return False

    def _turn(self, kind: Kind, event: Any, last_one: bool) -> None:
        """Turn it to whom the event says. Our word to the customer answers what was brought as well."""
        said, at, fresh = turn_said(kind, Role(event.role), self.status), event.at, kind == Kind.OPENED
        promised_in: list[int] = []  # cases that go on in this one and for which it waits on us still
        if kind == Kind.WITHDRAWN:
            said = WaitingOn.US if last_one and self.own_turn == WaitingOn.CUSTOMER else None
        elif "waiting_on" in event.changes and kind != Kind.MERGED:
            said, fresh = WaitingOn(event.changes["waiting_on"][1]), True
            promised_in = event.details.get("promised_in", promised_in)
            said = WaitingOn.CUSTOMER if promised_in else said
        elif not event.public:
            said = None
        if said is None:
            return
        answers = fresh or said != WaitingOn.US
        if fresh or said != (self.own_turn if said == WaitingOn.US else self.waiting_on):
            self.own_turn, self.own_since = said, at
        if answers:
            for one in self.brought:
                one.since = at if one.case in promised_in else None

    def _sleep(self, kind: Kind, event: Any, *, wakes: bool) -> None:
        """Some deeds wake it, be it awake for another reason, and one that is over does not sleep."""
        if wakes or self.status in DONE or event.role in KINDS[kind].wakes:
            self.snoozed_until = None
        elif "snoozed_until" in event.changes and kind != Kind.MERGED:
            self.snoozed_until = _time(event.changes["snoozed_until"][1])


def standing_after(events: Iterable[Any], gone: Iterable[int] = ()) -> Standing:
    """How the case stands after all of them."""
    standing = Standing()
    for event, brought in effective(events, gone):
        standing.apply(event, brought)
    return standing


def standing_of(case: Case, gone: Iterable[int] = ()) -> Standing:
    """The same of all events of a case."""
    events = case.events.order_by("sequence")
    return standing_after(events.only("kind", "role", "public", "details", "changes", "at"), gone)


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
