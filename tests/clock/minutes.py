"""The same clocks, minute by minute: slow, and written without a look at how the fast ones do it."""

from collections import Counter
from datetime import UTC, time, timedelta

from cases.clock.clocks import Measure, What

MINUTE = timedelta(minutes=1)
WORDS_OF_OURS = {What.ANSWERED, What.UPDATED, What.REQUESTED}
ENDS = {What.RESOLVED, What.CLOSED}


def shows_open(calendar, at):
    """Whether the clock on the wall shows an open minute."""
    wall = at.astimezone(calendar.zone)
    if wall.date() in calendar.holidays:
        return False
    return any(
        opens <= wall.time() and (closes == time(0) or wall.time() < closes)
        for opens, closes in calendar.weekly[wall.weekday()]
    )


def minutes(start, end):
    at = start.astimezone(UTC)
    while at < end:
        yield at
        at += MINUTE


def open_minutes(calendar, start, end):
    return sum(shows_open(calendar, at) for at in minutes(start, end))


class Hand:
    """One clock, moved by hand."""

    def __init__(self, measure, target, at):
        self.measure, self.target, self.started = measure, target, at
        self.ended = self.missed = None
        self.spent = self.closed = 0
        self.paused = Counter()

    def look(self, at, pause):
        if not pause and self.missed is None and self.spent * MINUTE >= self.target:
            self.missed = at

    def move(self, is_open, pause):
        if pause:
            self.paused[pause] += 1
        elif is_open:
            self.spent += 1
        else:
            self.closed += 1


def simulate(targets, calendar, moments, now):
    """The clocks of a case, found by asking in every minute how it stands."""
    told = [(moment.at.astimezone(UTC), moment) for moment in moments if moment.at <= now]
    opened = min((at for at, moment in told if moment.what is What.OPENED), default=None)
    if opened is None:
        return []
    by_minute = {}
    for at, moment in told:
        by_minute.setdefault(at, []).append(moment)

    first = Hand(Measure.FIRST_RESPONSE, targets.first_response, opened)
    resolution = Hand(Measure.RESOLUTION, targets.resolution, opened)
    rounds, current = [], None
    turn, asleep, solved, wanted = "us", False, False, "the customer"

    at = opened
    while True:
        for moment in by_minute.get(at, []):
            what = moment.what
            if solved:
                if what is What.REOPENED:
                    solved, turn, asleep, wanted = False, "us", False, "the customer"
                    resolution.ended = None
                    current = Hand(Measure.NEXT_UPDATE, targets.next_update, at)
                    rounds.append(current)
                continue
            if what in ENDS:
                solved, asleep = True, False
                resolution.ended = at
            if what in WORDS_OF_OURS | ENDS:
                first.ended = first.ended or at
                if current:
                    current.ended, current = at, None
            if what in (What.ANSWERED, What.REQUESTED):
                turn, wanted = "customer", moment.reason or wanted
            if what in (What.UPDATED, What.ASKED, What.REOPENED):
                turn, wanted = "us", "the customer"
            if what is What.UPDATED or (what in (What.ASKED, What.REOPENED) and first.ended and not current):
                current = Hand(Measure.NEXT_UPDATE, targets.next_update, at)
                rounds.append(current)
            if what is What.SNOOZED:
                asleep = True
            if what in (What.WOKEN, What.ASKED, What.REOPENED):
                asleep = False

        nap = "snoozed" if asleep else ""
        hands = [(hand, nap) for hand in (first, current) if hand and not hand.ended]
        if solved:
            hands.append((resolution, "resolved"))
        else:
            hands.append((resolution, f"waiting for {wanted}" if turn == "customer" else nap))
        for hand, pause in hands:
            hand.look(at, pause)
        if at >= now:
            break
        is_open = shows_open(calendar, at)
        for hand, pause in hands:
            hand.move(is_open, pause)
        at += MINUTE

    if solved:
        since = round((now - resolution.ended) / MINUTE)
        resolution.paused["resolved"] -= since
    dues = dict.fromkeys(id(hand) for hand in [first, resolution, *rounds])
    for hand, pause in hands:
        if not pause and not solved:
            dues[id(hand)] = hand.missed or until_due(hand, calendar, now)
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


def until_due(hand, calendar, now):
    """When the clock will be up if nothing else happens."""
    at, spent = now.astimezone(UTC), hand.spent
    while spent * MINUTE < hand.target:
        spent += shows_open(calendar, at)
        at += MINUTE
    return at
