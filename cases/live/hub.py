"""One LISTEN connection for the process, and all streams that hang on it."""

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import Callable

import psycopg

from cases.live.nudge import BUT, CHANNEL, ENDS, QUEUE

log = logging.getLogger(__name__)

# The server is asked this often whether it is still there, in seconds: a dead connection says nothing.
PULSE = 10
LONGEST_PAUSE = 5
# Open queues all hear of every change of any case, so they are told in turn: this many a second, in a process.
QUEUES_A_SECOND = 40


class Subscription:
    """The topics of one open page, and those of them that were nudged since it last looked."""

    def __init__(self, topics: frozenset[str], viewer: int | None = None) -> None:
        self.topics = topics
        self.viewer = viewer
        self.nudged = asyncio.Event()
        self.heard: set[str] = set()
        self.ended = False

    def nudge(self, topic: str) -> None:
        self.heard.add(topic)
        self.nudged.set()

    def take(self) -> set[str]:
        """The topics that were nudged since this was last asked."""
        heard, self.heard = self.heard, set()
        self.nudged.clear()
        return heard

    def end(self) -> None:
        self.ended = True
        self.nudged.set()


class Hub:
    """Hears every nudge once and passes it to the streams that care.

    A stream exists only while the hub hears PostgreSQL: when the connection is lost, all streams end,
    and none is taken until it is back. So a page that has a stream has missed nothing.
    """

    def __init__(self, connect: Callable[[], dict]) -> None:
        self.connect = connect
        self.by_topic: dict[str, set[Subscription]] = defaultdict(set)
        self.in_turn: dict[Subscription, None] = {}  # the queues that wait to be told, in this order
        self._turn: asyncio.TimerHandle | None = None
        self.listening = False
        self.interrupted = False  # and said so
        self._task: asyncio.Task | None = None

    def __len__(self) -> int:
        return len({subscription for group in self.by_topic.values() for subscription in group})

    def subscribe(self, topics: frozenset[str], viewer: int | None = None) -> Subscription:
        subscription = Subscription(topics, viewer)
        for topic in topics:
            self.by_topic[topic].add(subscription)
        return subscription

    def unsubscribe(self, subscription: Subscription) -> None:
        for topic in subscription.topics:
            group = self.by_topic[topic]
            group.discard(subscription)
            if not group:
                del self.by_topic[topic]
        self.in_turn.pop(subscription, None)

    def start(self) -> None:
        self._task = asyncio.create_task(self._listen_for_ever())

    async def stop(self) -> None:
        self.end_streams()
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def end_streams(self) -> None:
        self.listening = False
        for group in list(self.by_topic.values()):
            for subscription in list(group):
                subscription.end()

    async def _listen_for_ever(self) -> None:
        pause = 0.2
        while True:
            try:
                await self._listen()
            except (psycopg.Error, OSError, TimeoutError) as error:
                if self.listening:
                    pause = 0.2
                if not self.interrupted:
                    self.interrupted = True
                    log.warning(
                        "Live nudges are interrupted: %s", " ".join(str(error).split()) or "no answer"
                    )
            self.end_streams()
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _listen(self) -> None:
        params = await asyncio.to_thread(self.connect)
        async with await psycopg.AsyncConnection.connect(**params, autocommit=True) as connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            self.listening, self.interrupted = True, False
            while True:
                async for notify in connection.notifies(timeout=PULSE):
                    self._pass_on(notify.payload.split())
                await asyncio.wait_for(connection.execute("SELECT 1"), PULSE)

    def _pass_on(self, topics: list[str]) -> None:
        for said in topics:
            topic, _, but = said.partition(BUT)
            for subscription in [*self.by_topic.get(topic, ())]:
                if topic.startswith(ENDS):
                    subscription.end()
                elif topic == QUEUE:
                    self.in_turn.setdefault(subscription)
                elif not but or subscription.viewer != int(but):
                    subscription.nudge(topic)
        if self.in_turn and self._turn is None:
            self._next_turn()

    def _next_turn(self) -> None:
        self._turn = None
        if self.in_turn:
            subscription = next(iter(self.in_turn))
            del self.in_turn[subscription]
            subscription.nudge(QUEUE)
            self._turn = asyncio.get_running_loop().call_later(1 / QUEUES_A_SECOND, self._next_turn)
