"""Who does what in a clause that has a verb: "our engineers will have it fixed"."""

import re
from dataclasses import dataclass, replace

from . import verbs
from .phrases import Side


@dataclass(frozen=True)
class Frame:
    """A part of a sentence in which somebody acts, up to the next frame."""

    start: int
    end: int
    side: Side
    bare: bool = False  # a length without "in" counts: "ETA 20 minutes"
    weak: bool = False  # yields to what somebody else is asked for before it: "please send an update"
    follows: bool = False  # does what the frame before it does: "and get back to you"


def clauses(sentence: str, asks: bool) -> list[Frame]:
    """Return a frame for each verb that tells whether somebody will do something."""
    return [frame for match in verbs.FINITE.finditer(sentence) if (frame := _clause(sentence, match, asks))]


def _clause(sentence: str, match: re.Match[str], asks: bool) -> Frame | None:
    """Return the frame of a verb; None if the verb says nothing of who does something."""
    after = sentence[match.end() : match.end() + 90]
    before = sentence[max(0, match.start() - 60) : match.start()]
    no = Frame(match.start(), match.end(), Side.NOT)
    is_past = verbs.WAS.search(before)
    if is_past and (match["aux"] == "going to" or (match["mean"] or "").endswith("ing")):
        return no
    if match["aux"] and not re.match(r" ?[\w~]", after):
        return None
    word, aux = verbs.TYPOS.get(
        match["typo"] or "",
        (match["word"] or "", match["aux"] or verbs.SHORT.get(match["short"] or "") or ""),
    )
    subject = f"{verbs.CLAUSE.split(before)[-1].strip()} {word}".strip()
    if match["aux"] and _is_question(aux, subject, after):
        return no
    if match["no"] or match["no2"]:
        return _negated(no, after)
    who = _who(subject)
    if who == "ours" and aux not in ("could", "may", "might", "would", "must", "did", "was", "were", "had"):
        no = replace(no, side=Side.BUSY)
    if match["mean"]:
        return _meaning(no, match["mean"], who, after)
    if aux in ("have", "do") and not verbs.PLURAL.search(subject):
        return None
    return _modal(no, aux, subject, who, after, asks and not verbs.ASIDE.search(sentence, match.end()))


def _is_question(aux: str, subject: str, after: str) -> bool:
    """Whether it begins a question: "can we", "when will you"."""
    is_inverted = aux not in ("gonna", "going to") and verbs.INVERTED.match(after)
    return bool(is_inverted and (not subject or verbs.ASKED.search(subject)))


def _negated(no: Frame, after: str) -> Frame:
    """Return the frame of "we do not expect", or of "we are not sure that"."""
    if doubt := verbs.DOUBTED.match(after):
        return replace(no, side=Side.DOUBT, end=no.end + doubt.end())
    verb = verbs.NEGATED.match(after)
    return replace(no, end=no.end + verb.end()) if verb else no


def _modal(no: Frame, aux: str, subject: str, who: str, after: str, asks: bool) -> Frame:
    """Return the frame of an auxiliary verb: "we will", "it is due", "you can expect"."""
    yes = replace(no, side=Side.OURS)
    if aux in ("will", "wil", "shall", "going to", "gonna", "should", "ought to"):
        return _future(no, aux, subject, who, after, asks)
    if aux in ("am", "are", "is", "have", "has", "was") and (due := verbs.IS_DUE.match(after)):
        is_ours = who != "you" and not verbs.NO_DEED.search(subject)
        return replace(yes if is_ours else no, end=no.end + due.end())
    if aux == "can" and who in verbs.CAN:
        return yes if not asks and verbs.CAN[who].match(after) else no
    if aux == "would" and who == "ours" and verbs.RECKONED.match(after):
        return replace(yes, bare=True)
    if aux == "is" and verbs.ANOTHER.match(after):
        return replace(yes, bare=True)
    if aux == "is" and verbs.WISH.search(subject) and re.match(r"(?: still| now)? to ", after):
        return yes
    if aux in ("am", "are", "is"):
        return _progressive(no, who, after)
    if aux in ("have", "has") and who == "ours" and verbs.ARRANGED.match(after):
        return yes
    return no


def _future(no: Frame, aux: str, subject: str, who: str, after: str, asks: bool) -> Frame:
    """Return the frame of "we will", "it should"."""
    if re.search(r"\b(?:maintenance|downtime|outage)$", subject):
        return no
    if who != "you" and verbs.TAKES.match(after):
        return replace(no, side=Side.OURS, bare=True)
    doer = "other" if (who, aux) == ("none", "should") else who
    return replace(no, side=Side.OURS) if _is_commitment(doer, aux, after, asks) else no


def _who(subject: str) -> str:
    """Return whose clause it is: "ours", "you" (the customer's), "other", or "none" where nobody is named."""
    words = verbs.TRAILING.sub("", subject)
    last = words.rsplit(" ", 1)[-1]
    if last in ("i", "we"):
        return "ours"
    if last in ("that", "which", "who"):
        return "other"
    if not words or words in ("and", "but", "so", "then"):
        return "none"
    if (last == "you" and not verbs.OBJECT.search(words)) or verbs.THEIRS.search(words):
        return "you"
    return "ours" if verbs.OURS.search(words) and last not in ("it", "this", "they") else "other"


def _is_commitment(who: str, aux: str, after: str, asks: bool) -> bool:
    """Whether what they will do is done for the customer by our side."""
    verb = verbs.MORE.match(after)
    rest = verb[1] if verb else after.strip()
    if not rest.strip() or (aux in ("should", "ought to") and verbs.MISSED.match(rest)):
        return False
    if who == "ours":
        return not verbs.STOPS.match(rest)
    if who == "you":
        simply = verbs.SIMPLY.match(after)
        return not asks and bool(simply and verbs.RECEIVES.match(simply[1]))
    if who == "other" and asks:
        return False
    if verbs.TO_YOU.match(rest):
        return True
    if who == "none":
        return not verbs.STOPS.match(rest)
    return bool(verbs.COMES.match(rest) and not verbs.ONGOING.match(rest)) or bool(verbs.COMING.match(rest))


def _progressive(no: Frame, who: str, after: str) -> Frame:
    """Return the frame of "we are going to", "are hoping to", "are sending"."""
    if going := verbs.GOING.match(after):
        no = replace(no, end=no.end + going.end())
        is_ours = who != "you" and _is_commitment(who, "will", after[going.end() :], asks=False)
        return replace(no, side=Side.OURS) if is_ours else no
    if who == "ours" and (meaning := verbs.MEANING.match(after)):
        return replace(no, side=Side.OURS, bare=bool(meaning["bare"]))
    return replace(no, side=Side.PLAN) if who != "you" and verbs.ACTS.match(after) else no


def _meaning(no: Frame, verb: str, who: str, after: str) -> Frame | None:
    """Return the frame of "we hope to", "aim to", "are working to"."""
    tries = verb in ("looking", "working", "trying", "try")
    if verbs.OF_YOU.match(after):
        return None if tries else replace(no, side=Side.NOT)
    if verb == "try" or (tries and not re.match(r" (?:to|towards?)\b", after)):
        return None
    if (tries or verb in ("plan", "target", "estimate", "promise")) and who not in ("ours", "none"):
        return None
    if who == "you":
        return replace(no, side=Side.NOT)
    return replace(no, side=Side.OURS, bare=verb[:3] in ("aim", "tar", "sho", "est"))
