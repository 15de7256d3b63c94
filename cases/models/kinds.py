"""Everything about a kind of event, one row each. What a kind says in words stands in `cases.wording.events`.

To add a kind: a member here, a migration, its row below, and its sentence. Tests fail while one is missing.
"""

from dataclasses import dataclass

from .kind import Clocks as Clocks
from .kind import Kind as Kind
from .kind import Page as Page
from .kind import Role as Role
from .kind import Turn as Turn

ALL = frozenset(Role)
CUSTOMER, AGENT, SYSTEM = (frozenset({role}) for role in Role)
NOBODY: frozenset[Role] = frozenset()


@dataclass(frozen=True)
class KindRow:
    """What follows from an event of this kind.

    Where a field is a set of roles, it holds when whoever acted has one of them.
    """

    public: bool = False  # customers see it; all else is for the desk alone
    searched: bool = False  # its body is found by search
    speaks: bool = (
        False  # somebody says something: followers are notified, and a draft begun before it asks first
    )
    turn: Turn | None = None  # None leaves it where it was
    wakes: frozenset[Role] = NOBODY  # a case that sleeps
    keeps_open: bool = False  # it asks something anew, so the case does not close by itself
    any_status: bool = False  # sets what was before, be it against TRANSITIONS
    clocks: Clocks | None = None
    mails_customer: frozenset[Role] = NOBODY
    mails_assignee: frozenset[Role] = NOBODY
    mails_copies: frozenset[Role] = NOBODY  # people in copy
    redraws: frozenset[Page] = frozenset()
    details: tuple[str, ...] = ()  # what such an event names, of which its sentence is made
    personal: frozenset[str] = frozenset()  # those of them that name a person, or are what somebody wrote
    links: str = ""  # the one that has a page: "case" or "incident"


_BOTH = frozenset({Page.COMPOSER, Page.DETAILS})
_COMPOSER, _DETAILS = frozenset({Page.COMPOSER}), frozenset({Page.DETAILS})
_DUE = ("due", "due_at")
_REQUEST = frozenset({"request"})
_MAIL = (
    "mail",
    "mailed_by",
)  # the key of the mail that said it, and who says to have sent it where that is not known
_MAILED_BY = frozenset({"mailed_by"})
_ADDRESSES = frozenset({"addresses"})
_TOLD, _COMPUTED = Clocks.ARE_TOLD, Clocks.ARE_COMPUTED

KINDS: dict[Kind, KindRow] = {
    Kind.OPENED: KindRow(
        public=True,
        turn=Turn.OURS,
        clocks=_TOLD,
        redraws=_DETAILS,
        mails_customer=ALL,
        details=("team",),  # whose it is at first, for agents alone
    ),
    Kind.REPLY: KindRow(
        public=True,
        searched=True,
        speaks=True,
        turn=Turn.THE_OTHER_SIDES,
        wakes=CUSTOMER,
        keeps_open=True,
        clocks=_TOLD,
        redraws=_DETAILS,
        mails_customer=AGENT | CUSTOMER,
        mails_assignee=CUSTOMER,
        mails_copies=AGENT | CUSTOMER,
        details=("leaves_requests", "promised_in", "forwarded_by", *_MAIL),
        personal=_MAILED_BY | {"forwarded_by"},
    ),
    Kind.NOTE: KindRow(searched=True, speaks=True, details=_MAIL, personal=_MAILED_BY),
    Kind.HELD: KindRow(details=("what", "why", "agent")),
    Kind.STATUS: KindRow(public=True, clocks=_TOLD, redraws=_DETAILS),
    Kind.SEVERITY: KindRow(clocks=_COMPUTED, redraws=_DETAILS),
    Kind.PRIORITY: KindRow(),
    Kind.AREA: KindRow(),
    Kind.ASSIGNEE: KindRow(details=("assignee",), personal=frozenset({"assignee"})),
    Kind.TEAM: KindRow(details=("team",)),
    Kind.RESOLVED: KindRow(
        public=True,
        searched=True,
        speaks=True,
        clocks=_TOLD,
        redraws=_BOTH,
        mails_customer=AGENT,
        mails_copies=AGENT,
    ),
    Kind.CONFIRMED: KindRow(
        public=True, clocks=_TOLD, redraws=_BOTH, mails_assignee=CUSTOMER, details=("mail",)
    ),
    Kind.DECLINED: KindRow(
        public=True,
        speaks=True,
        turn=Turn.OURS,
        wakes=ALL,
        clocks=_TOLD,
        redraws=_BOTH,
        mails_assignee=CUSTOMER,
        details=("mail",),
    ),
    Kind.CLOSED: KindRow(
        public=True,
        clocks=_TOLD,
        redraws=_BOTH,
        mails_customer=AGENT | SYSTEM,
        mails_copies=AGENT | SYSTEM,
        details=("waited_for",),
        personal=frozenset({"waited_for"}),
    ),
    Kind.REOPENED: KindRow(
        public=True,
        speaks=True,
        turn=Turn.OURS,
        wakes=ALL,
        clocks=_TOLD,
        redraws=_BOTH,
        mails_customer=AGENT,
        mails_assignee=CUSTOMER,
        mails_copies=AGENT,
    ),
    Kind.IMPORTED: KindRow(details=("fields",)),
    Kind.TAGS: KindRow(),
    Kind.SNOOZED: KindRow(clocks=_TOLD, redraws=_DETAILS),
    Kind.WOKEN: KindRow(clocks=_TOLD, redraws=_DETAILS),
    Kind.LINKED: KindRow(details=("case",), links="case", redraws=_DETAILS),
    Kind.UNLINKED: KindRow(details=("case",), links="case", redraws=_DETAILS),
    Kind.MERGED: KindRow(
        public=True,
        details=("case", "brought"),
        personal=frozenset({"brought"}),
        links="case",
        clocks=_TOLD,
        redraws=_DETAILS,
    ),
    Kind.UNMERGED: KindRow(
        public=True, details=("case",), links="case", any_status=True, clocks=_TOLD, redraws=_DETAILS
    ),
    Kind.ATTACHED: KindRow(public=True, details=("incident",), links="incident"),
    Kind.DETACHED: KindRow(public=True, details=("incident",), links="incident"),
    Kind.PROMISED: KindRow(public=True, turn=Turn.OURS, clocks=_TOLD, redraws=_DETAILS),
    Kind.TAKEN_BACK: KindRow(
        public=True,
        details=("phrase", "due_at"),
        personal=frozenset({"phrase"}),
        clocks=_COMPUTED,
        redraws=_DETAILS,
    ),
    Kind.WARNED: KindRow(details=_DUE),
    Kind.BROKEN: KindRow(details=_DUE, redraws=_DETAILS),
    Kind.UNTAKEN: KindRow(details=("since",)),
    Kind.SYSTEM: KindRow(
        public=True, details=("before", "after", "shown", "team"), clocks=_COMPUTED, redraws=_DETAILS
    ),
    Kind.SUMMARY: KindRow(public=True),
    Kind.SPAM: KindRow(clocks=_TOLD, redraws=_BOTH),
    Kind.UNSPAM: KindRow(any_status=True, clocks=_TOLD, redraws=_BOTH),
    Kind.ORGANISATION: KindRow(public=True, details=("before", "after"), clocks=_COMPUTED, redraws=_DETAILS),
    Kind.ESCALATED: KindRow(details=("team",), keeps_open=True, clocks=_COMPUTED, redraws=_DETAILS),
    Kind.ANSWERED: KindRow(details=("team",), clocks=_COMPUTED, redraws=_DETAILS),
    Kind.REQUESTED: KindRow(
        public=True,
        details=("request", "secret", "promised_in"),
        personal=_REQUEST,
        turn=Turn.CUSTOMERS,
        keeps_open=True,
        clocks=_TOLD,
        redraws=_DETAILS,
        mails_customer=AGENT,
    ),
    Kind.GIVEN: KindRow(
        public=True,
        details=("request", "secret"),
        mails_assignee=CUSTOMER,
        personal=_REQUEST,
        turn=Turn.OURS,
        wakes=ALL,
        clocks=_TOLD,
        redraws=_DETAILS,
    ),
    Kind.WITHDRAWN: KindRow(
        public=True, details=("request",), personal=_REQUEST, clocks=_TOLD, redraws=_DETAILS
    ),
    Kind.REMINDED: KindRow(
        public=True,
        details=("requests",),
        personal=frozenset({"requests"}),
        redraws=_DETAILS,
        mails_customer=SYSTEM,
    ),
    Kind.RATED: KindRow(public=True, details=("good", "mail"), redraws=_COMPOSER),
    Kind.PROVEN: KindRow(public=True, clocks=_COMPUTED, redraws=_DETAILS),
    Kind.DISOWNED: KindRow(),
    Kind.MOVED: KindRow(
        public=True,
        speaks=True,
        keeps_open=True,
        clocks=_COMPUTED,
        mails_customer=AGENT,
        redraws=_DETAILS,
        details=("before", "after", "merge"),
        personal=frozenset({"before", "after"}),
    ),
    Kind.REMOVED: KindRow(
        public=True, details=("events", "what", "mailed"), personal=frozenset({"mailed"}), redraws=_DETAILS
    ),
    Kind.REMOVED_NOTE: KindRow(
        details=("events", "what", "mailed"), personal=frozenset({"mailed"}), redraws=_DETAILS
    ),
    Kind.ERASED: KindRow(public=True, redraws=frozenset({Page.ALL})),
    Kind.COPIED: KindRow(public=True, details=("addresses",), personal=_ADDRESSES, redraws=_DETAILS),
    Kind.FORWARDED: KindRow(
        details=("address", "messages", "files", "without_secrets"), personal=frozenset({"address"})
    ),
    Kind.UNCOPIED: KindRow(public=True, details=("addresses",), personal=_ADDRESSES, redraws=_DETAILS),
}

PUBLIC = {kind for kind, row in KINDS.items() if row.public}
SPEAKS = {kind for kind, row in KINDS.items() if row.speaks}
REMOVES = {kind for kind, row in KINDS.items() if "events" in row.details}
SEARCHED = [kind for kind, row in KINDS.items() if row.searched]
CLOCKS_ARE_TOLD = [kind for kind, row in KINDS.items() if row.clocks is Clocks.ARE_TOLD]
