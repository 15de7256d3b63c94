"""Words for synthetic cases, by how often they are said."""


def split_words(text: str) -> list[str]:
    return text.split()


COMMON = split_words("""
    the to is and a of in we it not on for this that with have I can you from are be was our when after
    as but has at an or they will all by if no so please there do only what been your does out same now
    then some were any still just one more which since how get other also us my into their than
""")


SUPPORT = split_words("""
    error page order customer report login screen data user account system button problem file load
    update save server payment invoice issue message email password time click open version browser list
    browse number fails slow search database request stock check price product table print export import
    service field morning yesterday today record delivery item status team setting network change
    missing empty wrong mobile app link upload download sync store form token session support timeout
    connection cache dashboard address help review detail total amount tax discount receipt terminal
    scanner barcode printer label warehouse shipment return refund cart checkout card bank transfer
    currency balance ledger entry period quarter budget forecast calendar appointment booking room guest
    patient doctor clinic prescription student course grade exam teacher schedule shift roster payroll
    employee manager role permission group policy audit log backup restore copy snapshot cluster node
    queue worker job batch retry delay latency response gateway proxy certificate domain firewall route
    port packet router cable signal outage alert monitor metric graph threshold limit quota storage disk
    memory processor query index lock deadlock migration schema column row key value null duplicate
    constraint transaction rollback commit deploy release patch hotfix rollout flag feature beta build
    pipeline test branch config variable environment secret header cookie redirect endpoint payload
    format encoding character accent language translation locale zone clock midnight summer winter date
    month week hour minute second tap swipe scroll zoom window dialog popup menu tab panel sidebar icon
    image photo picture video sound attachment document template letter signature contract approval
    reject accept cancel delete archive filter sort average sum chart map location distance driver
    vehicle tracking sensor device firmware battery charge keyboard mouse laptop tablet phone desktop
    office site region country
""")


SYLLABLES = split_words("""
    ba be bi bo da de di do fa fe fi ga go ka ke ki ko la le li lo lu ma me mi mo na ne ni no pa pe ra
    re ri ro sa se si so ta te ti to tu va ve vi vo za ze zo bran cor dal fen gar hul jor kel lin mar
    nor pel quen ros sul tor ven wex yar
""")
