"""The same clocks, minute by minute: slow, and written without a look at how the fast ones do it."""

from collections import Counter
from datetime import UTC, time, timedelta

from cases.clock.clocks import Measure
from cases.clock.progress import ClockEventKind as Kind

MINUTE = timedelta(minutes=1)
ANSWERS = {Kind.ANSWERED, Kind.UPDATED, Kind.REQUESTED, Kind.RESOLVED}
UPDATES = {Kind.ANSWERED, Kind.UPDATED, Kind.REQUESTED, Kind.PROMISED}
ENDS = {Kind.RESOLVED, Kind.CLOSED}


class Wall:
    """The clock on the wall of an office with these hours."""

    def __init__(self, calendar):
        self.zone, self.holidays = calendar.zone, calendar.holidays
        self.open = [
            {minute for opens, closes in hours for minute in range(_minute(opens), _minute(closes) or 1440)}
            for hours in calendar.weekly
        ]

    def shows_open(self, at):
        """Whether it shows an open minute."""
        wall = at.astimezone(self.zone)
        return wall.hour * 60 + wall.minute in self.open[wall.weekday()] and wall.date() not in self.holidays

    def open_minutes(self, start, end):
        return [at for at in minutes(start, end) if self.shows_open(at)]


def _minute(wall: time):
    return wall.hour * 60 + wall.minute


def minutes(start, end):
    at = start.astimezone(UTC)
    while at < end:
        yield at
        at += MINUTE


class Hand:
    """One clock, moved by hand."""

    def __init__(self, measure, target, at):
        self.measure, self.target, self.started = measure, target, at
        self.limit = target / MINUTE
        self.ended = self.missed = None
        self.spent = self.closed = 0
        self.paused = Counter()

    def look(self, at, pause):
        if not pause and self.missed is None and self.spent >= self.limit:
            self.missed = at

    def move(self, is_open, pause):
        if pause:
            self.paused[pause] += 1
        elif is_open:
            self.spent += 1
        else:
            self.closed += 1


def simulate(targets, calendar, events, now):
    """The clocks of a case, found by asking in every minute how it stands."""
    wall = Wall(calendar)
    past = [(event.at.astimezone(UTC), event) for event in events if event.at <= now]
    opened = min((at for at, event in past if event.kind is Kind.OPENED), default=None)
    if opened is None:
        return []
    by_minute = {}
    for at, event in past:
        by_minute.setdefault(at, []).append(event)

    first = Hand(Measure.FIRST_RESPONSE, targets.first_response, opened)
    resolution = Hand(Measure.RESOLUTION, targets.resolution, opened)
    rounds, current = [], None
    turn, snoozed, solved, requested = "us", False, False, "the customer"

    at = opened
    while True:
        for event in by_minute.get(at, []):
            kind = event.kind
            if solved:
                if kind is Kind.REOPENED:
                    solved, turn, snoozed, requested = False, "us", False, "the customer"
                    resolution.ended = None
                    if first.ended:
                        current = Hand(Measure.NEXT_UPDATE, targets.next_update, at)
                        rounds.append(current)
                continue
            if kind in ENDS:
                solved, snoozed = True, False
                resolution.ended = at
            if kind in ANSWERS:
                first.ended = first.ended or at
            gives_the_turn = kind is Kind.NEEDED and not event.reason and turn == "customer"
            if current and kind in UPDATES | ENDS:
                current.ended, current = at, None
            if kind in (Kind.ANSWERED, Kind.REQUESTED):
                turn, requested = "customer", event.reason or requested
            if kind is Kind.NEEDED and turn == "customer" and event.reason:
                requested = event.reason
            ours = kind in (Kind.UPDATED, Kind.PROMISED, Kind.ASKED, Kind.REOPENED) or gives_the_turn
            if ours:
                turn, requested = "us", "the customer"
            if ours and first.ended and not current:
                current = Hand(Measure.NEXT_UPDATE, targets.next_update, at)
                rounds.append(current)
            if kind is Kind.SNOOZED:
                snoozed = True
            if kind in (Kind.WOKEN, Kind.ASKED, Kind.REOPENED):
                snoozed = False

        snooze = "snoozed" if snoozed else ""
        hands = [(hand, snooze) for hand in (first, current) if hand and not hand.ended]
        if solved:
            hands = [(hand, "resolved") for hand, _ in hands] + [(resolution, "resolved")]
        else:
            hands.append((resolution, f"waiting for {requested}" if turn == "customer" else snooze))
        for hand, pause in hands:
            hand.look(at, pause)
        if at >= now:
            break
        is_open = wall.shows_open(at)
        for hand, pause in hands:
            hand.move(is_open, pause)
        at += MINUTE

    if solved:
        since = round((now - resolution.ended) / MINUTE)
        resolution.paused["resolved"] -= since
    dues = dict.fromkeys(id(hand) for hand in [first, resolution, *rounds])
    for hand, pause in hands:
        if not pause and not solved:
            dues[id(hand)] = hand.missed or until_due(hand, wall, now)
    return [
        {
            "measure": hand.measure,
            "started": hand.started,
            "ended": hand.ended,
            "missed": hand.missed,
            "due": dues[id(hand)],
            "spent": hand.spent * MINUTE,
            "closed": hand.closed * MINUTE,
            "paused": {reason: count * MINUTE for reason, count in hand.paused.items() if count},
        }
        for hand in [first, *rounds, resolution]
    ]


def until_due(hand, wall, now):
    """When the clock will be up if nothing else happens."""
    at, spent = now.astimezone(UTC), hand.spent
    while spent < hand.limit:
        spent += wall.shows_open(at)
        at += MINUTE
    return at
