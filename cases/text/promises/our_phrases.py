"""Phrases by which our side commits itself, and beside them those that say it does not: "no ETA", "unlikely"."""

from .phrases import Side, phrase
from .units import LENGTH_AHEAD
from .vocabulary import AN_UPDATE, COMING, HARM, NO_ORDER, THINGS

OUR_PHRASES = (
    phrase(
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
    phrase(
        Side.OURS,
        r"""
        (?:
          updates?|comms|communication|reporting|status
        ) (?:cadence|frequency|interval|rhythm)(?: (?:is|will be|stays|remains))?
        """,
    ),
    phrase(
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
    phrase(
        Side.OURS,
        r"""
        (?:has |have |been |was |is |now ){0,3}(?:
          moved|slipped|pushed|shifted|extended|revised|brought forward|delayed|postponed|rescheduled
          |deferred
        )(?: back| out)? (?:to|until|till)
        """,
        bare=True,
    ),
    phrase(
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
    phrase(
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
    phrase(
        Side.OURS,
        r"""
        (?:(?<=will )|(?<='ll )|(?<=ly ))(?:make sure|ensure|see to it) (?:that )?(?:
          you|they|he|she|it|someone|somebody|this|the \w+|our \w+
        )(?:
          [ ](?:is|are|get|gets|have|has|receive|receives|hear|hears|calls?)
        )?
        """,
    ),
    phrase(
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
    phrase(
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
    phrase(
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
    phrase(
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
    phrase(
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
    phrase(
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
    phrase(
        Side.OURS,
        r"""
        (?<![^\n,;:(!-]) ?(?:
          ping|call|text|email|ring|message|phone|talk to|speak to|get back to|let
        ) (?:you|u|ya)(?!\w)
        """,
        weak=True,
    ),
    phrase(
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
    phrase(
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
)
