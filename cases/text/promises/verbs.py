"""The verbs of clauses, and what stands before and after them."""

import re

from cases.text.patterns import joined

from .units import LENGTH_AHEAD
from .vocabulary import ACTING, ADVERBS, CUSTOMER, DELIVER, DUE, HAPPENS, HARM, RECEIVE, STOP, TEAM

# The words that make a clause: a verb with its subject, or what stands for both.
FINITE = re.compile(
    joined(r"""
        (?<![\w'])(?:
          (?P<word>[a-z]+)(?P<short>'ll|'re|'m|'ve|'d|'s)(?P<no2> (?:not|never)\b)?
          |(?P<typo>ill|well|youll|im|were|weve|ive)(?=
            [ ](?:
              keep|update|get|let|be|have|send|follow|call|check|look|reach|post|provide|hear|receive
              |going|aiming|hoping|expecting|planning|sending
            )\b
          )
          |(?P<no>
            won't|wont|can't|cant|cannot|couldn't|shouldn't|wouldn't|don't|dont|doesn't|didn't|isn't
            |aren't|wasn't|weren't|haven't|hasn't|hadn't|mustn't|never|unable to|not able to
            |(?:
              will|would|can|could|should|may|might|do|does|did|is|are|am|was|were|have|has|had
            ) (?:not|never|no longer)
          )
          |(?P<aux>
            will|wil|shall|should|can|could|may|might|would|must|ought to|is|are|am|was|were|has|have|had
            |do|does|did|gonna|going to
          )
          |(?P<mean>
            hope|hopes|aim|aims|plan|plans|expect|expects|intend|intends|anticipate|promise|guarantee
            |commit|estimate|estimates|target|strive|endeavou?r|undertake|reckon|hoping|aiming|planning
            |expecting|targeting|anticipating|estimating|shooting|trying|looking|working|try
          )
        )(?!\w|')
    """),
)
# Where the clause before a verb begins.
CLAUSE = re.compile(r"[,;:()\n!?-]|\b(?:and|but|so|or|then|because|while|if|as|when|though|although|where)\b")
SHORT = {"'ll": "will", "'re": "are", "'m": "am", "'ve": "have", "'d": "would", "'s": "is"}
TYPOS = {
    "ill": ("i", "will"), "well": ("we", "will"), "youll": ("you", "will"), "im": ("i", "am"), "were": ("we", "are"),
    "weve": ("we", "have"), "ive": ("i", "have"),
}  # fmt: skip

# Whose clause it is, by its subject.
OURS = re.compile(rf"\b{TEAM}\b|\bone of (?:us|our|my)\b|\b(?:our|my) \w+(?: \w+)?$")
THEIRS = re.compile(rf"\b{CUSTOMER}(?: \w+)?$")
OBJECT = re.compile(r"(?:for|to|with|by|from|at|near|like) you$")
TRAILING = re.compile(r"(?: (?:also|then|now|all|both|still|just|\w+ly))+$")
# Subjects after which "have" and "do" are verbs of a clause.
PLURAL = re.compile(r"(?:^|\b(?:i|we|you|they|who|that|which|\w+s))$")
# Subjects that are due without anybody doing something for the customer: "your invoice is due".
NO_DEED = re.compile(
    joined(r"""
        \b(?:
          your (?!
            engineer|technician|courier|driver|order|delivery|replacement|parcel|package|refund|item
          )
          |payments?|invoices?|maintenance|subscription|trial|bill|audit|window
        )\b
    """)
)
# "Our goal is to".
WISH = re.compile(r"\b(?:goal|aim|plan|intention|target|hope|objective|idea)$")
# What stands before a verb that asks or tells of the past.
ASKED = re.compile(r"\b(?:when|what|how|where|why|which|who)$")
WAS = re.compile(r"\b(?:was|were|not) $")
# "can we", and a question at the end of a statement: "we'll call at 10, is that fine?"
INVERTED = re.compile(
    r" (?:you|we|i|they|it|he|she|this|that|these|there|someone|anyone|somebody|anybody|the|your|our|my)\b"
)
ASIDE = re.compile(
    joined(r"""
        [,;:-] ?(?:and |so |but )?(?:
          can|could|would|will|is|are|do|does|did|shall|ok|okay|alright|right|please|what|which|how|any|if
          |sound
        )\b
    """)
)

# What stands after a verb, by who acts.
MORE = re.compile(rf"{ADVERBS}{{0,4}} (.*)", re.DOTALL)
SIMPLY = re.compile(r"(?: \w+ly| then| also| now| soon)? (.*)", re.DOTALL)
STOPS = re.compile(STOP)
RECEIVES = re.compile(rf"{RECEIVE}\b")
COMES = re.compile(rf"{HAPPENS}")
TO_YOU = re.compile(r"[a-z ]{2,20} you\b(?! to\b)")
ONGOING = re.compile(r"be \w+ing\b")
COMING = re.compile(
    joined(r"""
        be (?:
          working|running|sending|calling|coming|arriving|reaching|contacting|getting|looking|rolling
          |releasing|deploying
        )\b
    """)
)
# "We should have called."
MISSED = re.compile(r"have (?:\w+ed|been|seen|sent|got|done|gone|heard|had|made|told)\b")
# "It will take about 20 minutes."
TAKES = re.compile(
    joined(rf"""
        {ADVERBS}{{0,3}} (?:take|need|be)(?: us| me)?(?:
          [ ](?:
            only|just|about|around|roughly|approximately|another|up to|less than|at least|maybe|probably
            |more like|closer to
          )
        )* (?={LENGTH_AHEAD})
    """)
)
# "We can send it", "you can expect".
CAN = {
    "ours": re.compile(rf"{ADVERBS}{{0,2}} {DELIVER}\b"),
    "you": re.compile(rf"{ADVERBS}{{0,2}} expect\b"),
}
IS_DUE = re.compile(DUE)
ARRANGED = re.compile(
    joined(r"""
        [ ](?:also |now |already |provisionally )?(?:
          scheduled|planned|booked|arranged|set up|lined up|pencilled|slated|promised|estimated|quoted
          |committed
        )\b
    """)
)
GOING = re.compile(rf"{ADVERBS}{{0,3}} (?:going to|gonna|about to)\b")
MEANING = re.compile(
    joined(rf"""
        {ADVERBS}{{0,3}} (?P<bare>aiming|targeting|looking|shooting)?(?:
          (?<=aiming)|(?<=targeting)
          |(?<=looking) (?:to|at (?:a|an|about|around|\d))
          |(?<=shooting) for|hoping|planning|expecting|trying to
          |working (?:to|towards?|on (?:having|getting|a fix))
          |anticipating|committed to|confident|due to|scheduled|set to|on track|estimating|pushing to
        )\b(?! you )(?! your )
    """)
)
RECKONED = re.compile(r" (?:say|guess|estimate|reckon)\b")
ANOTHER = re.compile(r"(?: \w+)? (?:another|a further)\b")
ACTS = re.compile(rf"{ADVERBS}{{0,3}} {ACTING}\b")
# "We do not expect", "we are not sure that".
NEGATED = re.compile(
    r"(?: \w+){0,2}? (?:expect|plan|promise|anticipate|intend|guarantee|estimate|hope|aim|target|commit)\w*"
)
DOUBTED = re.compile(
    joined(r"""
        (?: \w+)? (?:
          sure|certain|clear|confident|convinced|say|promise|guarantee|tell
        )(?: (?:that|if|when|whether))?(?!\w)
    """)
)
# "We hope you", "we look forward to hearing from you": no promise.
OF_YOU = re.compile(
    rf" (?:{HARM}|you|your|that you|to hear|from you|into|forward|on\b(?! having| getting)|with|fine|again)\b"
)
