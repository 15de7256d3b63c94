"""Case documents in JSON and YAML trees."""

from collections.abc import Iterator
from itertools import groupby

from . import times, values
from .document import Role
from .draft import Draft, Found, Said
from .fields import collect
from .lines import scan
from .speakers import role_beside, role_in, same_person
from .talk import converse
from .trees import Scalar, Tree
from .values import quoted
from .visibility import is_secret, names_a_note, said_of, tells
from .vocabulary import FIELD_OF, HANDLER, MESSAGE_KEY_OF, ROLE, normal

_DEEPEST = 4
# Keys of a message that hold a name rather than a role.
_NAMES = set("author sender from speaker by who user participant party".split())
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
    talks: list[tuple[Tree, bool]] = []
    _flatten(case, "", 0, False, draft, talks)
    named = draft.found.get("customer_name")
    for tree, internal in talks:
        talk(tree, named.text if named else "", draft, internal)
    return draft


def _flatten(
    tree: dict[Scalar, Tree],
    path: str,
    depth: int,
    internal: bool,
    draft: Draft,
    talks: list[tuple[Tree, bool]],
) -> None:
    for key, value in tree.items():
        place = _place(key, path)
        secret = internal or names_a_note(key)
        if isinstance(value, list) and names_a_note(key):  # `internal_notes: […]`
            talks.append((value, True))
        elif place and place[0] == "messages":
            talks.append((value, secret))
        elif isinstance(value, dict) and depth < _DEEPEST:
            _flatten(value, normal(key[:80]), depth + 1, secret, draft, talks)
        elif place:
            draft.claim(place[0], Found(_text(value), place[1], key.line, key))
        elif normal(key[:80]) in HANDLER and isinstance(value, Scalar):
            draft.handlers.add(value.strip().casefold())
        elif value and not (isinstance(value, Scalar) and values.nothing(value)):
            draft.problem(key.line, f"{quoted(f'{key}: {_text(value)}')} is not a field we know.")


def _text(tree: Tree) -> str:
    if isinstance(tree, Scalar):
        return values.tidy(tree)
    return "\n".join(f"- {values.tidy(item)}" for item in tree if isinstance(item, Scalar))


def talk(tree: Tree, customer: str, draft: Draft, internal: bool = False) -> None:
    """Add the messages of a conversation."""
    if isinstance(tree, Scalar):
        tree = [] if values.nothing(tree) else [tree]
    elif isinstance(tree, dict):
        lists = [(key, value) for key, value in tree.items() if isinstance(value, list)]
        for key, value in lists:
            talk(value, customer, draft, internal or names_a_note(key))
        tree = [] if lists else list(tree.values())
    for spoken, items in groupby(map(_unparted, tree), key=lambda item: isinstance(item, Scalar)):
        if spoken:
            texts = [item for item in items if isinstance(item, Scalar)]
            begin = len(draft.said)
            for around in converse(scan("\n".join(texts), texts[0].line), 0, customer, draft):
                collect(around, draft, after_talk=True)
            if internal:
                draft.said[begin:] = [said._replace(internal=True) for said in draft.said[begin:]]
            continue
        for item in items:
            if isinstance(item, dict):
                _message(item, customer, draft, internal)
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


def _message(item: dict[Scalar, Tree], customer: str, draft: Draft, internal: bool) -> None:
    line = next(iter(item)).line if item else None
    parts = _parts(item)
    text = parts["text"][0][1] if parts["text"] else ""
    role, who = _whose(parts, customer, draft)
    says = {said_of(key, _text(value)) for key, value in _pairs(item) if not isinstance(value, dict)}
    says |= {names_a_note(named) or None for key, named in parts["role"] if key not in _NAMES}
    says |= {is_secret(named) or None for key, named in parts["role"] if key in _NAMES}
    for key, value in item.items():
        label = normal(key[:80])
        if not text and isinstance(value, Scalar) and (ROLE.fullmatch(label) or names_a_note(label)):
            role, text = role or role_in(label), _text(value)
        elif label not in MESSAGE_KEY_OF and label not in ("id", "index", "number") and not tells(key):
            draft.problem(key.line, f"{quoted(key)} of a message is not read.")
    when = parts["at"][0][1] if parts["at"] else ""
    stamp = None if values.nothing(when) else times.find(when) or times.Stamp(None, None, 0)
    if text:
        secret = internal or (True if True in says else False if False in says else None)
        draft.said.append(Said(role, stamp, text, line, who, secret))
    else:
        draft.problem(line, "This message has no text; it is left out.")


def _whose(parts: dict[str, list[tuple[str, str]]], customer: str, draft: Draft) -> tuple[Role | None, str]:
    """Whose words a message's keys say they are, and what they call them. Where they disagree, nobody's."""
    stated: list[Role | None] = [role_in(text) for key, text in parts["role"] if key not in _NAMES]
    names = [text for key, text in parts["role"] if key in _NAMES] + [text for _, text in parts["name"]]
    email = draft.found.get("contact_email")
    beside = [role_beside(name) for name in names]
    role: Role | None = next((one for one in [*stated, *beside] if one), None)
    is_theirs = any(
        same_person(name, customer) or (email and values.address(name) == values.address(email.text))
        for name in (*names, *(text for _, text in parts["role"]))
    )
    who = next((text for _, text in parts["role"] + parts["name"]), "")
    if is_theirs and role in (None, "customer"):
        return "customer", who
    if is_theirs and not any(stated):
        return None, who
    if role is None and any(name.strip().casefold() in draft.handlers for name in names):
        return "agent", who
    return role, who


def _pairs(item: dict[Scalar, Tree], depth: int = 0) -> Iterator[tuple[Scalar, Tree]]:
    """The keys of a message with their values, and those within them."""
    for key, value in item.items():
        yield key, value
        if isinstance(value, dict) and depth < _DEEPEST:
            if said_of(key, "something"):  # `visibility: {type: role}` names a few
                yield key, Scalar("something")
            yield from _pairs(value, depth + 1)


def _parts(item: dict[Scalar, Tree], inner: bool = False) -> dict[str, list[tuple[str, str]]]:
    """What the message's keys hold, by kind, the most telling key first."""
    parts: dict[str, list[tuple[str, str]]] = {"role": [], "name": [], "text": [], "at": []}
    placed = [
        (MESSAGE_KEY_OF.get(label := normal(key[:80]), ("", 0)), label, value) for key, value in item.items()
    ]
    for (part, _), label, value in sorted(placed, key=lambda one: one[0][1]):
        if isinstance(value, dict) and not inner:
            for kind, found in _parts(value, inner=True).items():
                parts[kind] += found
        elif part and _text(value):
            parts[part].append((label, _text(value)))
    return parts
