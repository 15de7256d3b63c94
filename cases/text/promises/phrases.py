"""Words that tell who undertakes something, as regular expressions over plain small letters (see undertakings)."""

import re
from enum import Enum
from typing import NamedTuple

from cases.text.patterns import joined

from .units import LENGTH_AHEAD


class Side(Enum):
    OURS = "we will"
    PLAN = "we are sending"  # promises once, never repeatedly
    BUSY = "we are looking into"  # ours, and no promise
    WANT = "we need"  # the same; and what is spoken of is not given
    DOUBT = "it is unlikely that"
    NOT = "you said"
    IF_YOU = "once you"


class Named(NamedTuple):
    """A frame that is told by its own words."""

    side: Side
    words: re.Pattern[str]
    bare: bool = False
    weak: bool = False


# Whose deeds are ours, and whose are the customer's.
TEAM = joined(r"""
    (?:
      team|teams|engineers?|engineering|developers?|devs?|colleagues?|support|specialists?|technicians?
      |tech|manager|department|staff|someone|somebody|backend|frontend|ops|operations|billing|accounting
      |finance|experts?|vendor|provider|supplier|partners?|courier|warehouse|management|supervisor|agents?
      |rep|representative|lead|analysts?|dba|dbas|admins|sre|devops|security|product|logistics|driver
      |electrician|plumber|installer|crew|consultant|advisor|adviser|office|microsoft|azure|aws|google
      |lawyer|nurse|doctor
    )
""")
CUSTOMER = joined(r"""
    (?:
      (?:the|a|any|our|your|this|that|each|every) (?:\w+ )?(?:
        customers?|clients?|users?|callers?|reporters?|requesters?|buyers?|guests?|shoppers?|tenants?
      )
      |customers|clients|users
      |your (?:\w+ )?(?:
        team|staff|side|it|admins?|administrator|colleagues?|manager|bank|developers?|provider|isp|host
        |department|engineers|people|boss|company|carrier
      )
    )
""")
# Between "we will" and what we will do.
ADVERBS = joined(r"""
    (?:
      [ ](?:
        also|then|now|still|just|all|both|always|likely|most|probably|hopefully|certainly|definitely
        |be sure to|make sure to|try (?:our|my) best to
        |do (?:our|my) (?:very )?(?:best|utmost) to
        |of course|aim to|try to|try and|need to|have to|work (?:hard )?to|go ahead and|be able to|look to
        |in turn|continue to|soon|shortly|\w{2,12}ly
      )
    )
""")
# What we promise with "we can"; what is no promise with "we will".
DELIVER = joined(r"""
    (?:
      have|get|send|deliver|fix|call|phone|ring|update|provide|do|confirm|let|reply|respond|resolve
      |restore|ship|offer|give|share|follow|reach|come|visit|finish|complete|deploy|release|roll|push|move
      |make|be|replace|refund|dispatch|arrange|tell
    )
""")
YOUR_DEED = joined(r"""
    your (?:
      team|side|it|admins?|reply|confirmation|response|approval|payment|go-ahead|feedback|consent|logs?
      |documents?|bank|answer
    )
""")
STOP = joined(r"""
    (?:
      (?:
        require|appreciate|await|wait|assume|consider|lose|charge|bill|suspend|never|no|not|see you|want
        |ask (?:you|them|him|her|the (?:customer|client|user))
        |need (?!to\b)
        |have you (?!(?:all )?(?:back|up|online|live|running|sorted|connected|set up))
        |let you (?!know)|leave (?:it|this|the)|be happy|be glad|be more than|be grateful|look forward
      )\b
      |be (?:
        closed|away|out\b(?! (?:to|with|at))|off
        |on (?:leave|holiday|vacation|pto)
        |unavailable|unable|offline|waiting|needing|looking forward|in (?:a )?meetings?
        |(?:
          performing|carrying out|doing|conducting|undertaking|running
        ) (?:(?!the\b)\w+ ){0,3}maintenance
        |here|around|available|your|at my desk|in the office|on shift|travell?ing|closing|asking|charging
        |observing
      )
      |(?:close|archive|delete|cancel) (?:this|the|your|it|out)
    )
""")
# What "you will" get from us; what "will be" done, and is no gift; what else "will" happen by our doing.
RECEIVE = joined(r"""
    (?:
      hear|know|be the first
      |have(?! (?:to|received|seen|had|got|been|noticed|already)\b)
      |get|receive|see|expect|find
      |be (?:
        updated|notified|contacted|informed|called|advised|kept|emailed|able|up|back|good|sorted|refunded
        |getting|receiving|hearing|reimbursed|credited|working|live|running|online|in business|in touch
        |reconnected|switched|moved|migrated|upgraded|all
      )
    )
""")
HARM = r"(?:\w+ ){0,3}(?:interruption|delay|disruption|outage|slowdown|downtime|slowness)s?\b"
NO_GIFT = joined(r"""
    (?:
      charged|billed|deleted|suspended|closed|locked|renewed|cancelled|canceled|expired|lost|removed
      |logged|disconnected|affected|required|needed|asked|unavailable|down|offline|interrupted|blocked
      |rejected|archived|unable|retried|triggered|prompted|missed|late|delayed|executed|generated
      |refreshed|synced|forced|invalid|null|empty|slow|a (?:problem|delay|problem)|maintenance|busy|out
      |an (?:outage|interruption)|downtime|purged|overwritten|rotated|polled|throttled
      |(?:switched|turned|shut) (?:off|down)
      |retired|discontinued|deprecated|decommissioned
      |(?:(?:a|an|some|short|brief|small|planned|scheduled|further) )*(?:
        maintenance|downtime|outage|interruption|delays?|disruption
      )
    )
""")
HAPPENS = joined(rf"""
    (?:
      take(?! (?:effect|place))
      |go(?= (?:live|out|up|online|in\b))
      |come (?:out|back|online|up|to)
      |ship|arrive|land|follow|finish|complete|resume|roll out|return|recover|stabili[sz]e|normali[sz]e
      |settle|clear|have|get|hear|know|reach|contact|call|visit|look|investigate|reply|respond|fix|resolve
      |update|send|provide|deliver|deploy|release|start|begin|appear|be? (?!(?:\w+ly )?{NO_GIFT})|work
      |improve|happen|ease|catch up|keep|let|give|share|join|email|message|follow|check|review|issue|post
      |push|return|stop|disappear|turn
    )
""")
# "A new status update", "the fix", "is expected".
AN_UPDATE = joined(r"""
    (?:
      (?:
        an?|the|our|next|another|further|first|more|regular|status|progress|full|final|hourly|daily
        |frequent|periodic|detailed|initial|official|new|quick|and|formal|written|public|weekly|continuous
        |proper|better|definite|half[ -]hourly|twice[ -]daily|nightly|timely|ongoing|additional|constant
      )[ ]
    ){0,4}
""")
THINGS = joined(r"""
    (?:
      updates?|news|info|information|details|fix(?:es)?|patch|hot-?fix|rollback|roll-back|resolution
      |workaround|deployment|deploy|release|reply|answer|response|feedback|results?|report|rca
      |post-?mortem|findings|confirmation|quote|estimate|delivery|refund|restoration|recovery|call-?back
      |call|visit|technician|engineer|replacement|summary|rollout|comms|status|check-?in|briefing|sitrep
      |follow-?up|bulletins?
      |(?<=next )(?:one|post|checkpoint)
      |next steps?|repair|restore|completion|analysis
    )(?! (?:goes|ships|lands|comes|rolls|leaves)\b)(?!
      [ ](?:is|are|was|were|gets?|has been|have been) (?!
        scheduled|planned|expected|estimated|targeted|anticipated|provided|posted|shared|deployed|released
        |shipped|completed
      )\w+ed\b
    )
""")
COMING = joined(r"""
    (?:
      [ ](?:
        is|are|will be|should be|now|currently|to be|to|being|has been|'s|provided|sent|posted|shared
        |scheduled|planned|expected|estimated|due|targeted|anticipated|slated|set|coming|going|out|live
        |in place|ready|follow|available|on its way|on track|time|for|here|rolling|up|your way|deployed
        |released|shipped|through|from us|from me|with you|on this|on that|to you|as well|done|complete
        |completed|again|back|underway|in
      )
    )
""")
NO_ORDER = joined(r"""
    (?!
      (?:
        call|reply|answer|visit|report|restore|quote|deploy|release|confirmation
      ) (?:by|before|within|at|on|in|us|me|\w+ (?:by|before|at|on))\b
    )
""")
# "We are sending it tomorrow", "it is due tomorrow".
ACTING = joined(r"""
    (?:
      deploying|rolling|shipping|releasing|sending|calling|pushing|meeting|delivering|dispatching|coming
      |replacing|restoring|applying|publishing|posting
      |getting (?:it|this|that|you|back)
      |visiting|issuing|refunding|giving you|providing|bringing|having|doing (?:the|a)|installing
      |switching|migrating|upgrading|finishing|wrapping|fixing (?:it|this|that)|patching|launching
      |returning|resuming|arriving|going (?:out|live|up|in)|updating you|keeping you|back
    )
""")
DUE = joined(r"""
    (?: (?:also|now|already|currently|provisionally|tentatively|all|still|been|probably|likely))* (?:
      expected|due|scheduled|planned|estimated|slated|targeted|anticipated|pencilled in|penciled in
      |booked(?: in)?|on track|set|lined up|arranged|on course
    )(?:
      [ ]to (?:
        be|go|come|ship|arrive|land|roll|have|complete|finish|start|begin|resume|return|deploy|call|visit
      )
      |(?=
        [ ](?:
          for|in|by|at|on|within|out|back|before|tomorrow|tonight|today|next|this|around|later|first
          |\w+day|between|\d|~
        )\b
      )
    )
""")


def _named(side: Side, words: str, bare: bool = False, weak: bool = False) -> Named:
    return Named(
        side,
        re.compile(
            joined(rf"""
        (?<![\w'])(?:{joined(words)})
    """)
        ),
        bare,
        weak,
    )


NAMED = (
    _named(
        Side.DOUBT,
        r"""
        (?:
          unlikely|doubt(?:ful)?
          |don't (?:think|believe|expect|know)
          |do not (?:think|believe|expect|know)
          |not (?:sure|certain|confident|clear|convinced)
          |can't (?:say|promise|guarantee|tell)
          |cannot (?:say|promise|guarantee|tell)
          |no guarantee|impossible
        )(?: (?:that|if|when|whether))?(?!\w)
    """,
    ),
    _named(
        Side.OURS,
        r"""
        (?:
          updates?|comms|communication|reporting|status
        ) (?:cadence|frequency|interval|rhythm)(?: (?:is|will be|stays|remains))?
    """,
    ),
    _named(
        Side.OURS,
        r"""
        consider (?:it|this|that)
        |(?:(?:can|do|will) promise|my promise)(?: to)?(?: you)?(?: is)?(?!\w)
        |(?:you can )?count on (?:us|me)
        |(?:
          fix|patch|hot-?fix|release|update|order|replacement|parcel|package|shipment|refund|it|rollout
          |deployment|part|new \w+
        ) (?:goes|ships|lands|comes|rolls|leaves)(?: (?:out|live|online|back|in))?
        |(?:
          engineer|technician|courier|driver|electrician|plumber|installer|order|replacement|parcel
          |package
        ) (?:arrives|visits|calls)
    """,
    ),
    _named(
        Side.OURS,
        r"""
        (?:has |have |been |was |is |now ){0,3}(?:
          moved|slipped|pushed|shifted|extended|revised|brought forward|delayed|postponed|rescheduled
          |deferred
        )(?: back| out)? (?:to|until|till)
    """,
        bare=True,
    ),
    _named(
        Side.PLAN,
        r"""
        (?<![^\n,;:(!-]) ?(?:
          (?:getting|coming|circling) back to you
          |following up|reaching out|updating you|pushing|deploying
          |rolling (?:it |this |the fix )?out
          |shipping|sending|releasing|calling (?:you|u|ya)
        )
    """,
    ),
    _named(
        Side.OURS,
        r"""
        (?<![^\n,;:(!-]) ?(?:it's |all |hopefully )?(?:
          live|done|fixed|ready|resolved|sorted|up|online|finished|completed?|restored|available|delivered
          |shipped|out
        )(?: (?:and running|again|up|for you))?(?=
          [ ](?:in|by|within|before|around|tomorrow|tonight|next|this)\b
        )
    """,
        weak=True,
    ),
    _named(
        Side.OURS,
        r"""
        (?:(?<=will )|(?<='ll )|(?<=ly ))(?:make sure|ensure|see to it) (?:that )?(?:
          you|they|he|she|it|someone|somebody|this|the \w+|our \w+
        )(?:
          [ ](?:is|are|get|gets|have|has|receive|receives|hear|hears|calls?)
        )?
    """,
    ),
    _named(
        Side.NOT,
        r"""
        no (?:eta|etr|update|estimate|timeline|fix|news)\b
        |without (?:an? )?(?:eta|update)\b
        |(?:your|the customer's) (?:
          eta|reply|response|answer|feedback|confirmation|deadline|call|availability
        )
        |eta (?:was|had)|earliest convenience
        |(?:
          asked|ask|asking|asks|waiting|wait|request|requested|requests|need|needs|want|wants|wanted
          |looking
        ) for\b
    """,
    ),
    _named(
        Side.OURS,
        r"""
        (?:
          (?:e\.t\.a\.?|etas?|etr|ttr)(?!\w)(?! (?:was|had|for you))
          |(?:estimated|expected|target(?:ed)?|anticipated|projected) (?:
            time(?:frame|line)?|resolution|completion|fix|restoration|delivery|repair|turnaround|arrival
            |duration|recovery|date|release|back(?: online| up)?|return
          )(?:
            [ ](?:
              time|date|of|to|for|is|resolution|fix|completion|restoration|repair|arrival|delivery
              |recovery
            )
          ){0,4}
          |(?:resolution|turnaround|target|fix|completion) time
          |(?:
            new|revised|updated|current|latest|our
          ) (?:target|estimate|timeline)(?= (?:is|remains|now)|:)
        )(?:
          [ ](?:for|to|of|on) (?:\w+ ){1,4}?(?=is|at|now|will|remains|:)
        )?(?: ?(?:is|are|now|still|will be|should be|remains|currently))*(?! (?:not|unknown))
    """,
        bare=True,
        weak=True,
    ),
    _named(
        Side.OURS,
        rf"""
        (?<=[,;:(\n!+&/•-] ){NO_ORDER}{AN_UPDATE}{THINGS}{COMING}{{0,4}}(?!\w)
        |(?<![^\n]){NO_ORDER}{AN_UPDATE}{THINGS}{COMING}{{0,4}}(?!\w)
        |(?:
          (?:
            with|for|and|post|posting|provide|providing|send|sending|give|giving|sharing|share|have|get
            |issue|issuing|next|hourly|daily|regular|you
          )[ ]
        ){AN_UPDATE}{THINGS}{COMING}{{0,4}}(?!\w)
    """,
        weak=True,
    ),
    _named(
        Side.OURS,
        rf"""
        (?:
          (?:you )?(?:can|may|should|please|to)[ ]
        )?(?<!customers )(?<!users )(?<!clients )(?<!they )expect (?!{HARM})(?:
          to (?:hear|receive|get|have|see)
          |{AN_UPDATE}{THINGS}|a |an |it\b|this\b|more\b|the\b
          |your\b(?= (?:refund|order|replacement|delivery|package))
          |our\b|us\b|me\b|my\b|(?=\d)|{LENGTH_AHEAD}
        )
    """,
    ),
    _named(
        Side.OURS,
        rf"""
        (?:please |kindly )?(?:gimme|(?:allow|give|grant) (?:us|me|the team|our \w+))(?!
          [ ](?:to|an update|access|a (?:call|ring|shout)|the|your)\b
        )
        |(?:please |kindly )?allow (?:for )?(?:up to |about |around |at least )?(?={LENGTH_AHEAD})
        |(?:bear|hang|hold) (?:with|on|tight)(?: (?:us|me|for))?
        |(?:
          we|i|they|it|team|engineers?
        )(?:'ll| will| may| might)? (?:just |still |only )?needs? (?={LENGTH_AHEAD})
        |(?:
          won'?t|shouldn'?t|will not|should not|wouldn't
        ) (?:take|be) (?:any )?(?:much )?(?:longer|more) than
        |expected to take|likely to take
    """,
        bare=True,
    ),
    _named(
        Side.OURS,
        r"""
        (?<![^\n,;:(!.-]) ?(?:(?:i'm|we're|be|will be|i'll be|we'll be) )?back (?:
          in|at|by|with you|to you|online|up|on this|to normal|within|on
        )
        |not (?:take|be) (?:any )?longer than
        |(?<![^\n]) ?with you (?=in|by|within|before)
    """,
        bare=True,
    ),
    _named(
        Side.OURS,
        r"""
        (?<![^\n,;:(!-]) ?(?:
          ping|call|text|email|ring|message|phone|talk to|speak to|get back to|let
        ) (?:you|u|ya)(?!\w)
    """,
        weak=True,
    ),
    _named(
        Side.OURS,
        r"""
        (?:let (?:me|us)|lemme) (?!
          know
          |have (?!someone|somebody|my|our|the team)
          |see|get (?:the|your|a)|hear
        )(?:please )?\w+
        |allow me to|rest assured|you have (?:my|our) word
    """,
    ),
    _named(
        Side.OURS,
        r"""
        (?<![^\n]) ?(?:
          on it|will do|noted|ok|okay|sure|understood|got it
          |more(?: (?:info|news|details|information|to (?:come|follow)))?
          |stay tuned|watch this space|talk (?:soon|to you)|speak (?:soon|to you)
          |(?:fix|patch|hot-?fix|release|update) (?:going|rolling|coming)
        )
    """,
        weak=True,
    ),
    _named(
        Side.NOT,
        r"""
        (?:
          please|pls|plz|kindly|feel free|do not hesitate|don't hesitate|make sure|ensure (?:that )?you
          |(?<!'ll )(?<!will )be sure to
          |remember to|let (?:me|us) know|lmk|get back to (?:us|me)
          |(?:send|give|tell|call|email|provide|show|forward|reply to|update|contact|get) (?:us|me)\b
          |you to (?!version|the|a|our|\d)
          |why not|how about|what about|in order for you|reply to this|would you|thank(?:s| you) for
          |sorry (?:for|that|about|we|i)
          |apologi[sz]e|apologies
        )(?!\w)
    """,
    ),
    _named(
        Side.NOT,
        r"""
        (?:
          (?:
            i|we
            |(?<!keep )(?<!keeping )(?<!get )(?<!have )you
            |they|he|she|who
          ) (?:\w+ly |already |just |also )?(?!need|proceed|speed|succeed|exceed|feed|embed)(?:
            [a-z]{2,14}ed|sent|saw|got|went|ran|found|made|lost|spoke|took|began|kept|gave|left|felt|heard
            |meant|thought|knew|came|became|put|set|wrote|said|told|had|did|was|were
          )
          |(?:it|that|this|which|who|there|(?!ha[sv])[a-z]+s?) (?:
            said|told|promised|asked|saw|did|was|were|happened|failed|began|went|came|took|wanted|needed
            |crashed|occurred|ran|spiked|dropped|appeared|became|thought|knew
          )
        )(?!\w)
    """,
    ),
    _named(
        Side.NOT,
        r"""
        (?:
          (?<!continue )to (?:
            run|sync|refresh|happen|occur|repeat|retry|fire|poll|restart|reset|expire|execute|trigger|send
            |back up|renew
          )
        )
        |(?:
          runs?|syncs?|happens?|occurs?|repeats?|refreshes|retries|fires|polls|restarts|crashes|fails
          |expires|executes|drops|triggers|times out|logs out|disconnects|sends|generates|updates itself
          |resets|renews|rotates|recurs?|gets|takes|appears|shows|starts|stops|closes|opens|reboots
          |freezes|goes|comes|wants|needs|asks|requires|says|insists|keeps|usually|typically|normally
          |generally|on average|as usual
        )(?!\w)
    """,
    ),
    _named(
        Side.WANT,
        r"""
        (?:we|i) (?:
          want|need|require|ask|request|believe|think|see|understand|appreciate|recommend|suggest|advise
          |noticed|know|assume|wonder|guess|feel|wish|run|open|close|work|operate|offer|reply|respond
          |usually|typically|normally|generally|back up|process|check|review|monitor|ship
        )(?!\w)(?! (?:back to you|to you))
    """,
    ),
    _named(
        Side.NOT,
        r"""
        you (?:want|need|see|run|get|use|said|still|already|ever|always|usually|also|then|asked)(?!\w)
        |(?:they|he|she|it|users|customers|people|everyone) (?:
          want|need|have|see|run|are|were|say|report|get|use|ask
        )s?(?!\w)
    """,
    ),
    _named(
        Side.IF_YOU,
        rf"""
        (?:
          (?:
            once|after|when|whenever|as soon as|if|until|unless|provided(?: that)?|assuming(?: that)?
            |as long as|in case|should|the moment|only if
          ) (?:
            you(?! like\b)|{YOUR_DEED}|the (?:customer|client|user)|they|anyone at your|receiving|receipt
            |we (?:
              receive
              |have (?:received|heard|your|the|those|that)
              |get (?:your|the|those|that|it|this)
              |hear (?:back )?from you|don't|do not
            )
          )
          |(?:up)?on (?:receiving|receipt|{YOUR_DEED})
        )(?!\w)
    """,
    ),
    _named(
        Side.IF_YOU,
        r"""
        if(?!\w)(?!
          [ ](?:
            not|possible|all goes|everything goes|needed|necessary|at all|that's (?:ok|okay|alright)
            |that (?:works|suits)
            |not (?:sooner|earlier|before)
            |you like
          )
        )
    """,
    ),
    _named(
        Side.NOT,
        r"""
        (?:wondering|asking|unsure|check|see|confirm|know) (?:if|whether)
        |whether
    """,
    ),
)
FOLLOWS = re.compile(
    joined(r"""
    (?<![\w'])(?:(?:and|then|&|or|to) (?:also |then |to )?|, (?:then )?)(?P<verb>
      update|send|let|get back|get|call|provide|keep|follow|report|share|reply|respond|notify|inform
      |contact|reach|deploy|fix|email|come back|circle|post|have|give|write|touch|revert|advise|confirm
      |roll|release|restore|resolve|be in touch|be back|investigate|look|check|push|ping|message|phone
      |ring|drop|escalate|complete|finish|ship|dispatch|replace|arrange|schedule|monitor|continue
    )(?!\w|-(?!up))(?! (?:us|me)\b)
""")
)  # what we do next: "and get back to you"
