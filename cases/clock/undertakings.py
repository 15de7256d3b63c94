"""Who undertakes to do something, and where in a sentence.

A sentence is cut into frames: each begins where somebody does something, and holds until the next. What is said in a
frame of ours ("we will ...", "you will hear ...", "ETA") is promised; in another ("please ...", "you said ...",
"the job runs ...") it is not.
"""

import re
from dataclasses import dataclass, replace
from enum import Enum

from .times import LENGTH_AHEAD


class Side(Enum):
    OURS = "we will"
    PLAN = "we are sending"  # promises once, never repeatedly
    BUSY = "we are looking into"  # ours, and no promise
    WANT = "we need"  # the same; and what is spoken of is not given
    DOUBT = "it is unlikely that"
    NOT = "you said"
    IF_YOU = "once you"


@dataclass(frozen=True)
class Frame:
    start: int
    end: int
    side: Side
    bare: bool = False  # a length without "in" counts: "ETA 20 minutes"
    weak: bool = False  # says nothing against what somebody else is asked for before it: "please send an update"
    follows: bool = False  # does what the frame before it does: "and get back to you"


TEAM = (
    r"(?:team|teams|engineers?|engineering|developers?|devs?|colleagues?|support|specialists?|technicians?|tech|manager|department|staff"
    r"|someone|somebody|backend|frontend|ops|operations|billing|accounting|finance|experts?|vendor|provider|supplier|partners?|courier"
    r"|warehouse|management|supervisor|agents?|rep|representative|lead|analysts?|dba|dbas|admins|sre|devops|security|product|logistics"
    r"|driver|electrician|plumber|installer|crew|consultant|advisor|adviser|office|microsoft|azure|aws|google|lawyer|nurse|doctor)"
)
CUSTOMER = (
    r"(?:(?:the|a|any|our|your|this|that|each|every)\ (?:\w+\ )?(?:customers?|clients?|users?|callers?|reporters?|requesters?|buyers?|guests?|shoppers?|tenants?)"
    r"|customers|clients|users|your\ (?:\w+\ )?(?:team|staff|side|it|admins?|administrator|colleagues?|manager|bank|developers?|provider|isp|host|department|engineers?|people|boss|company|carrier))"
)
ADVERBS = (
    r"(?:\ (?:also|then|now|still|just|all|both|always|likely|most|probably|hopefully|certainly|definitely|be\ sure\ to|make\ sure\ to|try\ (?:our|my)\ best\ to"
    r"|do\ (?:our|my)\ (?:very\ )?(?:best|utmost)\ to|of\ course|aim\ to|try\ to|try\ and|need\ to|have\ to|work\ (?:hard\ )?to|go\ ahead\ and|be\ able\ to|look\ to|in\ turn|continue\ to|soon|shortly|\w{2,12}ly))"
)
DELIVER = (
    r"(?:have|get|send|deliver|fix|call|phone|ring|update|provide|do|confirm|let|reply|respond|resolve|restore|ship|offer|give|share|follow|reach|come|visit|finish|complete|deploy|release|roll|push|move|make|be|replace|refund|dispatch|arrange|tell)"
)
STOP = (  # what we will do that gives nobody anything
    r"(?:(?:require|appreciate|await|wait|assume|consider|lose|charge|bill|suspend|never|no|not|see\ you|want|ask\ (?:you|them|him|her|the\ (?:customer|client|user))|need\ (?!to\b)|have\ you\ |let\ you\ (?!know)|leave\ (?:it|this|the)|be\ happy|be\ glad|be\ more\ than|be\ grateful|look\ forward)\b"
    r"|be\ (?:closed|away|out\b(?!\ (?:to|with|at))|off|on\ (?:leave|holiday|vacation|pto)|unavailable|unable|offline|waiting|needing|looking\ forward|in\ (?:a\ )?meetings?|travell?ing|closing|asking|charging|observing)|(?:close|archive|delete|cancel)\ (?:this|the|your|it|out))"
)
RECEIVE = (
    r"(?:hear|have(?!\ (?:to|received|seen|had|got|been|noticed|already)\b)|get|receive|see|expect|find|be\ (?:updated|notified|contacted|informed|called|advised|kept|emailed|able|up|back|good|sorted|refunded|reimbursed|credited|working|live|running|online|in\ business|in\ touch|reconnected|switched|moved|migrated|upgraded|all))"
)
NO_GIFT = (
    r"(?:charged|billed|deleted|suspended|closed|locked|renewed|cancelled|canceled|expired|lost|removed|logged|disconnected|affected|required|needed|asked|unavailable|down|offline|interrupted|blocked|rejected|archived|unable|retried|triggered"
    r"|prompted|missed|late|delayed|executed|generated|refreshed|synced|forced|invalid|null|empty|slow|a\ (?:problem|delay|problem)|maintenance|busy|out|an\ (?:outage|interruption)|downtime|purged|overwritten|rotated|polled|throttled)"
)
HAPPENS = (
    r"(?:take(?!\ (?:effect|place))|go(?=\ (?:live|out|up|online|in\b))|come\ (?:out|back|online|up|to)|ship|arrive|land|follow|finish|complete|resume|roll\ out|return|recover|stabili[sz]e|normali[sz]e|settle|clear|have|get|hear|know|reach|contact|call|visit|look"
    r"|investigate|reply|respond|fix|resolve|update|send|provide|deliver|deploy|release|start|begin|appear|be?\ (?!(?:\w+ly\ )?" + NO_GIFT + r")|work|improve|happen|ease|catch\ up|keep|let|give|share|join|email|message|follow|check|review|issue|post|push|return|stop|disappear|turn)"
)

Q = r"(?:you|we|i|they|it|he|she|this|that|these|there|someone|anyone|somebody|anybody|the|your|our|my)"
CLAUSE = re.compile(r"[,;:()\n!?-]|\b(?:and|but|so|or|then|because|while|if|as|when|though|although|where)\b")
FINITE = re.compile(
    r"""(?<![\w'])(?:
      (?P<word>[a-z]+)(?P<short>'ll|'re|'m|'ve|'d|'s)(?P<no2>\ (?:not|never)\b)?
     |(?P<typo>ill|well|youll|im|were|weve|ive)(?=\ (?:keep|update|get|let|be|have|send|follow|call|check|look|reach|post|provide|hear|receive|going|aiming|hoping|expecting|planning|sending)\b)
     |(?P<no>won't|wont|can't|cant|cannot|couldn't|shouldn't|wouldn't|don't|dont|doesn't|didn't|isn't|aren't|wasn't|weren't|haven't|hasn't|hadn't|mustn't|never|unable\ to|not\ able\ to|(?:will|would|can|could|should|may|might|do|does|did|is|are|am|was|were|have|has|had)\ (?:not|never|no\ longer))
     |(?P<aux>will|wil|shall|should|can|could|may|might|would|must|is|are|am|was|were|has|have|had|do|does|did|gonna|going\ to)
     |(?P<mean>hope|hopes|aim|aims|plan|plans|expect|expects|intend|intends|anticipate|promise|guarantee|commit|estimate|estimates|target|strive|endeavou?r|undertake|reckon|hoping|aiming|planning|expecting|targeting|anticipating|estimating|shooting|trying|looking|working|try)
     )(?!\w|')""",
    re.VERBOSE,
)

# Frames that are told by their own words: side, whether bare lengths count, whether weak.
AN_UPDATE = r"(?:(?:an?|the|our|next|another|further|first|more|regular|status|progress|full|final|hourly|daily|frequent|periodic|detailed|initial|official|new|quick|and|formal|written|public|weekly|continuous|proper|better|definite)\ ){0,4}"
THINGS = (
    r"(?:updates?|news|info|information|details|fix(?:es)?|patch|hot-?fix|rollback|roll-back|resolution|workaround|deployment|deploy|release|reply|answer|response|feedback|results?|report|rca|post-?mortem|findings|confirmation|quote|estimate|delivery"
    r"|refund|restoration|recovery|call-?back|call|visit|technician|engineer|replacement|summary|rollout|comms|status|check-?in|briefing|sitrep|follow-?up|(?<=next\ )(?:one|post|bulletin|checkpoint)|next\ steps?|repair|service|systems?|restore|completion|analysis)"
)
COMING = (
    r"(?:\ (?:is|are|will\ be|should\ be|now|currently|to\ be|to|being|has\ been|'s|provided|sent|posted|shared|scheduled|planned|expected|estimated|due|targeted|anticipated|slated|set|coming|going|out|live|in\ place|ready|follow|available|on\ its\ way|on\ track|time"
    r"|for|here|rolling|up|your\ way|deployed|released|shipped|through|from\ us|from\ me|with\ you|on\ this|on\ that|to\ you|as\ well|done|complete|completed|again|back|underway|in))"
)
NO_ORDER = r"(?!(?:call|reply|answer|visit|report|restore|quote|deploy|release|confirmation)\ (?:by|before|within|at|on|in|us|me|\w+\ (?:by|before|at|on))\b)"  # "reply by noon"
PATTERNS: list[tuple[Side, bool, bool, str]] = [
    (Side.DOUBT, False, False, r"(?:unlikely|doubt(?:ful)?|don't\ (?:think|believe|expect|know)|do\ not\ (?:think|believe|expect|know)|not\ (?:sure|certain|confident|clear|convinced)|can't\ (?:say|promise|guarantee|tell)|cannot\ (?:say|promise|guarantee|tell)|no\ guarantee|impossible)(?:\ (?:that|if|when|whether))?(?!\w)"),
    (Side.OURS, False, False, r"(?:you\ can\ )?count\ on\ (?:us|me)|(?:fix|patch|hot-?fix|release|update|order|replacement|parcel|package|shipment|refund|it|rollout|deployment|part|new\ \w+)\ (?:goes|ships|lands|comes|rolls|leaves)(?:\ (?:out|live|online|back|in))?"),
    (Side.OURS, True, False, r"(?:has\ |have\ |been\ |was\ |is\ |now\ ){0,3}(?:moved|slipped|pushed|shifted|extended|revised|brought\ forward|delayed)(?:\ back|\ out)?\ (?:to|until|till)"),
    (Side.PLAN, False, False, r"(?<![^\n,;:(!-])\ ?(?:(?:getting|coming|circling)\ back\ to\ you|pushing|deploying|rolling\ (?:it\ |this\ |the\ fix\ )?out|shipping|sending|releasing|calling\ you)"),
    (Side.OURS, False, True, r"(?<![^\n,;:(!-])\ ?(?:it's\ |all\ |hopefully\ )?(?:live|done|fixed|ready|resolved|sorted|up|online|finished|completed?|restored|available|delivered|shipped|out)(?:\ (?:and\ running|again|up|for\ you))?(?=\ (?:in|by|within|before|around|tomorrow|tonight|next|this)\b)"),
    (Side.OURS, False, False, r"(?:(?<=will\ )|(?<='ll\ ))(?:make\ sure|ensure|see\ to\ it)\ (?:that\ )?(?:you|they|he|she|it|someone|somebody|this|the\ \w+|our\ \w+)(?:\ (?:is|are|get|gets|have|has|receive|receives|hear|hears|calls?))?"),
    (Side.NOT, False, False, r"no\ (?:eta|etr|update|estimate|timeline|fix|news)\b|without\ (?:an?\ )?(?:eta|update)\b|(?:your|the\ customer's)\ (?:eta|reply|response|answer|feedback|confirmation|deadline|call|availability)|eta\ (?:was|had)|earliest\ convenience|(?:asked|ask|asking|asks|waiting|wait|request|requested|requests|need|needs|want|wants|wanted|looking)\ for\b"),
    (Side.OURS, True, True, r"(?:(?:e\.t\.a\.?|etas?|etr|ttr)(?!\w)(?!\ (?:was|had|for\ you))|(?:estimated|expected|target(?:ed)?|anticipated|projected)\ (?:time(?:frame|line)?|resolution|completion|fix|restoration|delivery|repair|turnaround|arrival|duration|recovery|date|release)(?:\ (?:time|date|of|to|for|is|resolution|fix|completion|restoration|repair|arrival|delivery|recovery)){0,4}|(?:resolution|turnaround|target|fix|completion)\ time)(?:\ (?:for|to|of|on)\ (?:\w+\ ){1,4}?(?=is|at|now|will|remains|:))?(?:\ ?(?:is|are|now|still|will\ be|should\ be|remains|currently))*(?!\ (?:not|unknown))"),
    (Side.OURS, False, True, rf"(?<=[,;:(\n!+&/•-]\ ){NO_ORDER}{AN_UPDATE}{THINGS}{COMING}{{0,4}}(?=\ ?(?:$|[:@~(,-]|\w))|(?<![^\n]){NO_ORDER}{AN_UPDATE}{THINGS}{COMING}{{0,4}}(?!\w)|(?:(?:with|for|and|post|posting|provide|providing|send|sending|give|giving|sharing|share|have|get|issue|issuing|next|hourly|daily|regular|you)\ ){AN_UPDATE}{THINGS}{COMING}{{0,4}}(?!\w)"),
    (Side.OURS, False, False, rf"(?:(?:you\ )?(?:can|may|should|please|to)\ )?expect\ (?:to\ (?:hear|receive|get|have|see)|{AN_UPDATE}{THINGS}|a\ |an\ |it\b|this\b|more\b|the\b|your\b(?=\ (?:refund|order|replacement|delivery|package))|our\b|us\b|me\b|my\b|{LENGTH_AHEAD})"),
    (Side.OURS, True, False, rf"(?:please\ |kindly\ )?(?:allow|give|grant)\ (?:us|me|the\ team|our\ \w+)(?!\ (?:to|an\ update|access|a\ (?:call|ring|shout)|the|your)\b)|(?:please\ |kindly\ )?allow\ (?:for\ )?(?:up\ to\ |about\ |around\ |at\ least\ )?(?={LENGTH_AHEAD})|(?:bear|hang|hold)\ (?:with|on|tight)(?:\ (?:us|me|for))?|(?:we|i|they|it|team|engineers?)(?:'ll|\ will|\ may|\ might)?\ (?:just\ |still\ |only\ )?needs?\ (?={LENGTH_AHEAD})|(?:won't|shouldn't|will\ not|should\ not|wouldn't)\ (?:take|be)\ (?:any\ )?(?:much\ )?(?:longer|more)\ than|expected\ to\ take|likely\ to\ take"),
    (Side.OURS, True, False, r"(?<![^\n,;:(!.-])\ ?(?:(?:i'm|we're|be|will\ be|i'll\ be|we'll\ be)\ )?back\ (?:in|at|by|with\ you|to\ you|online|up|on\ this|to\ normal|within|on)|not\ (?:take|be)\ (?:any\ )?longer\ than"),
    (Side.OURS, False, False, r"let\ (?:me|us)\ (?!know|have\ (?!someone|somebody|my|our|the\ team)|see|get\ (?:the|your|a)|hear)(?:please\ )?\w+|allow\ me\ to|rest\ assured|you\ have\ (?:my|our)\ word"),
    (Side.OURS, False, True, r"(?<![^\n])\ ?(?:on\ it|will\ do|noted|ok|okay|sure|understood|got\ it|more(?:\ (?:info|news|details|information|to\ (?:come|follow)))?|stay\ tuned|watch\ this\ space|talk\ (?:soon|to\ you)|speak\ (?:soon|to\ you)|(?:fix|patch|hot-?fix|release|update)\ (?:going|rolling|coming))"),
    (Side.NOT, False, False, r"(?:please|pls|plz|kindly|feel\ free|do\ not\ hesitate|don't\ hesitate|make\ sure|ensure\ (?:that\ )?you|be\ sure\ to|remember\ to|let\ (?:me|us)\ know|lmk|get\ back\ to\ (?:us|me)|(?:send|give|tell|call|email|provide|show|forward|reply\ to|update|contact|get)\ (?:us|me)\b|you\ to|why\ not|how\ about|what\ about|in\ order\ for\ you|reply\ to\ this|would\ you|thank(?:s|\ you)\ for|sorry\ (?:for|that|about|we|i)|apologi[sz]e|apologies)(?!\w)"),
    (Side.NOT, False, False, r"(?:(?:i|we|(?<!keep\ )(?<!keeping\ )(?<!get\ )(?<!have\ )you|they|he|she|who)\ (?:\w+ly\ |already\ |just\ |also\ )?(?!need|proceed|speed|succeed|exceed|feed|embed)(?:[a-z]{2,14}ed|sent|saw|got|went|ran|found|made|lost|spoke|took|began|kept|gave|left|felt|heard|meant|thought|knew|came|became|put|set|wrote|said|told|had|did|was|were)|(?:it|that|this|which|who|there|[a-z]+s?)\ (?:said|told|promised|asked|saw|did|was|were|happened|failed|began|went|came|took|wanted|needed|crashed|occurred|ran|spiked|dropped|appeared|became|thought|knew))(?!\w)"),
    (Side.NOT, False, False, r"(?:to\ (?:run|sync|refresh|happen|occur|repeat|retry|fire|poll|restart|reset|expire|execute|trigger|send|back\ up|renew))|(?:runs?|syncs?|happens?|occurs?|repeats?|refreshes|retries|fires|polls|restarts|crashes|fails|expires|executes|drops|triggers|times\ out|logs\ out|disconnects|sends|generates|updates\ itself|resets|renews|rotates|recurs?|gets|takes|appears|shows|starts|stops|closes|opens|reboots|freezes|goes|comes|wants|needs|asks|requires|says|insists|keeps|usually|typically|normally|generally|on\ average|as\ usual)(?!\w)"),
    (Side.WANT, False, False, r"(?:we|i)\ (?:want|need|require|ask|request|believe|think|see|understand|appreciate|recommend|suggest|advise|noticed|know|assume|wonder|guess|feel|wish|run|open|close|work|operate|offer|reply|respond|usually|typically|normally|generally|back\ up|process|check|review|monitor|ship)(?!\w)(?!\ (?:back\ to\ you|to\ you))"),
    (Side.NOT, False, False, r"you\ (?:want|need|see|run|get|use|said|still|already|ever|always|usually|also|then|asked)(?!\w)|(?:they|he|she|it|users|customers|people|everyone)\ (?:want|need|have|see|run|are|were|say|report|get|use|ask)s?(?!\w)"),
    (Side.IF_YOU, False, False, r"(?:once|after|when|whenever|as\ soon\ as|if|until|unless|provided(?:\ that)?|assuming(?:\ that)?|as\ long\ as|in\ case|should|the\ moment|upon|only\ if|on|of|following)\ (?:you(?!\ like\b)|your|the\ (?:customer|client|user)|they|anyone\ at\ your|receiving|receipt|we\ (?:receive|have\ (?:received|heard|your|the|those|that)|get\ (?:your|the|those|that|it|this)|hear\ (?:back\ )?from\ you|don't|do\ not))(?!\w)"),
    (Side.IF_YOU, False, False, r"if(?!\w)(?!\ (?:not|possible|all\ goes|everything\ goes|needed|necessary|at\ all|that's\ (?:ok|okay|alright)|that\ (?:works|suits)|not\ (?:sooner|earlier|before)|you\ like))"),
    (Side.NOT, False, False, r"(?:wondering|asking|unsure|check|see|confirm|know)\ (?:if|whether)|whether"),
]
NAMED = [(side, bare, weak, re.compile(rf"(?<![\w'])(?:{pattern})", re.VERBOSE)) for side, bare, weak, pattern in PATTERNS]
FOLLOWS = re.compile(
    r"(?<![\w'])(?:(?:and|then|&|or|to)\ (?:also\ |then\ |to\ )?|,\ (?:then\ )?)(?P<verb>update|send|let|get\ back|get|call|provide|keep|follow|report|share|reply|respond|notify|inform|contact|reach|deploy|fix|email|come\ back|circle|post|have|give|write|touch|revert|advise|confirm|roll|release|restore|resolve|be\ in\ touch|be\ back|investigate|look|check|push|ping|message|phone|ring|drop|escalate|complete|finish|ship|dispatch|replace|arrange|schedule|monitor|continue)(?!\w)(?!\ (?:us|me)\b)",
    re.VERBOSE,
)
TO_YOU = re.compile(r"[^,;]{0,25}\byou\b(?!\ (?:to|can|should|will|need|have)\b)")


DUE = r"(?:\ (?:also|now|already|currently|provisionally|tentatively|all|still|been|probably|likely))*\ (?:expected|due|scheduled|planned|estimated|slated|targeted|anticipated|pencilled\ in|penciled\ in|booked(?:\ in)?|on\ track|set|lined\ up|arranged|on\ course)(?:\ to\ (?:be|go|come|ship|arrive|land|roll|have|complete|finish|start|begin|resume|return|deploy|call|visit)|(?=\ (?:for|in|by|at|on|within|out|back|before|tomorrow|tonight|today|next|this|around|later|first|\w+day|between|\d|~)\b))"


def frames(sentence: str, asks: bool) -> list[Frame]:
    """All of the sentence, in its order."""
    found = [
        Frame(match.start(), match.end(), side, bare, weak)
        for side, bare, weak, pattern in NAMED
        for match in pattern.finditer(sentence)
    ]
    found += [frame for match in FINITE.finditer(sentence) if (frame := _finite(sentence, match, asks))]
    found += [
        Frame(match.start(), match.end(), Side.NOT, follows=True)
        for match in FOLLOWS.finditer(sentence)
    ]
    found.sort(key=lambda frame: (frame.start, frame.weak, -frame.end))
    return _settled(sentence, found)


def _settled(sentence: str, found: list[Frame]) -> list[Frame]:
    """Each with its last word on whose it is, after those before it."""
    done: list[Frame] = []
    swallow = False
    for frame in found:
        last = done[-1] if done else None
        if last and frame.start < last.end and not (frame.bare and not last.bare):
            continue
        if frame.follows:
            if not last:
                continue
            ours = last.side in (Side.OURS, Side.PLAN)
            if last.side is not Side.IF_YOU and not sentence.startswith("to ", frame.start) and TO_YOU.match(sentence, frame.end):  # nobody but us
                ours = any(other.side in (Side.OURS, Side.PLAN, Side.BUSY, Side.WANT) for other in done)
            frame = replace(frame, side=Side.OURS if ours else last.side)
        elif frame.weak and last and last.side in (Side.NOT, Side.IF_YOU, Side.WANT):
            between = sentence[last.end : frame.start]
            if not re.search(r"[,;:()\n!-]\s*$|[,;:(\n!]", between) or last.side is Side.IF_YOU:
                continue
        elif swallow and frame.side in (Side.OURS, Side.PLAN):
            frame = replace(frame, side=Side.IF_YOU)
            swallow = False
        elif last and last.side is Side.DOUBT and not re.search(r"[,;]|\bbut\b", sentence[last.end : frame.start]):
            frame = replace(frame, side=Side.NOT)
        if frame.side is Side.IF_YOU and not frame.follows and not swallow:
            swallow = bool(re.search(r"(?:^|[,;:()\n!-]|\b(?:and|but|so|or|then|that|also|again|however))\s*$", sentence[: frame.start][-12:])) and frame.end < len(sentence) and not done_with(frame)
        elif frame.side is Side.NOT and not frame.follows:
            swallow = swallow and not re.match(r"(?:please|let|feel|don't hes|do not hes)", sentence[frame.start :][:10])
        done.append(frame)
    return done


def done_with(frame: Frame) -> bool:
    return False


WAS = re.compile(r"\b(?:was|were|not)\ $")


def _finite(sentence: str, match: re.Match[str], asks: bool) -> Frame | None:
    after = sentence[match.end() : match.end() + 90]
    before = sentence[max(0, match.start() - 60) : match.start()]
    if WAS.search(before) and match["aux"] == "going to":
        return Frame(match.start(), match.end(), Side.NOT)
    if match["aux"] and not re.match(r"\ ?[\w~]", after):
        return None
    subject = CLAUSE.split(before)[-1].strip()
    word = match["word"] or ""
    aux = match["aux"] or {"'ll": "will", "'re": "are", "'m": "am", "'ve": "have", "'d": "would", "'s": "is"}.get(match["short"] or "", "")
    if match["typo"]:
        word, aux = {"ill": ("i", "will"), "well": ("we", "will"), "youll": ("you", "will"), "im": ("i", "am"), "were": ("we", "are"), "weve": ("we", "have"), "ive": ("i", "have")}[match["typo"]]
    if word:
        subject = f"{subject} {word}".strip()
    who = _who(subject)
    asks = asks and not ASIDE.search(sentence, match.end())
    frame = Frame(match.start(), match.end(), Side.NOT)
    if match["aux"] and re.match(rf"\ {Q}\b", after) and aux not in ("gonna", "going to") and (
        not subject or re.search(r"\b(?:when|what|how|where|why|which|who)$", subject)
    ):
        return frame
    if match["no"] or match["no2"]:
        verb = re.match(r"(?:\ \w+){0,2}?\ (?:expect|plan|promise|anticipate|intend|guarantee|estimate|hope|aim|target|commit)\w*", after)
        return replace(frame, end=frame.end + verb.end()) if verb else frame
    if who == "ours" and aux not in ("could", "may", "might", "would", "must", "did", "was", "were", "had"):
        frame = replace(frame, side=Side.BUSY)
    yes = replace(frame, side=Side.OURS)
    if match["mean"]:
        return _meaning(yes, match["mean"], who, after, before)
    if aux == "is" and re.search(r"\b(?:goal|aim|plan|intention|target|hope|objective|idea)$", subject) and re.match(r"(?:\ still|\ now)?\ to\ ", after):
        return yes
    if aux in ("am", "are", "is", "have", "has", "was") and (due := re.match(DUE, after, re.VERBOSE)):
        ours = who != "you" and not re.search(r"\b(?:your|payments?|invoices?|maintenance|subscription|trial|bill|audit|window)\b", subject)
        return replace(yes if ours else frame, end=match.end() + due.end())
    if aux in ("will", "wil", "shall", "going to", "gonna", "should"):
        takes = re.match(rf"{ADVERBS}{{0,3}}\ (?:take|need|be)(?:\ us|\ me)?(?:\ (?:only|just|about|around|roughly|approximately|another|up\ to|less\ than|at\ least|maybe|probably))*\ (?={LENGTH_AHEAD})", after, re.VERBOSE)
        if takes and who != "you":
            return replace(yes, bare=True)
        return yes if _undertaken(who if aux != "should" or who != "none" else "other", aux, after, asks) else frame
    if aux in ("have", "do") and not re.search(r"(?:^|\b(?:i|we|you|they|who|that|which|\w+s))$", subject):
        return None
    if aux == "can":
        return yes if who in ("ours", "you") and not asks and re.match(rf"{ADVERBS}{{0,2}}\ (?:{DELIVER if who == 'ours' else 'expect'})\b", after) else frame
    if aux in ("am", "are", "is"):
        return _progressive(frame, who, after)
    if aux in ("have", "has") and who == "ours" and re.match(r"\ (?:also\ |now\ |already\ |provisionally\ )?(?:scheduled|planned|booked|arranged|set\ up|lined\ up|pencilled|slated|committed)\b", after):
        return yes
    return frame


# A question at the end of a statement: "we'll call at 10, is that fine?"
ASIDE = re.compile(
    r"[,;:-]\ ?(?:and\ |so\ |but\ )?(?:can|could|would|will|is|are|do|does|did|shall|ok|okay|alright|right|please|what|which|how|any|if|sound)\b"
)


def _who(subject: str) -> str:
    last = subject.rsplit(" ", 1)[-1]
    words = re.sub(r"(?:\ (?:also|then|now|all|both|still|just|\w+ly))+$", "", subject)
    last = words.rsplit(" ", 1)[-1] if words else ""
    if last in ("i", "we"):
        return "ours"
    if last in ("that", "which", "who"):
        return "other"
    if last == "you" and not re.search(r"(?:for|to|with|by|from|at|near|like)\ you$", words):
        return "you"
    if not words or words in ("and", "but", "so", "then"):
        return "none"
    if re.search(rf"\b{CUSTOMER}(?:\ \w+)?$", words, re.VERBOSE):
        return "you"
    if re.search(rf"\b{TEAM}\b|\bone\ of\ (?:us|our|my)\b|\b(?:our|my)\ \w+(?:\ \w+)?$", words, re.VERBOSE) and last not in ("it", "this", "that", "they", "which"):
        return "ours"
    return "other"


def _undertaken(who: str, aux: str, after: str, asks: bool) -> bool:
    verb = re.match(rf"{ADVERBS}{{0,4}}\ (.*)", after, re.DOTALL)
    rest = verb[1] if verb else after.strip()
    if not rest.strip() or re.match(r"have\ (?:\w+ed|been|seen|sent|got|done|gone|heard|had|made|told)\b", rest) and aux == "should":
        return False
    if who == "ours":
        return not re.match(STOP, rest, re.VERBOSE)
    if who == "you":
        rest = re.sub(r"^(?:\ \w+ly|\ then|\ also|\ now|\ soon)?\ ", "", after)
        return not asks and bool(re.match(RECEIVE + r"\b", rest, re.VERBOSE))
    if who == "other" and asks:
        return False
    if re.match(r"[a-z ]{2,20}\ you\b(?!\ to\b)", rest):
        return True
    if who == "none":
        return not re.match(STOP, rest, re.VERBOSE)
    return bool(re.match(HAPPENS, rest, re.VERBOSE)) and not re.match(r"be\ \w+ing\b", rest) or bool(re.match(r"be\ (?:working|running|sending|calling|coming|arriving|reaching|contacting|getting|looking|rolling|releasing|deploying)\b", rest))


ACTING = (
    r"(?:deploying|rolling|shipping|releasing|sending|calling|pushing|meeting|delivering|dispatching|coming|replacing|restoring|applying|publishing|posting|getting\ (?:it|this|that|you|back)|visiting|issuing|refunding|giving\ you|providing|bringing|having|doing\ (?:the|a)|installing"
    r"|switching|migrating|upgrading|finishing|wrapping|fixing\ (?:it|this|that)|patching|launching|returning|resuming|arriving|going\ (?:out|live|up|in)|updating\ you|keeping\ you|back)"
)


def _progressive(frame: Frame, who: str, after: str) -> Frame:
    rest = re.sub(rf"^{ADVERBS}{{1,3}}(?=\ )", "", after)
    if re.match(r"\ (?:going\ to|gonna|about\ to)\b", rest):
        going = re.match(r"(?:\ \w+)*?\ (?:going\ to|gonna|about\ to)\b", after)
        frame = replace(frame, end=frame.end + (going.end() if going else 0))
        ours = who in ("ours", "other", "none") and _undertaken(who, "will", re.sub(r"^\ (?:going\ to|gonna|about\ to)", "", rest), False)
        return replace(frame, side=Side.OURS) if ours else frame
    if who == "ours" and re.match(r"\ (?:aiming|hoping|planning|expecting|targeting|looking\ (?:to|at\ (?:a|an|about|around|\d))|trying\ to|working\ (?:to|towards?|on\ (?:having|getting|a\ fix))|shooting\ for|anticipating|committed\ to|confident|due\ to|scheduled|set\ to|on\ track|estimating|pushing\ to)\b(?!\ you\ )(?!\ your\ )", rest):
        return replace(frame, side=Side.OURS, bare=bool(re.match(r"\ (?:target|aim|look|shoot)", rest)))
    if who != "you" and re.match(rf"\ {ACTING}\b", rest, re.VERBOSE):
        return replace(frame, side=Side.PLAN)
    return frame


def _meaning(yes: Frame, verb: str, who: str, after: str, before: str) -> Frame | None:
    """We hope, aim, plan."""
    if re.match(r"\ (?:you|your|that\ you|to\ hear|from\ you)\b", after) or re.match(r"\ (?:into|forward|on\b(?!\ having|\ getting)|with\b|fine|again)", after):
        return None if verb in ("looking", "working", "try", "trying") else replace(yes, side=Side.NOT)
    if verb in ("looking", "working", "trying", "try") and not re.match(r"\ (?:to|towards?)\b", after):
        return None
    if verb in ("working", "trying", "looking", "plan", "target", "estimate", "promise") and who not in ("ours", "none"):
        return None
    if who == "you":
        return replace(yes, side=Side.NOT)
    if verb == "try":
        return None
    return replace(yes, bare=verb[:3] in ("aim", "tar", "sho", "est"))
