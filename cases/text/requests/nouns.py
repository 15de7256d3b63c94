"""The name of a thing that is asked for, without what is said around it."""

import re

from cases.text.patterns import joined

# Where the name of a thing ends, and its reason, way or time begins.
REST = re.compile(
    joined(r"""
        ,| [–—-] | \((?!s\))
        |(?<! of)(?<! happens)(?<! the) (?:
          so(?: that)?|because|since|before|until|otherwise|unless|in order
          |to (?:help|go|continue|proceed|find|see|check|look|understand|do|investigate|reproduce)
          |for us|for me|with us|with me|to us|to me|to your|from you|over|back|along|here|below|please
          |now|today|tomorrow|again|once more|one more time|too|as well|first|then|asap|if|whether or not
          |when(?:ever)? you|as soon as|at your|once you|once it|next time|by
          |in (?:your|the) (?:next )?(?:reply|answer)
          |in this case|via
          |and (?:we|i|then|see|check|report|let|reply)(?:'\w+)?
        )\b.*
    """),
    re.IGNORECASE,
)
# Names of what nobody hands over: "a moment", "your help".
TOO_POLITE = re.compile(
    joined(r"""
        \b(?:
          moments?|minutes?|seconds?|while|bit|(?<!the )(?<!exact )time|days?|patience|call|shout|ring
          |hand|break|chance|try|go|look|feedback|help|support|understanding|cooperation|thoughts?|opinion
          |regards|thanks|experience|questions?|anything|something|everything|nothing|attention|sure|way
          |heads-up|ideas?|vendor|developers?|engineers?|team|update|fix
        )\b
    """),
    re.IGNORECASE,
)
ARTICLE = re.compile(
    joined(r"""
        (?:
          an?|the|your|any|some|more|all|both|each|another|its|one|two|three|a few|further|additional|full
        ) \S
    """),
    re.IGNORECASE,
)
# What one can hand over.
THINGS = re.compile(
    joined(r"""
        \b(?:
          screen-?\s?shots?|screen-?\s?captures?|(?:screen )?recordings?|videos?|photos?|pictures?|images?
          |logs?|log ?files?|traces?|stack ?traces?|dumps?|outputs?|exports?|copy|copies|files?|documents?
          |reports?|receipts?|invoices?|messages?|errors?|codes?|versions?|numbers?|ids?|names?
          |address(?:es)?|e-?mails?|phone|details?|information|info|steps|descriptions?|examples?|samples?
          |data|browsers?|models?|serials?|settings?|config|configurations?|dates?|timestamps?|links?
          |urls?|har|lists?|results?|access|csv|pdf|request body|headers?
        )\b
    """),
    re.IGNORECASE,
)
DEMONSTRATIVE = re.compile(r"(?:this|that|these|those)\b", re.IGNORECASE)
PRONOUN = re.compile(r"(?:it|this|that|them|these|those|one|me|us)$", re.IGNORECASE)
WHICH = re.compile(
    r"(?P<ask>which|what) (?:exact |kind of |sort of |type of )?(?P<noun>\w+)\b ?(?P<rest>.*)", re.IGNORECASE
)
NO_NOUN = re.compile(r"(?:of|one|ones|is|are|was|were|do|does|you|it)$", re.IGNORECASE)


def plain(thing: str) -> str:
    """Return a thing as it reads after "waiting for": "A photo of it." is "a photo of it"."""
    thing = " ".join(thing.replace("\0", "").split()).strip(" .,;:?!")
    return re.sub(r"^(An?|The|Some|Your|Any|More)\b", lambda word: word[0].lower(), thing)


def noun(text: str) -> str:
    """Return the thing that a text begins with, "the log" of "the log so that we see it"; empty if none."""
    thing = REST.split(text)[0].strip(" .,;:?!")
    thing = re.sub(r"(?: (?:of|from|by))? …", "", thing)
    if not thing or DEMONSTRATIVE.match(thing) or PRONOUN.match(thing) or TOO_POLITE.search(thing):
        return ""
    if re.match(r"(?:which|what) ", thing, re.IGNORECASE):
        return which(thing)
    is_two_words = THINGS.search(thing) and re.match(r"\w+ \w+$", thing)
    if not (ARTICLE.match(thing) or THINGS.match(thing) or is_two_words):
        return ""
    return plain(re.sub(r"^your ", "the ", thing, flags=re.IGNORECASE))


def which(question: str) -> str:
    """Return the thing asked for, "the browser you use" of "which browser you use"; empty if none."""
    named = WHICH.match(question)
    if not named or NO_NOUN.match(named["noun"]):
        return ""
    if named["ask"].lower() != "which" and not THINGS.match(named["noun"]):
        return ""
    rest = re.sub(r"^(?:it is|it was|that is|that was|this is)$", "", named["rest"])
    return f"the {named['noun']} {rest}".strip()
