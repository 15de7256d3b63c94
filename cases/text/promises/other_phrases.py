"""Phrases by which somebody else acts, or is asked to: "please ...", "you said ...", "once you ..."."""

from .phrases import Side, phrase
from .vocabulary import YOUR_DEED

OTHER_PHRASES = (
    phrase(
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
    phrase(
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
    phrase(
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
    phrase(
        Side.WANT,
        r"""
        (?:we|i) (?:
          want|need|require|ask|request|believe|think|see|understand|appreciate|recommend|suggest|advise
          |noticed|know|assume|wonder|guess|feel|wish|run|open|close|work|operate|offer|reply|respond
          |usually|typically|normally|generally|back up|process|check|review|monitor|ship
        )(?!\w)(?! (?:back to you|to you))
        """,
    ),
    phrase(
        Side.NOT,
        r"""
        you (?:want|need|see|run|get|use|said|still|already|ever|always|usually|also|then|asked)(?!\w)
        |(?:they|he|she|it|users|customers|people|everyone) (?:
          want|need|have|see|run|are|were|say|report|get|use|ask
        )s?(?!\w)
        """,
    ),
    phrase(
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
    phrase(
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
    phrase(
        Side.NOT,
        r"""
        (?:wondering|asking|unsure|check|see|confirm|know) (?:if|whether)
        |whether
        """,
    ),
)
