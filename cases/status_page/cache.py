"""What everybody asks for at once: made by one thread every few seconds, handed out to all others."""

from collections.abc import Callable, Hashable
from threading import Lock
from time import monotonic

from django.db import InterfaceError, OperationalError


class _Entry[T]:
    def __init__(self) -> None:
        self.turn = Lock()
        self.value: tuple[T] | None = None
        self.made = self.due = 0.0


class SharedCache[T]:
    """`SharedCache(make)(*key)` is `make(*key)`, at most `fresh` seconds old.

    While one thread makes it anew, the others go on with what there is, unless that is older than `old` seconds. When
    the database is away, what there is serves for `without` seconds. No more than `most` keys are held.
    """

    def __init__(
        self,
        make: Callable[..., T],
        *,
        fresh: float = 2,
        old: float = 4,
        without: float = 3600,
        most: int = 200,
    ) -> None:
        self.make, self.fresh, self.old, self.without, self.most = make, fresh, old, without, most
        self._entries: dict[Hashable, _Entry[T]] = {}
        self._changing = Lock()

    def forget(self) -> None:
        """Make everything anew. What is being made at this moment is handed out once and not kept."""
        self._entries = {}

    def held(self, *key: Hashable) -> T | None:
        """What there is, however old, without making anything."""
        entry = self._entries.get(key)
        return entry.value[0] if entry and entry.value else None

    def hold(self, value: T, *key: Hashable) -> None:
        """Hand this out, as if it had just been made."""
        entry = _Entry[T]()
        entry.value, entry.made = (value,), monotonic()
        entry.due = entry.made + self.fresh
        self._entries[key] = entry

    def __call__(self, *key: Hashable) -> T:
        entries = self._entries
        entry = entries.get(key) or self._new(entries, key)
        if entry.value and monotonic() < entry.due:
            return entry.value[0]
        may_be_old = bool(entry.value) and monotonic() - entry.made < self.old
        if not entry.turn.acquire(blocking=not may_be_old):
            assert entry.value  # noqa: S101 - nothing takes it away
            return entry.value[0]
        try:
            if not entry.value or monotonic() >= entry.due:
                self._make(entry, key)
            assert entry.value  # noqa: S101 - it was made, or this line is not reached
            return entry.value[0]
        finally:
            entry.turn.release()

    def _new(self, entries: dict[Hashable, _Entry[T]], key: Hashable) -> _Entry[T]:
        with self._changing:
            while len(entries) >= self.most:
                entries.pop(next(iter(entries)))
            return entries.setdefault(key, _Entry())

    def _make(self, entry: _Entry[T], key: tuple[Hashable, ...]) -> None:
        began = monotonic()
        try:
            entry.value = (self.make(*key),)
            entry.made = began
        except (InterfaceError, OperationalError):
            if not entry.value or began - entry.made > self.without:
                raise
        entry.due = monotonic() + self.fresh
