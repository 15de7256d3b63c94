"""Sessions in the database, which requests of one browser may change at once."""

from copy import deepcopy
from typing import Any

from django.contrib.sessions.backends import base, db
from django.db import transaction

Data = dict[str, Any]


class SessionStore(db.SessionStore):
    """Saves what this request changed, over what others have saved since it began, instead of over all of it."""

    def __init__(self, session_key: str | None = None) -> None:
        # A key that we cannot have given is none, whoever reads it. PostgreSQL takes no NUL, for one.
        super().__init__(session_key if set(session_key or "") <= set(base.VALID_KEY_CHARS) else None)
        self._before: Data = {}

    def load(self) -> Data:
        data = super().load()
        self._before = deepcopy(data)
        return data

    def save(self, must_create: bool = False) -> None:
        if must_create or self.session_key is None:
            super().save(must_create)
        else:
            with transaction.atomic():
                if (held := self._held()) is not None:
                    self._session_cache = merged(self._before, held, dict(self.items()))
                super().save()
        self._before = deepcopy(dict(self.items()))

    def agree(self, key: str, value: Any) -> Any:
        """What the session holds under this key; from now on `value` if it holds nothing, for whoever asks at once."""
        if key not in self and self.session_key:
            with transaction.atomic():
                self[key] = (self._held() or {}).get(key, value)
                self.save()
        return self.setdefault(key, value)

    def _held(self) -> Data | None:
        """What the database holds by now, kept from others until the transaction ends. None for no session."""
        found = self.model.objects.select_for_update().filter(session_key=self.session_key).first()
        return self.decode(found.session_data) if found else None


def merged(before: Data, theirs: Data, ours: Data) -> Data:
    """Our changes of what was there before, made to theirs. Of a list, what we added and took away."""
    data = dict(theirs)
    for key in before.keys() | ours.keys():
        if key not in ours:
            data.pop(key, None)
        elif key not in before or ours[key] != before[key]:
            data[key] = _changed(before.get(key), theirs.get(key), ours[key])
    return data


def _changed(before: Any, theirs: Any, ours: Any) -> Any:
    if not isinstance(theirs, list) or not isinstance(ours, list):
        return ours
    before = before if isinstance(before, list) else []
    kept = [one for one in theirs if one in ours or one not in before]
    return kept + [one for one in ours if one not in before and one not in theirs]
