"""Case documents in JSON and YAML trees."""

from collections.abc import Iterator
from itertools import groupby

from . import times, values
from .draft import Draft, Found, Said
from .fields import collect
from .lines import scan
from .speakers import role_in, same_person
from .talk import converse
from .trees import Scalar, Tree
from .values import quoted
from .vocabulary import FIELD_OF, MESSAGE_KEY_OF, ROLE, normal

_DEEPEST = 4
# Keys that only group others, so that what is below them means what it would mean beside them.
_CONTAINERS = set(
    "case, ticket, document, record, support case, case data, data, details, case details, info, information, "
    "case info, case information, attributes, fields, metadata, meta, header, timestamps, dates, classification, "
    "triage, diagnosis, analysis".split(", ")
)


def drafts(tree: Tree) -> list[Draft]:
    """A draft of every case in the tree."""
    return [_draft(case) for case in _cases(tree, 0)]


def _cases(tree: Tree, depth: int) -> Iterator[dict[Scalar, Tree]]:
    if isinstance(tree, list) and depth < _DEEPEST:
        for item in tree:
            yield from _cases(item, depth + 1)
    elif isinstance(tree, dict):
        lists = [value for key, value in tree.items() if isinstance(value, list) and _place(key, "") is None]
        within = [item for value in lists for item in value if isinstance(item, dict) and _has_id(item)]
        yield from [tree] if _has_id(tree) or not within else within


def _has_id(tree: dict[Scalar, Tree]) -> bool:
    places = [_place(key, "") for key, value in tree.items() if isinstance(value, Scalar)]
    return any(place and place[0] == "case_id" for place in places)


def _place(key: str, path: str) -> tuple[str, int] | None:
    """The field that a key names; below another key, together with that one if it can."""
    label = normal(key[:80])
    place = FIELD_OF.get(label)
    if not path:
        return place
    together = FIELD_OF.get(f"{path} {label}")
    return together or (place if place and (place[1] == 0 or path in _CONTAINERS) else None)


def _draft(case: dict[Scalar, Tree]) -> Draft:
    draft = Draft()
    talks: list[Tree] = []
    _flatten(case, "", 0, draft, talks)
    named = draft.found.get("customer_name")
    for tree in talks:
        talk(tree, named.text if named else "", draft)
    return draft


def _flatten(tree: dict[Scalar, Tree], path: str, depth: int, draft: Draft, talks: list[Tree]) -> None:
    for key, value in tree.items():
        place = _place(key, path)
        if place and place[0] == "messages":
            talks.append(value)
        elif isinstance(value, dict) and depth < _DEEPEST:
            _flatten(value, normal(key[:80]), depth + 1, draft, talks)
        elif place:
            draft.claim(place[0], Found(_text(value), place[1], key.line, key))
        elif value and not (isinstance(value, Scalar) and values.nothing(value)):
            draft.problem(key.line, f"{quoted(f'{key}: {_text(value)}')} is not a field we know.")


def _text(tree: Tree) -> str:
    if isinstance(tree, Scalar):
        return values.tidy(tree)
    return "\n".join(f"- {values.tidy(item)}" for item in tree if isinstance(item, Scalar))


def talk(tree: Tree, customer: str, draft: Draft) -> None:
    """Add the messages of a conversation."""
    if isinstance(tree, Scalar):
        tree = [] if values.nothing(tree) else [tree]
    elif isinstance(tree, dict):
        lists = [value for value in tree.values() if isinstance(value, list)]
        tree = lists[0] if lists else list(tree.values())
    for spoken, items in groupby(map(_unparted, tree), key=lambda item: isinstance(item, Scalar)):
        if spoken:
            texts = [item for item in items if isinstance(item, Scalar)]
            for around in converse(scan("\n".join(texts), texts[0].line), 0, customer, draft):
                collect(around, draft, after_talk=True)
            continue
        for item in items:
            if isinstance(item, dict):
                _message(item, customer, draft)
            else:
                draft.problem(None, "A list within the conversation is not read.")


def _unparted(item: Tree) -> Tree:
    """The line of text that YAML took for a pair because of a colon in it."""
    if isinstance(item, dict) and len(item) == 1:
        ((key, value),) = item.items()
        label = normal(key[:80])
        if isinstance(value, Scalar) and label not in MESSAGE_KEY_OF and not ROLE.fullmatch(label):
            return Scalar.on(key.line, f"{key}: {value}")
    return item


def _message(item: dict[Scalar, Tree], customer: str, draft: Draft) -> None:
    line = next(iter(item)).line if item else None
    parts = _parts(item)
    role = role_in(parts.get("role", ""))
    names = [parts[part] for part in ("role", "name") if part in parts]
    if role is None and any(same_person(name, customer) for name in names):
        role = "customer"
    text = parts.get("text", "")
    for key, value in item.items():
        label = normal(key[:80])
        if not text and ROLE.fullmatch(label) and isinstance(value, Scalar):
            role, text = role_in(label), _text(value)
        elif label not in MESSAGE_KEY_OF and label not in ("id", "index", "number"):
            draft.problem(key.line, f"{quoted(key)} of a message is not read.")
    when = parts.get("at", "")
    stamp = None if values.nothing(when) else times.find(when) or times.Stamp(None, None, 0)
    if text:
        draft.said.append(Said(role, stamp, text, line, names[0] if names else ""))
    else:
        draft.problem(line, "This message has no text; it is left out.")


def _parts(item: dict[Scalar, Tree], inner: bool = False) -> dict[str, str]:
    """What the message's keys hold, the most telling key of each kind."""
    parts: dict[str, str] = {}
    placed = [(MESSAGE_KEY_OF.get(normal(key[:80]), ("", 0)), value) for key, value in item.items()]
    for (part, _), value in sorted(placed, key=lambda pair: pair[0][1]):
        if isinstance(value, dict) and not inner:
            parts = _parts(value, inner=True) | parts
        elif _text(value):
            parts.setdefault(part, _text(value))
    return parts
