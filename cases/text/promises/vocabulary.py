"""Lists of words for the phrases of promises, as regular expressions over plain small letters."""

from cases.text.patterns import joined

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
