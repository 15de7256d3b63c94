"""What a sentence asks somebody to do: "could you send the log and try again" asks for two things."""

import re

from cases.text.patterns import joined

GIVE = "send share provide attach upload forward paste supply email e-mail mail submit".split()
# These ask only where what follows is something that one hands over.
MAKE = "give add include post take make get grab create record capture show drop".split()
TELL = "tell let confirm describe".split()
TEST = "test try retest re-test retry".split()
VERB = f"(?:{'|'.join([*GIVE, *MAKE, *TELL, *TEST])})"
SENDING = "|".join(verb.rstrip("e") for verb in GIVE)  # with "ing" after it

# What may stand before a verb.
FILL = r"(?:(?:please|kindly|also|just|perhaps|possibly|maybe|quickly|then|first|now|ever so kindly) )*"
NO_QUESTION = r"(?<!how )(?<!what )(?<!where )(?<!why )(?<!when )(?<!who )(?<!which )"
IF_YOU_COULD = r"if you (?:can|could|would)"
YOU_DO = joined(rf"""
    {NO_QUESTION}(?:can|could|would|will) you {FILL}
    |would you {FILL}(?:be able to|be so kind as to|be so kind to|mind) {FILL}
    |are you able to {FILL}
    |(?:can|could|may|might) (?:i|we) {FILL}ask you to {FILL}
    |(?:is|would) it (?:be )?possible (?:for you )?to {FILL}
    |(?:we|i)(?:'d|'ll| would| will)?(?: still| also| just)* (?:need|like|want|ask) you to {FILL}
    |(?:it would|it'd|that would|would) (?:really )?(?:
      help|be (?:very )?\w+
    )(?: us| me)?(?: a lot)? {IF_YOU_COULD} {FILL}
    |(?:would|'d) (?:really )?appreciate it {IF_YOU_COULD} {FILL}
    |(?:^|[,–—] ?|\b(?:and|but|so|then|or|first|next|also|meanwhile) )(?:please|kindly) {FILL}
""")

# "Could you send", "please try"
DO = re.compile(rf"(?:{YOU_DO})(?={VERB}\b)", re.IGNORECASE)
# "Could you run the export and attach the result"
DO_LATER = re.compile(rf"(?:{YOU_DO})\w[^,]{{0,80}}? and (?:then )?(?=(?:{'|'.join(GIVE)})\b)", re.IGNORECASE)
MIND = re.compile(rf"\bwould you mind (?P<verb>{SENDING})ing ", re.IGNORECASE)
WE_NEED = re.compile(
    joined(r"""
        (?:^|[,–—] ?|\b(?:and|but|so|then|also|still) )(?:(?:for|to) \w+(?: \w+){0,3}? )?(?:
          (?:we|i)(?:'d|'ll| would| will)?(?: still| also| just| only| then)* (?:need|require)
          |(?:can|could|may) (?:we|i) (?:please )?(?:have|get|see)
          |(?:we|i)(?:'d| would) like to (?:have|get|see)
        ) (?P<thing>.+)
    """),
    re.IGNORECASE,
)
ASK_WHICH = re.compile(
    r"\b(?:can|could|may|might) (?:i|we) (?:please )?ask (?P<thing>(?:which|what|for) .+)", re.IGNORECASE
)
# "Let us know the number", "send us the log"
COMMAND = re.compile(
    joined(rf"""
        (?:
          ^{FILL}(?=(?:let (?:me|us) know|tell (?:me|us)) )
          |(?:^|, )(?:(?:just|then) )?(?=(?:send|show|give) (?:me|us) )
        )
    """),
    re.IGNORECASE,
)
NEXT = re.compile(rf"(?:,? and|,? or|,? then|,) (?:then |also |please )*(?={VERB} )", re.IGNORECASE)


def clauses(sentence: str) -> list[str]:
    """Return what the sentence asks one to do, each from its verb on; "need ..." where it says what we need."""
    mind = MIND.search(sentence)
    if not mind and (asked := DO.search(sentence)):
        return NEXT.split(sentence[asked.end() :])
    if mind:
        return NEXT.split(f"send {sentence[mind.end() :]}")
    if which := ASK_WHICH.search(sentence):
        return [f"tell us {which['thing'].removeprefix('for ')}"]
    if asked := COMMAND.search(sentence) or DO_LATER.search(sentence):
        return NEXT.split(sentence[asked.end() :])
    if needed := WE_NEED.search(sentence):
        first, *more = NEXT.split(needed["thing"])
        return [f"need {first}", *more]
    return []
