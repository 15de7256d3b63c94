"""What is asked for by something that one is to do: "test it" asks for "a test"."""

import re

from .clauses import MAKE, TEST
from .nouns import ARTICLE, REST, THINGS, TOO_POLITE, noun, which

SENT = ("send", "share", "forward", "mail", "email", "e-mail", "show", "give", "submit")
# To somebody else: "forward this to your accountant".
ELSEWHERE = re.compile(
    r" (?:(?:with|to) (?:your|them|him|her|my|our|nobody|anybody|others)|to the)\b", re.IGNORECASE
)
ANOTHER_TRY = re.compile(r"(?:it|this|that) (?P<count>another|a) (?:try|go|test)\b", re.IGNORECASE)
QUESTION = re.compile(r"(?:whether|if|when|where|how|why|what|since when) ", re.IGNORECASE)
REASON = re.compile(r",| (?:so that|because|please|and (?:we|i))\b")
CHAT = re.compile(
    r"\b(?:you think|you'd like|you would like|we can|i can|we should|any|anything|questions?|you need|you want"
    r"|goes|went)\b",
    re.IGNORECASE,
)
CONFIRMED = re.compile(r"(?:to us |for us |with us )?(?:that|whether|if) (?P<clause>.+)", re.IGNORECASE)
AGAIN = re.compile(
    r"(?:(?:it|this|that|them|the same)(?: out)? )?(?:out )?(?:again|once more|one more time|another time)\b",
    re.IGNORECASE,
)


def thing_of(clause: str) -> str:
    """Return what is asked for by something that one is to do; empty if it is nothing to wait for."""
    verb, _, rest = clause.partition(" ")
    verb, rest = verb.lower(), rest.strip()
    match verb:
        case _ if verb in TEST:
            return _test(verb, rest)
        case "let":
            known = re.sub(r"^(?:me|us) know ", "", rest, flags=re.IGNORECASE)
            return _word(known, is_polite=True) if " know " in rest else ""
        case "tell":
            said = re.sub(r"^(?:me|us) ", "", rest, flags=re.IGNORECASE)
            return _word(said) if re.match(r"(?:me|us) ", rest, re.IGNORECASE) else ""
        case "confirm":
            return _confirmation(rest)
        case "describe":
            thing = noun(rest)
            return f"a description of {thing}" if thing else ""
        case "give" if another := ANOTHER_TRY.match(rest):
            return f"{another['count'].lower()} try"
    return _object(verb, rest)


def _object(verb: str, rest: str) -> str:
    """Return what is to be sent, shown, made: of "send us the log" it is "the log"."""
    rest = re.sub(r"^(?:with )?(?:me|us|over|back|along)\b ?(?:with )?", "", rest, flags=re.IGNORECASE)
    if ELSEWHERE.search(rest) and verb in SENT:
        return ""
    thing = noun(rest)
    if verb in (*MAKE, "need") and not _is_handed_over(verb, rest, thing):
        return ""
    return thing


def _is_handed_over(verb: str, rest: str, thing: str) -> bool:
    """Whether the customer hands it over. What we need we may also have to make ourselves."""
    is_thing = bool(THINGS.search(thing))
    if verb == "need" and re.search(r"\bto \w+", rest) and " from you" not in rest and not is_thing:
        return False
    is_ours = re.search(r" from (?!you\b)", rest) or re.match(r"(?:to|our)\b", rest, re.IGNORECASE)
    is_yours = verb == "need" and re.match(r"your\b", rest, re.IGNORECASE)
    return not is_ours and bool(is_yours or is_thing)


def _word(rest: str, *, is_polite: bool = False) -> str:
    """Return what is to be said: of "when it started" it is "word on when it started".

    "Let us know if, when, how" is politeness more often than not.
    """
    if re.match(r"(?:about|more about) ", rest, re.IGNORECASE):
        return ""
    if QUESTION.match(rest) and not which(rest):
        clause = REASON.split(rest)[0].strip()
        clause = re.sub(r"^if ", "whether ", clause, flags=re.IGNORECASE)
        return "" if is_polite or CHAT.search(clause) else f"word on {clause}"
    return noun(rest)


def _confirmation(rest: str) -> str:
    """Return what is to be confirmed: "word on whether it works", "confirmation of the address"."""
    if said := CONFIRMED.match(rest):
        return f"word on whether {REASON.split(said['clause'])[0].strip()}"
    thing = noun(rest)
    return f"confirmation of {thing}" if thing else ""


def _test(verb: str, rest: str) -> str:
    """Return what is to be tested or tried: "a test", "another try with cash", "a test of the new release"."""
    is_again = verb in ("retest", "re-test", "retry") or AGAIN.match(rest)
    is_try = "test" not in verb
    count = "another" if is_again else "a"
    test = f"{count} {'try' if is_try else 'test'}"
    rest = re.sub(r"^(?:it|this|that|them)(?: out)?\b ?|^out ", "", rest, flags=re.IGNORECASE)
    if re.match(r"(?:one|another)\b", rest, re.IGNORECASE):
        return ""
    is_deed = re.match(r"(?:to \w+|\w+ing\b(?! ?$)|\w+ing$)", rest, re.IGNORECASE)
    rest = REST.split(f" {rest}")[0].strip(" .,;:?!")
    if not rest:
        return test
    if is_try and is_deed and not re.match(r"(?:something|anything|nothing)", rest, re.IGNORECASE):
        return f"{test} {rest}" if rest.startswith("to ") else f"{test} at {rest}"
    if re.match(r"(?:with|in|from|on|without|under|as|using) \S", rest, re.IGNORECASE):
        return f"{test} {rest}"
    if not is_try and (clause := re.match(r"(?:if|whether) (\w.*)", rest, re.IGNORECASE)):
        return f"{test} whether {clause[1]}"
    if re.match(r"(?:if|whether|that) ", rest, re.IGNORECASE):
        return ""
    if not ARTICLE.match(rest) or TOO_POLITE.search(rest):
        return ""
    return f"{count} test of {re.sub(r'^your ', 'the ', rest)}"
