"""What reports speak of, in words of the field: which function, how it fails, for whom.

Each table goes from the special to the general. What one line has matched is taken out of the text before the next
line looks, so that a "sales report" is a report and no sale. Patterns see lower case, straight quotes, single spaces.
"""

import re
from typing import NamedTuple


class Concept(NamedTuple):
    name: str
    pattern: re.Pattern[str]


def _table(**lines: str) -> tuple[Concept, ...]:
    """Each line is a list of patterns, separated by commas, that begin and end with whole words."""
    return tuple(
        Concept(name, re.compile(rf"(?<!\w)(?:{'|'.join(re.split(r',\s+', line))})(?!\w)"))
        for name, line in lines.items()
    )


# What is said in every report and of none in particular.
NOISE = re.compile(
    r"""\b(?:
      (?P<who>(?:customers?|users?|clients?|staff|people|team|teams|stores?|shops?|they|we|i|everyone|several|many|some|agents?|managers?|us))
        \ (?:(?:is|are|were|was|have|has|had|been|also|now|all|keep|keeps|just|again)\ )*report(?:ed|ing|s)?(?:\ (?:of|that|to\ us))?
      |reported|reporting\ (?:that|of|an?|the|this)|(?:to|i)\ report|reports\ (?:of|that|from|came|come|coming)|(?:this|bug|error|incident|problem)\ reports?
      |thanks?\ (?:you)?|please|hi|hello|dear|regards|asap|urgent(?:ly)?
      |(?:everything|it|all|things?|the\ (?:site|rest|system|app|others?))\ (?:else\ )?(?:was|were|is|are|has\ been|have\ been|had\ been|worked|works?|loads?|seems?|looks?)?\ ?(?:working\ )?(?:fine|normal(?:ly)?|okay|ok|perfectly|well|fast)(?:\ (?:until|before|yesterday|earlier|otherwise)\b)?
      |(?:works?|loads?|fine|normal)\ otherwise
      |no\ error(?:\ messages?|s)?(?:\ at\ all)?
      |losing\ (?:sales|money|business|customers|orders|revenue)|lost\ (?:sales|revenue|business)|cost(?:ing|s)?\ us\ \w+(?:\ \w+)?\ (?:sales|money|revenue)
      |(?:impact|affect|hurt|disrupt)(?:s|ed|ing)?\ (?:our\ |the\ )?(?:sales|revenue|business|operations)
      |in\ order\ to|try\ again(?:\ later)?|at\ the\ (?:moment|time)
      |(?:since|from|until|started|began|starting|for|in|over|within|during|as\ of)\ (?:about\ |around\ |roughly\ |nearly\ |almost\ |the\ |a\ |last\ |past\ |over\ |more\ than\ |early\ |earlier\ |at\ |on\ |late\ )*
        (?:this\ (?:morning|afternoon|evening|week)|today|yesterday|tonight|last\ night|noon|midnight|(?:half\ )?an?\ hour|(?:(?!peak|busy|rush|lunch)\w+\ )?(?:hours?|days?|weeks?)(?:\ now)?\b(?!\ to\b|\ before)|morning|afternoon|evening|night|week|\d\d?(?::\d\d)?(?:\ ?[ap]m)?\b(?!\ ?(?:%|percent|seconds?|minutes?|out|of\b)))
      |(?:half\ an|an|\w+)\ (?:hours?|minutes?|days?)\ ago|right\ now|earlier\ today
      |for\ some\ (?:reason|time)|some\ (?:kind|sort)\ of|something\ (?:went|is|has\ gone|goes)\ wrong|(?:anything|what(?:'s|\ is))\ wrong|goes?\ wrong
      |(?:no|not|without|never|neither|nor|any)\ (?:any\ |a\ |an\ |in\ |\w+ly\ )?(?:errors?(?:\ (?:codes?|texts?|messages?))?|failures?|failed|failing|duplicates?|duplicate\ \w+|delays?|lost|slow|crash\w*|exceptions?|late|doubled)
      |(?:causing|leading\ to|resulting\ in|result\ in)\ (?:\w+\ ){0,3}(?:confusion|frustration|disruptions?|lost\ \w+|loss\ of\ \w+|losses|long\ (?:lines|queues)|queues|complaints|concerns?)
    )\b""",
    re.VERBOSE,
)

# A clause that says what does work, unless one of the words beside it says otherwise.
CLAUSE = re.compile(r"(?:(?!\b(?:but|while|whereas|though|although|yet|however|except)\b)[^.,;:!?|()])+")
WORKS = re.compile(
    r"""\b(?:fine|okay|ok|normal(?:ly)?|as\ usual|as\ (?:it|they)\ should|properly|correct(?:ly)?|right|healthy|unaffected|intact
      |no\ (?:problems?|trouble|issues?|difficulty)|all\ right|alright|without\ (?:a\ hitch|(?:any\ )?(?:trouble|problems?|issues?|delay))
      |(?:comes?|arrives?|opens?|shows?\ up|changes?|reach\w*|is\ there|are\ there|in)\ (?:\w+\ )?(?:immediately|at\ once|instantly|straight\ away|right\ away|on\ time|punctually|quickly)
      |works?|working|functions?|functioning|back\ (?:online|to\ normal)|is\ (?:quick|fast|good)|(?:go|goes|come|comes|went)\ (?:through|in))\b""",
    re.VERBOSE,
)
OTHERWISE = re.compile(
    r"""\b(?:not|no(?!\ (?:problem|trouble|issue|difficult))|never|none|nobody|nothing|neither|nor|without(?!\ (?:a\ hitch|any|trouble|problem|issue|delay))|only|unable|if|when|until|fail\w*|errors?
      |stop\w*|sometimes|slow\w*|wrong\w*|late|later|unavailable|down|delay\w*|refus\w+|reject\w*|declin\w+|hardly|barely|trouble|twice|duplicat\w+|off|long|forever|minutes?|seconds?|incorrect\w*|inaccurate|missing|blank)\b""",
    re.VERBOSE,
)
# What somebody quotes is an error message, whatever stands in it; single words may be a state or a label.
QUOTED = re.compile(
    r"""\"[^"]{0,120}?\w\ \w+\ [^"]{0,120}\"|(?<!\w)'[^']{0,120}?\w\ \w+\ [^']{0,120}'(?!\w)"""
)
# Where or when something fails is not what fails.
PLACE = re.compile(
    r"\b(?:in|on|at|after|from|during|within|before|under|when|while|of|via|through|for|following|upon)(?: (?:the|our|my|your|their|a|an|each|every|all|some|several|any|last|completing|viewing|using))*\s$"
)

FUNCTIONS = _table(
    duplicate_charge=r"""(?:double|duplicate)[- ]?(?:charg|bill)\w*, (?:charg|bill|debit|captur)\w+ (?:\w+ ){0,4}(?:twice|two times|multiple times|double|again), (?:two|duplicated?|double|multiple|second|repeated) (?:\w+ )?(?:charges?|debits?|captures?|captured payments?|billing), card charged more than once,
        (?:twice|two times|double) (?:for|on) (?:the same|one|a single) (?:order|purchase|sale|transaction), duplicate (?:payments?|transactions?|charges)""",
    report_mail=r"""(?:scheduled|automat\w+|recurring) (?:\w+ )?reports?(?: (?:e-?)?mails?)?, reports? (?:e-?mails?|mails?|by e-?mail|by mail), e-?mailed reports?""",
    closing=r"""cash[- ]?ups?, (?:end[- ]of[- ]day|day[- ]end|closing|shift|daily) (?:closing|close|closure|run|routine|procedure|process|reconciliation|settlement|balancing), end[- ]of[- ]day(?! reports?), reconciliation, z[- ]out""",
    stocktake=r"""stock ?(?:takes?|taking|transfers?), (?:inventory|stock) transfers?, transfers? (?:of|between) \w+, purchase orders?, suppliers?, reorder\w*, re-?stock\w*""",
    cancel=r"""cancel\w*""",
    waiting_list=r"""waiting lists?""",
    pay_method=r"""split (?:payments?|tender|bills?), (?:apple|google|samsung|amazon) ?pay, paypal, klarna, amex, american express, mastercard, visa, saved cards?, contactless(?: payments?| cards?)?, bank transfers?, buy now,? pay later, instal?lments?""",
    address=r"""address (?:forms?|fields?|validation|lookup|autocomplete|entry), post(?:al)? ?codes?, zip ?codes?""",
    notification_=r"""(?:low[- ])?(?:stock|inventory) (?:alerts?|warnings?|notifications?), (?:appointment |booking |text |sms |e-?mail |payment )*reminders?(?: texts?| messages?| e-?mails?| mails?)?""",
    confirmation=r"""order (?:notification |acknowledg\w+ )?(?:e-?)?mails?, (?:e-?mails?|mails?|messages?) confirming (?:\w+ ){0,2}(?:orders?|purchases?|payments?|sales?), (?:order |purchase |payment |booking |appointment )?confirmations?(?! step)(?: e-?mails?| mails?| messages?| pages?| screens?)?, (?:order|receipt) e-?mails?, e-?mail(?:ed)? receipts?""",
    password_reset=r"""(?:password[- ])?reset(?:ting)?(?: (?:my |the |their |a )?passwords?| e-?mails?| links?| mails?| instructions), forgot(?:ten)? password, password (?:e-?)?mails?, new passwords?, forgot (?:\w+ )?passwords?""",
    session=r"""(?:logged|logs?|logging|signed|signs?|signing|kicked|kicks?|thrown|throws?|booted) (?:\w+ ){0,2}out, log-?outs?, sessions? (?:expir\w+|time\w*|end\w*|drop\w*|lost|keeps?)""",
    login=r"""log(?:ging|s|ged)?[- ]?(?:in|on)(?:to)?(?: page| screen| form)?, log(?:ging)? (?:\w+ )?in, logins?, sign(?:ing|s|ed)?[- ]?in, sign[- ]?on, (?:token|auth) (?:endpoint|service|api|server), auth, authenticat\w+, credentials, two[- ]factor, 2fa, mfa, sso, single sign[- ]on, pass(?:word|code)s?, (?:locked|shut) out, wrong (?:credentials|password|pin), valid credentials, access (?:my|our|their) accounts?""",
    order_status=r"""order pages?, (?:old|wrong|new|current|delivery|shipping) status(?:es)?, status (?:changes?|updates?|fields?|labels?), order(?:s'?)? (?:status(?:es)?|tracking|history|progress)(?: updates?| pages?)?, status(?:es)? (?:of|for) (?:\w+ ){0,2}orders?, track(?:ing)? (?:\w+ ){0,2}orders?, orders? (?:\w+ ){0,3}(?:show|shows|showing|stay|stays|stuck|still|remain\w*|sit|sits) (?:\w+ ){0,2}(?:as |in |on |at )?["']?(?:pending|processing|placed|open|received), orders? stuck, orders? (?:state|updates?), awaiting payment, (?:stay|stays|hangs?|stuck) (?:on|in|at) ["']?(?:pending|processing|received|placed|confirmed)""",
    webhook=r"""webhooks?, callbacks?""",
    api_key=r"""api[- ](?:keys?|tokens?|credentials), access tokens?, rate limit\w*""",
    accounting=r"""accounting(?: \w+)?(?: sync\w*| integration| export)?, quickbooks, xero, bookkeeping, ledger, third[- ]party integrations?, integrations?, erp""",
    export=r"""exports?, exporting, exported, csv(?: files?| downloads?)?, excel(?: files?)?, spreadsheets?, downloading, downloads? (?:of|as)""",
    import_=r"""bulk (?:uploads?|imports?), imports?, importing, uploads?, uploading""",
    reports=r"""(?:\w+[- ])?(?:sales|daily|weekly|monthly|quarterly|annual|revenue|inventory|tax|financial|end[- ]of[- ]day|z|x|summary|custom|scheduled|analytics|april|march|performance|closing|audit|stock|profit)[- ]reports?(?: section| page| module| tab| screen)?,
        reports?(?: section| page| module| tab| screen| generation| builder| viewer), report generation, generat\w+ (?:\w+ )?reports?, analytics(?: section| page| module| tab)?, (?:run|open|view|access|load|pull|see|print|the|a|our|my|any|all|these|those|specific|certain|some) reports?, reports?, reporting(?: \w+)?, statistics, statements?, charts?, graphs?, metrics, kpis?""",
    card_reader=r"""(?:card|chip|contactless|payment|credit[- ]card) (?:readers?|machines?|terminals?|devices?)(?: connection| pairing)?, pin ?pads?""",
    giftcard=r"""gift[- ]?cards?, gift certificates?, store credits?""",
    discount=r"""discount(?:s|ed)?(?: codes?)?, coupons?(?: codes?)?, promo(?:tion)?s?(?:tional)?(?: codes?)?, vouchers?, price rules?, special offers?""",
    loyalty=r"""loyalty(?: points?| cards?| programm?e?)?, reward(?:s)?(?: points?)?, bonus points?, points balance""",
    refund=r"""refund(?:s|ed|ing)?, returns? (?:process\w*|of|at|desk|module), return(?:ed|ing) (?:items?|goods), chargebacks?, void(?:s|ed|ing)?""",
    tax=r"""(?:sales )?tax(?:es)?(?: rates?| calculations?)?, vat""",
    invoice=r"""invoic\w+, billing(?: page| documents?)?, bills?""",
    receipt=r"""receipts?(?: print(?:er|ers|ing)?)?, receipt printers?, print(?:er|ers|ing|s|ed|out)?, slips?""",
    scanner=r"""bar ?codes?(?: scanners?| scanning| readers?)?, scann?(?:er|ers|ing|s|ed)?, qr codes?""",
    drawer=r"""cash drawers?, drawers?""",
    shipping=r"""shipping(?: \w+)?, shipments?, deliver(?:y|ies)(?: options?| address\w*| slots?)?, carriers?, parcels?, postage""",
    images=r"""(?:product |catalog(?:ue)? |item )?(?:images?|pictures?|photos?|thumbnails?|graphics|icons)(?: upload\w*)?, pics""",
    filter=r"""filters?, filtering, sort(?:ing|ed)? (?:by|order|options?)""",
    search=r"""(?:product |site |catalog(?:ue)? |item )?search(?:es|ing|ed)?(?: results?| bar| box| function\w*| feature| page)?, find(?:ing)? (?:any )?(?:products?|items?|articles?), autocomplete, find(?:s|ing)? nothing, (?:search|no|zero) hits""",
    cart=r"""(?:shopping )?(?:carts?|baskets?|bags?)(?: pages?| contents?)?""",
    wishlist=r"""wish ?lists?, favou?rites""",
    review=r"""(?:product )?reviews?, ratings?""",
    inventory=r"""on[- ]hand(?: \w+)?, in[- ]stock, inventory(?: counts?| levels?| management| module| page| screen| sync\w*)?, stock(?: counts?| levels?| numbers?| figures?| quantit\w+| sync\w*| updates?)?, quantit(?:y|ies) on hand, warehouse""",
    pricing=r"""pric(?:es?|ing)(?: lists?| updates?| changes?| tags?)?""",
    product=r"""product (?:pages?|details?|listings?|descriptions?|catalog(?:ue)?)(?: pages?)?, catalog(?:ue)?s?, product data, items? details?, categor(?:y|ies)(?: pages?)?""",
    dashboard=r"""(?:admin\w* |management |merchant |ops |operations |analytics )?dash ?boards?, admin(?:istration)? (?:panel|portal|area|console|page|pages|interface|screens?|site), overview(?: pages?| screens?)?, home ?screen widgets?, widgets?, control panels?""",
    permissions=r"""permissions?, user roles?, roles?, access rights?, staff accounts?, user accounts?, user management, privileges""",
    schedule=r"""shifts?, rosters?, time ?clocks?, clock(?:ing)? in, timesheets?, schedul\w+""",
    appointment=r"""diary, diaries, appointments?, bookings?, calendars?, slots?, reservations?""",
    tracking=r"""tracking(?: \w+)?, gps, routes?, vehicles?, drivers?, fleet""",
    notification=r"""(?:push |text |sms )?notifications?, alerts?, reminders?, text messages?, sms, newsletters?, e-?mails?, mails?""",
    mobile=r"""mobile(?: \w+)?, tablets?, ipads?, iphones?, android, phone app, ios""",
    profile=r"""customer (?:records?|profiles?|database|data|lists?|details|accounts?), profiles?(?: pages?| pictures?)?, account (?:settings|details|pages?|information), address book, settings(?: pages?)?, preferences""",
    signup=r"""sign(?:ing)?[- ]?up, registrations?, register(?:ing)? (?:as|a new|new|an account)\w*, new accounts?, creat\w+ (?:an |new )?accounts?""",
    language=r"""translations?, languages?, currenc(?:y|ies)(?: conversion)?, exchange rates?""",
    backup=r"""(?:data|cloud|offline) ?sync\w*, backups?, restor\w+ (?:from|data), data loss""",
    checkout=r"""trad(?:e|ing), take money, tak(?:e|ing) (?:any )?(?:money|cash|orders?), serv(?:e|ing) customers, check(?:ing|ed|s)?[- ]?outs?(?: process\w*| page| screen| button| step| flow| function\w*| transactions?| errors?)?, payments?(?: process\w*| step| page| screen| gateway| service| provider| methods?| types?| requests?| errors?)?, pay(?:s|ing|able)?, paid, cards?(?: payments?)?,
        (?:point[- ]of[- ]sale|pos)(?: systems?| terminals?| transactions?| app| software| screens?)?, tills?, registers?, terminals?, cash(?:iers?)?(?: registers?| desks?)?, transactions?, sales?, sell(?:ing)?, purchas\w+, buy(?:ing)?, (?:plac\w+|submit\w*|complet\w+|process\w*|finali[sz]\w+|creat\w+|enter\w*) (?:\w+ ){0,3}orders?, orders? (?:can|could|are|is|do|does|did|were|submission\w*|placement|fail\w*|go|goes|not|entry|creation|process\w*|error\w*) not?, orders?, ring(?:ing)? up, tender\w*""",
    system=r"""(?:whole|entire|complete|our|the|your)? ?(?:systems?|platform|website|web ?site|site|web ?shop|shop ?front|store ?front|portal|application|software|service|app|server|servers|back ?end)(?: is| are| was)?(?: completely| totally| entirely)? ?(?:down|outage|offline|unreachable|inaccessible|unavailable|downtime|crash\w*)?,
        outages?, downtime, (?:azure )?(?:sql )?(?:data ?base|db|sql)(?: server| connection\w*| outage)?, apis?(?: calls?| endpoints?)?, nothing works, everything is down""",
)

GENERAL = {"checkout", "system", "cart", "product", "notification", "mobile"}

# The same failure has other names where another function fails.
SAME = {
    function: names
    for functions, names in [
        ("images", {"fails": "blank", "missing": "blank", "late": "slow"}),
        (
            "notification confirmation password_reset webhook receipt",
            {"fails": "missing", "blank": "missing", "slow": "late"},
        ),
        ("inventory", {"blank": "fails", "missing": "fails", "late": "wrong"}),
        ("reports dashboard export invoice", {"blank": "fails", "missing": "fails", "late": "slow"}),
        ("order_status", {"slow": "late", "missing": "late"}),
        ("checkout appointment schedule login", {"late": "slow", "missing": "fails"}),
        ("discount giftcard loyalty refund tax", {"missing": "fails", "blank": "fails", "late": "slow"}),
        ("search cart product system mobile", {"late": "slow"}),
    ]
    for function in functions.split()
}

# What is wrong, late or there twice is the same failure, whether for some or for all.
FOR_SOME = {"fails", "blank", "slow", "missing"}

FAILURES = _table(
    asks=r"""feature requests?, requests? (?:for|to) (?:\w+ ){0,2}(?:features?|mode|options?|access|information), would be (?:nice|great|helpful|good) to, (?:general )?(?:question|inquiry|enquiry) (?:about|on|regarding), how (?:do|can|could|should|would) (?:i|we), how to, is there a way to, (?:we|i) would like to (?:have|know|add|see|request), typos?, misspell\w+, misspelt, spelling, wording""",
    fails_=r"""(?:not|never) (?:\w+ )?(?:go|going|goes|get|getting|come|coming|came|went|gone|get past) (?:through|past)""",
    wrong=r"""not (?:\w+ )?(?:applied|applying|calculat\w+|computed|counted|added|updat\w+|reflect\w*) (?:correctly|properly|right|accurately), too (?:high|low|many|few|much)(?: by)?, (?:higher|lower) than, does not (?:match|agree|add up), do not (?:match|agree|add up|tally), nowhere near, (?:hour|day|cent|cents|dollars?|euros?|pounds?|units?|pieces?) (?:off|too \w+), not what, (?:show|shows|showing|display\w*|say|says) (?:\w+ ){0,2}zero, inflated, doubled? (?:the|our|totals?|figures?|amounts?|sums?), (?:totals?|figures?|sums?|amounts?|numbers?|counts?) (?:are |is |were )?(?:doubled?|twice|off|too \w+|higher|lower|inflated|do not), (?:twice|double|half) (?:what|the|our|as|actual), nonsense, overstat\w+, understat\w+, not (?:being )?(?:deducted|reduced|subtracted|decreas\w+|go down|counted), bogus, unexpected (?:values?|totals?|amounts?), not reflect\w*, old (?:prices?|figures?|values?), phantom, wrong(?:ly)?, incorrect\w*, inaccura\w+, mismatch\w*, off by, (?:do|does|did) not (?:match|add up|agree|tally|balance), discrepan\w+, miscalculat\w+, mix(?:ed)?[- ]?up, not (?:right|correct|accurate|matching), negative (?:stock|quantit\w+|values?), out of (?:sync|date)""",
    twice=r"""several (?:identical )?(?:confirmation |order )?(?:e-?)?mails? (?:per|for), (?:two|three|2|3) (?:confirmation|e-?mails?|mails?|messages|receipts|entries|debits|bookings|orders|payments|texts), second (?:e-?mail|mail|charge|debit|payment), debited (?:two|twice|again), captured (?:two|twice|again), both (?:charges|debits), repeated, again and again, duplicat\w+, twice, double[- ]?(?:charg|bill|book|post|print|enter)\w*, doubled?, two (?:identical|copies|times|e-?mails?|confirmation\w*|of the same|charges), multiple times, repeated(?:ly)? (?:charg|sent|e-?mail)\w*, same \w+ (?:again|more than once), more than once""",
    layout=r"""(?:without|no|missing|wrong) (?:the |our |a )?(?:logos?|colou?rs?|headers?|footers?|fonts?|columns?|borders?|alignment)(?! (?:is|are) loading), logos? (?:missing|gone|disappeared), (?:too|very) (?:wide|tall|narrow|flat|thin), proportions?, aspect ratio, mangled, deformed, warped, skew\w*, unreadable, squished, stretch\w*, cropp?\w*, distort\w*, squash\w*, squeez\w*, misalign\w*, overlap\w*, pixel\w*, blurr\w*, cut off, garbled, lay-?out, out of proportion, sideways, rotated, (?:incorrect |wrong |badly |poor )rendering, display(?:ed|ing)? (?:incorrectly|wrong|badly)""",
    blank=r"""(?:does|do|did) not (?:\w+ )?find, nothing (?:\w+ )?(?:displayed|visible|rendered|on (?:the|our) screen|at all), (?:not|unable to|not able to|never) (?:even )?see (?:\w+ ){0,2}(?:page|screen|view|form|anything|checkout), (?:no|zero|without) (?:hits?|matches|content|buttons?|pictures?|images?|photos?|products?), finds? nothing, found nothing, return\w* nothing, (?:just|only) (?:a )?(?:white|grey|blank|empty|background|header), placeholders?, question marks?, grey tiles?, empty, whiteness, blank, white (?:screens?|pages?), empty (?:pages?|screens?), grey (?:box\w*|squares?), broken (?:image )?(?:icons?|links?|images?), (?:fail\w*|refus\w+|unable) to (?:load|render|open|display|appear|show)\w*, (?:not|never) (?:be )?(?:\w+ )?(?:load|loading|loaded|render|rendering|open|opening|display|displaying|displayed|appear|appearing|show|showing|shown|come up|coming up|visible)\w*, spinn\w+, freez\w+, froze\w*, hang\w*, hung, (?:endless|keeps?|forever|infinite)(?:ly)? load\w*, load\w* (?:forever|endlessly|indefinitely), (?:0|zero|no) (?:products?|hits|results|items|matches)(?: found| returned)?, white, not one (?:\w+ )?(?:image|picture|photo) (?:visible|left), no (?:results?|images?|pictures?|products?) (?:\w+ )?(?:load|show|appear|come|display|at all|found|returned)\w*, zero results?, no results?, nothing (?:appears|shows|loads|comes|(?:is |was |gets )?(?:shown|found)), empty (?:results?|lists?)""",
    missing=r"""no (?:\w+ ){0,3}(?:received|delivered|arriv\w+|sent|issued|go out|gone out|come out), (?:not|never) (?:\w+ )?(?:print\w*|come out|coming out|issued|generated|dispatched|trigger\w*), nothing (?:comes|came|arriv\w+|gets|got|prints?|printed|in the inbox)(?: out| in)?, (?:print\w*|mails?|e-?mails?|webhooks?|reminders?|notifications?) (?:has |have |were |was )?(?:stopped|ceased|failing|fails?), went quiet, (?:gone|fallen) silent, not? (?:being )?(?:issued|printed|sent|delivered|received), no longer (?:receiv\w+|get\w*|print\w*|arriv\w+|sent|issued|fir\w+), stopped (?:printing|arriving|firing|coming|sending), (?:does|do|did) not (?:\w+ )?(?:go out|went out), missing, disappear\w*, vanish\w*, (?:not|never) (?:\w+ )?(?:receiv\w+|arriv\w+|get|getting|got|deliver\w*|sent|sending|come|coming|came|reach\w*|fir(?:e|ing)), gone, no (?:e-?mail|mail|confirmation|message|notification|receipt)s?, without (?:a )?(?:confirmation|receipt|trace)""",
    late=r"""not (?:\w+ )?sync\w*, sync\w* (?:fail\w*|issues?|problems?|errors?|stopped), stopped sync\w*, (?:stuck|remain\w*|stay\w*) (?:in|on|at|as) (?:the )?["']?(?:pending|processing|received|open|placed), old status(?:es)?, (?:still )?waiting for (?:\w+ )?(?:confirmation\w*|e-?mails?|mails?|message), backlog, (?:only )?after (?:many|several|ten|twenty|thirty|forty|fifty|\d+)(?: \w+)? (?:minutes|hours), hours? (?:after|late|later|to arrive), minutes? (?:after|late|later|to (?:arrive|update|appear|change|show)), long (?:time )?(?:to|before|until) (?:\w+ )?(?:update\w*|appear\w*|change\w*|show\w*|arriv\w*|refresh\w*), eventually, catches up, catch(?:ing)? up, delay\w*, late, (?:hours?|much|minutes?|long) later, lag(?:s|ging)?(?: far)? behind, not (?:\w+ )?updat\w+(?: right away| immediately| in time)?, stale, outdated, hours? old, (?:minutes|hours|days) (?:behind|after), way behind, behind schedule, wait\w* (?:\w+ ){0,2}(?:hours?|ages) for, not (?:right away|immediately|instantly|real[- ]time)""",
    slow=r"""(?:long|endless|huge) delays?, (?:\d+|ten|twenty|thirty|forty|fifty|sixty|ninety|several|many|half a) (?:seconds?|minutes?)(?: per| for (?:each|every|one)| to (?:open|load|pay|finish|complete|process)| before), drags?, dragging, treacle, molasses, patience, dawdl\w+, stall\w*, (?:latency|response|load|time) spikes?, creep\w*, slow\w*, sluggish\w*, lag(?:s|gy|ging)?, latenc(?:y|ies), tak(?:e|es|ing) (?:\w+ ){0,3}(?:ages|forever|long|longer|minutes?|seconds?|while|hours?), crawl\w*, snail\w*, (?:poor |bad |degraded )?performance, long (?:load\w*|wait\w*|time\w*), load(?:ing)? times?, respon(?:se|d)\w* times?, degrad\w*, wait(?:ing)? (?:\w+ ){0,3}(?:seconds?|minutes?)""",
    fails=r"""not (?:\w+ )?(?:process\w*|submitt\w+|completed|created|placed|recorded|registered|captured|redeem\w*|validat\w+|appl\w+|add\w*|recogni\w+|calculat\w+|sav\w+|working|accepted|possible|going|succeed\w*|finish\w*), unreliable, flaky, bouncing, errors? out, (?:something )?broke, bomb\w*, throws?, kaput, (?:is|are|was|were|goes|went|been) (?:\w+ )?(?:down|dead|out), can not be, (?:is|are) (?:never|not) (?:saved|accepted|processed|completed), (?:total|complete) loss of, ends? in, dies?, red (?:box|banner|bar|message|text), 40[0-9], 422, unauthori[sz]ed, hopeless, gives up, does nothing, (?:nothing|no one|nobody) (?:can|could|is able|works?|goes through|succeeds?), fail\w*, errors?, error\w*, unable, inabil\w+, (?:can|could|will|wo|do|does|did|is|are) not (?:\w+ ){0,2}(?:work|working|process|complete|accept|go|going|let|allow|function|possible|be|pay|sell|buy|place|take|use|access|log|sign|get|connect|finish|submit|ring|scan|print|save|apply|redeem|export|check|finali[sz]e|run|do|reach|generate|view|see)\w*, can not, could not, will not, not (?:working|going through|processing|completing|accepted|possible|functioning|responding), no (?:longer|order|orders|sale|sales|payment|payments|transaction|transactions|one|till|customer|customers|store|user) (?:\w+ )?(?:can|could|is|are|goes?|go|work\w*|able|gets?), stop(?:s|ped)? (?:\w+ )?(?:working|accepting|processing|functioning), broken?, break\w*, declin\w+, refus\w+, reject\w+, crash\w*, exceptions?, down, outages?, downtime, (?:in)?accessible, unavailable, unreachable, unusable, unresponsive, 4\d\d, 5\d\d, bad gateway, gateway time-?outs?, time[sd]?[- ]?outs?, timing out, impossible, stuck, dead, offline, invalid, disconnect\w*, drop\w*, denied, bounc\w+, abort\w*, at a standstill""",
)

# For whom, and how often. What stands in the summary counts most, and what the customer answers when asked.
SCOPE = _table(
    nothing=r"""half an? (?:hour|minute|day), (?:a few|some|several|a couple of) (?:minutes|hours|days|seconds|weeks|time|moments), for some reason, (?:for|on|of|per|with|to) (?:one|a single|the same) (?:\w+ )?(?:order|purchase|sale|transaction|payment|number), one (?:order|charge|sale|purchase), all (?:day|morning|afternoon|night|the time|along|right|good), at all times, (?:after|than) all, (?:second|first|last) half, one of (?:your|those days)""",
    some_=r"""one (?:\w+ ){1,4}(?:and )?the next, not (?:for |on |in |with )?(?:all|each|every\w*|always)(?: \w+)?, not (?:\w+ )?(?:all|each|every\w*|always)(?: \w+)?, (?:most|other)s? (?:\w+ )?(?:succeed|work|go through|get through|are fine)""",
    all_=r"""(?:not|never) (?:a single|one|even one)(?: \w+)?, not (?:\w+ )?(?:a single|one)(?: \w+)?, no one, every (?:single )?one, each (?:and every )?one, every single(?: \w+)?, every (?:time|attempt), more than (?:one|a single) \w+, neither \w+, not (?:just|only) (?:one|me|us)(?: \w+)?, (?:100|hundred|one hundred) ?(?:%|percent|per cent)(?: of the time)?, whoever, whatever, wherever, regardless of, without exception, no exceptions?, across the board""",
    one=r"""others? (?:\w+ )?(?:can(?! not)|have no|do not have), (?:my|our|the) (?:other )?(?:colleagues?|co-?workers?|staff) (?:can|have no|are fine|do not have)(?: \w+)?, one of (?:our|the|my|your) (?!\w+ (?:ones|reasons))\w+, (?:only|just) (?:with |for |on |via |using )?(?:paypal|amex|american express|visa|mastercard|apple pay|google pay|contactless)(?: \w+)?, the (?:april|may|june|july|march|january|february|august|september|october|november|december) \w+ ?\w*, a specific \w+, others? (?:\w+ ){0,2}(?:open|load|seem to load|work|display) (?:\w+ )?(?:fine|normally|okay|ok|properly|right), (?:just|only|exactly) (?:one|1|a single)(?: \w+)?, (?:one|a single|single|particular|a certain) (?:\w+ )?(?:till|terminal|register|store|shop|user|customer|person|client|patient|order|account|employee|device|product|location|branch|cashier|colleague|doctor|therapist|quarter|month|supplier|category|report|machine|laptop|computer|tablet|code|item|transaction), (?:only|just) (?:me|my|mine|with|on|when|for|in|at|if) \w+, my (?:own )?(?:account|login|phone|laptop|computer), the other (?:tills?|terminals?|stores?|users?|registers?|colleagues?) (?:are |work |is )?(?:fine|ok|okay|working|normal\w*)?""",
    some=r"""not always, unreliable, flaky, bouncing, randomly, about (?:half|a third|a quarter)(?! an), most (?:of (?:them|the)|go|work), then (?:it )?works?, works? again, next (?:one|try|time) (?:it )?(?:works?|goes), (?:second|third) (?:time|attempt|try|go), other times, now fine, intermittent\w*, sometimes, occasional\w*, random\w*, sporadic\w*, now and (?:then|again), from time to time, every (?:so often|now and then|few \w+), once in a while, on and off, at times, on occasion, off and on, flaky, hit[- ](?:or|and)[- ]miss, coin flip, lottery, periodic\w*, at irregular intervals, irregular\w*, now and again, every now and again, on some occasions, part(?:ly| of the time| of our \w+| of the \w+)?, (?:one|two|three|four|five|six|seven|eight|nine|ten|\d+) (?:times? )?(?:out )?of (?:the |our |about |roughly |around |every |my )*(?:\d+|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty|fifty|sixty|hundred), (?:a )?(?:third|quarter|fifth|minority|share|proportion|subset|number|portion) of, every (?:third|fourth|fifth|sixth|eighth|tenth) \w+, some (?:succeed|fail|work|load|go|do|get|are|of them|see|have), (?:different|others?) (?:ones )?(?:each|every) (?:time|visit), time to time, unpredictab\w*, inconsistent\w*,
        some (?:of )?(?:our |the |my |their )?(?:\w+ )?(?:users?|customers?|stores?|shops?|locations?|tills?|terminals?|transactions?|payments?|orders?|products?|images?|cases?|staff|people|cards?|shoppers|checkouts?|clients?|branches|times?|registers|searches|patients|devices), some users, certain, specific, a (?:few|handful|couple|portion|fraction|minority|number|subset|third|quarter) (?:of )?, (?:just|only) (?:one|two|three|a|some|certain|specific), some (?:shoppers|visitors|people|buyers|checkouts|sales|attempts|calls|requests|reports|pages|stores|pictures|photos), several (?:people|buyers|shoppers|visitors|patients|customers?|users?|transactions?|orders?|of our customers|shoppers), half(?: of| the| go| and half)?, (?:one|two|three|1|2|3) (?:in|out of) \w+, \d+ ?(?:%|percent|per cent)(?! (?:off|discount|promotion|coupon|tax|vat)), part of, peak(?: hours?| times?| periods?)?, busy (?:hours?|times?|periods?), rush(?: hours?)?, under load, (?:refresh\w*|retry\w*|reload\w*|second (?:try|attempt)|trying again|try again) (?:\w+ ){0,3}(?:fix\w*|help\w*|work\w*|goes|succeed\w*), goes through (?:on|after), (?:work\w*|go\w*) (?:\w+ )?(?:the )?(?:second|next|third) (?:time|try|attempt), while others, others (?:are |go |work )?(?:fine|through|ok|okay), mixed, comes and goes""",
    all=r"""all (?:of )?(?:our |the |my |your |their |its )?(?:\w+ )?(?:users?|customers?|stores?|shops?|locations?|tills?|terminals?|transactions?|payments?|orders?|products?|images?|staff|people|cards?|shoppers|checkouts?|clients?|branches|registers|sales|sites?|regions?|browsers?|methods?|types?|devices|reports?|systems?|searches|outlets|employees|agents|patients|accounts), every(?:one|body|thing|where| single)?(?: \w+)?, each (?:and every )?(?:\w+), nobody, no ?one, none(?: of)?, entire\w*, completely, totally, (?:complete|total) (?:\w+ )?(?:outage|failure|loss|breakdown|shutdown|standstill|blackout), whole, system[- ]?wide, site[- ]?wide, company[- ]?wide, widespread, across (?:all|the board|every), always, any (?:transactions?|payments?|orders?|sales?|cards?|customers?|users?|of our \w+|of them|register|terminal|product|word|term|query|staff|client|patient|image|search|location|attempt|till|store|report|checkout|single \w+), no (?:order|sale|payment|transaction|customer|user|till|store|one|card|checkout|terminal)s?, constant\w*, consistent(?:ly)?, (?:hundred|100) ?(?:%|percent|per cent), both (?:of them|of our \w+), all (?:three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d+|the lot|sides|along the line)(?: \w+)?, everywhere, anywhere, permanent\w*, ever, 100, both (?:\w+ )?(?:stores?|shops?|locations?), not a single, anyone, anybody, anything, zero, at all""",
)
