"""Read case documents out of the bytes of a file, whatever its name says it is."""

import codecs
import re

from . import structured
from .document import MAX_BYTES, Problem, Reading, Refused
from .fields import collect
from .lines import keys, scan
from .text import read_text
from .trees import Grove, read_json, read_yaml
from .vocabulary import FIELD_OF, normal

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_A_CUT_END = 2  # what free text may seem to say more than YAML does, where YAML is cut off within a value

_FENCE = re.compile(r"^[ \t]*(?:```|~~~)[ \t]*[\w+-]*[ \t]*\n", re.MULTILINE)
_FENCE_END = re.compile(r"^[ \t]*(?:```|~~~)[ \t]*$", re.MULTILINE)
_JSON = re.compile(r"^[ \t]*[\[{]\s*[\"{]", re.MULTILINE)
_YAML = re.compile(r"^(?:- )?(?P<key>[a-z_]{2,30}):(?: |$)", re.MULTILINE)
_YAML_MESSAGE = re.compile(
    r"^[ \t]*(?:- )?(?:role|author|sender|speaker|message|text|timestamp):(?: |$)", re.MULTILINE
)
_MARKDOWN_HEADING = re.compile(r"^#{2,6} ", re.MULTILINE)


def read(data: bytes, name: str) -> list[Reading]:
    """Every case document in a file's content. Never raises: a Reading without a document says what is wrong.

    `name` only hints at the format; the content decides.
    """
    if len(data) > MAX_BYTES:
        return _failure(f"The file is larger than {MAX_BYTES // 1024 // 1024} MB.")
    text = _decoded(data)
    if text is None:
        return _failure("This is not text: the file looks binary.")
    if not text.strip():
        return _failure("The file is empty.")
    try:
        found, sure = _structured(text, name)
        if any(reading.refused for reading in found):
            return found
        plain = [] if sure else read_text(text)
    except Refused as refused:
        return _failure(refused.sentence, refused.line)
    if any(reading.refused for reading in plain) and not any(map(_has_messages, found)):
        return plain
    return found if found and _weight(found) + _A_CUT_END >= _weight(plain) else plain


def _failure(sentence: str, line: int | None = None) -> list[Reading]:
    return [Reading(None, (Problem(line, sentence),))]


def _decoded(data: bytes) -> str | None:
    """The text of the bytes; None if they are not text."""
    encoding = next((encoding for bom, encoding in _BOMS if data.startswith(bom)), None)
    sample = data[:4000]
    if encoding is None and sample.count(0) > len(sample) // 3:
        encoding = "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"
    # A decoder that expects more drops a last character that was cut in two.
    text = codecs.getincrementaldecoder(encoding or "utf-8")("replace").decode(data).removeprefix("\ufeff")
    if encoding is None:
        wrong = text.count("\ufffd")
        right = sum(not part.isascii() for part in text[:100_000]) - wrong
        if wrong > right:
            text = data.decode("cp1252", "replace")
    control = sum(text.count(chr(code)) for code in (*range(9), *range(14, 27), *range(28, 32)))
    if control > 2 + len(text) // 200 or "\0" in text or text.startswith("%PDF-"):
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _structured(text: str, name: str) -> tuple[list[Reading], bool]:
    """The cases in a JSON or YAML text, and whether that is surely what it is."""
    inside, offset, around = _unfenced(text)
    start = _JSON.search(inside)
    if start and not _has_case_id(inside[: start.start()]):
        grove = read_json(inside[start.start() :], offset + inside.count("\n", 0, start.start()))
        if grove.end:
            around += "\n" + inside[: start.start()] + "\n" + inside[start.start() + grove.end :]
        readings = _readings(grove, around)
        refused = any(reading.refused for reading in readings)
        if refused or _weight(readings) or not inside[: start.start()].strip():
            return readings, _weight(readings) > 0
    if _looks_like_yaml(inside, name):
        grove = read_yaml(inside, offset)
        readings = _readings(grove, around)
        return readings, bool(readings) and not grove.broken and all(each.document for each in readings)
    return [], False


def _readings(grove: Grove, around: str) -> list[Reading]:
    drafts = [draft for tree in grove.trees for draft in structured.drafts(tree)]
    if len(drafts) == 1:
        collect(scan(around), drafts[0])
    if drafts and grove.broken:
        drafts[-1].problem(*grove.broken)
    return [draft.reading() for draft in drafts]


def _unfenced(text: str) -> tuple[str, int, str]:
    """What stands in the first code fence, the line it begins on, and what is around it."""
    opening = _FENCE.search(text)
    if not opening:
        return text, 1, ""
    closing = _FENCE_END.search(text, opening.end())
    inside = text[opening.end() : closing.start() if closing else len(text)]
    if _has_case_id(text[: opening.start()]) or not (_JSON.match(inside) or _looks_like_yaml(inside, "")):
        return text, 1, ""
    around = text[: opening.start()] + (text[closing.end() :] if closing else "")
    return inside, text.count("\n", 0, opening.end()) + 1, around


def _has_case_id(text: str) -> bool:
    """Whether a case in free text begins here, so that what follows may be in its messages."""
    return any(key.field == "case_id" and key.value for line in scan(text) for key in keys(line))


def _looks_like_yaml(text: str, name: str) -> bool:
    if name.lower().endswith((".yaml", ".yml")):
        return True
    first = _YAML.search(text[:2000])
    known = first is not None and normal(first["key"]) in FIELD_OF
    return known and _YAML_MESSAGE.search(text) is not None and not _MARKDOWN_HEADING.search(text)


def _has_messages(reading: Reading) -> bool:
    return bool(reading.document and reading.document.messages)


def _weight(readings: list[Reading]) -> int:
    """Return how much of it was understood."""
    documents = [reading.document for reading in readings if reading.document]
    return sum(
        len(doc.messages) + sum(value is not None for value in vars(doc).values()) for doc in documents
    )
