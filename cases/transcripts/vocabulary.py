"""The words that case documents use for fields, speakers and values."""

import re
from functools import lru_cache

# field -> its labels; the first is the one we write, and wins when two labels claim the same field.
_LABELS = {
    "case_id": (
        "case id, support case id, case number, case no, case reference, case ref, case identifier, case uuid, "
        "ticket id, ticket number, ticket no, ticket reference, incident id, incident number, issue id, "
        "reference id, reference number, reference, ref, uuid, id, ticket, case, support case"
    ),
    "created_at": (
        "created at, created, created on, created date, created time, date created, creation date, "
        "creation time, case created, opened at, opened, opened on, date opened, open date, case opened, "
        "reported at, reported on, reported, date reported, submitted at, submitted on, submitted, "
        "date submitted, received at, received, logged at, raised at, raised on, date time, timestamp, date"
    ),
    "system_description": (
        "system description, system overview, system details, system information, system info, "
        "system summary, system name, affected system, product description, product, application, platform, "
        "environment description, about the system, system"
    ),
    "issue_summary": (
        "issue summary, problem summary, case summary, summary of issue, summary of the issue, summary, "
        "issue title, case title, subject, title, short description, issue overview, issue description, "
        "problem description, problem statement, reported issue, issue, problem, description"
    ),
    "severity": "severity, severity level, case severity, issue severity, sev",
    "priority": "priority, priority level, case priority, issue priority, prio",
    "status": "status, case status, current status, ticket status, issue status, state, case state",
    "customer_name": (
        "customer name, name of customer, customer full name, customer contact name, contact name, client name, "
        "reporter name, requester name, user name, full name, reported by, requested by, submitted by, "
        "opened by, raised by, created by, contact person, primary contact, customer contact, requester, reporter, "
        "customer, client, contact, user, name, customer name email, customer name and email, customer details, "
        "customer info, customer information"
    ),
    "contact_email": (
        "contact email, contact email address, contact e mail, customer email, customer email address, "
        "customer e mail, customer contact email, client email, reporter email, requester email, user email, "
        "email address, e mail address, email, e mail, mail, contact details, contact info, contact information"
    ),
    "messages": (
        "conversation history, conversation, conversation log, conversation transcript, conversation thread, "
        "conversation timeline, conversation record, support conversation, case conversation, full conversation, "
        "customer conversation, messages, message history, message log, message thread, chat history, chat log, "
        "chat transcript, chat, transcript, case transcript, communication history, communication log, "
        "communication, communications, correspondence, thread, email thread, interaction history, "
        "interaction log, interactions, dialogue, dialog, discussion, exchange, case history, history, case log, "
        "activity log, timeline, comments, customer agent conversation, conversation between customer and agent, "
        "support chat, support conversation history, full conversation history, message exchange"
    ),
    "resolved_at": (
        "resolved at, resolved on, resolved date, resolved time, date resolved, time resolved, resolution date, "
        "resolution time, resolution timestamp, resolution at, fixed at, closed at, closed on, date closed, "
        "completed at, resolved"
    ),
    "resolution": (
        "resolution, resolution summary, resolution details, resolution description, resolution notes, "
        "resolution steps, resolution text, final resolution, solution, fix applied, fix, outcome"
    ),
    "area": (
        "area, affected area, area affected, impacted area, problem area, issue area, technical area, "
        "affected component, component, category, issue category, module, layer, subsystem"
    ),
    "is_bug": (
        "is bug, is a bug, is this a bug, is it a bug, isbug, bug, bug confirmed, confirmed bug, software bug, "
        "classified as bug, bug status, is defect, defect"
    ),
    "root_cause": (
        "root cause, root cause analysis, root cause summary, root cause description, root cause details, rca, "
        "underlying cause, cause"
    ),
    "generated_at": (
        "generated at, generated on, generated, date generated, generated date, generated time, "
        "generation time, document generated at, document generated, document generated on, report generated, "
        "exported at"
    ),
}

# JSON and YAML keys of one message -> what they hold.
_MESSAGE_KEYS = {
    "role": "role, author role, sender role, author type, sender type, author, sender, from, speaker, by, who, user, "
    "participant, party, type, source",
    "name": "name, author name, sender name, full name, display name",
    "text": "message, text, body, content, message text, message body, comment, msg, reply, note, description",
    "at": "timestamp, time, at, date, datetime, date time, sent at, created at, posted at, sent, when, ts",
}


def _lookup(table: dict[str, str]) -> dict[str, tuple[str, int]]:
    return {
        label: (meaning, rank)
        for meaning, labels in table.items()
        for rank, label in enumerate(labels.split(", "))
    }


FIELD_OF = _lookup(_LABELS)
MESSAGE_KEY_OF = _lookup(_MESSAGE_KEYS)
LABEL = {field: labels.split(", ")[0].title().replace("Id", "ID") for field, labels in _LABELS.items()}

LONG = {"system_description", "issue_summary", "resolution", "root_cause"}  # may run over several paragraphs
CHOICES = {"severity", "priority", "status", "area", "is_bug"}
DATES = {"created_at", "resolved_at", "generated_at"}

_CUSTOMER = (
    r"(?:end[\s_-]?user|customer|client|user|reporter|request[eo]r|caller|submitter|consumer|merchant|"
    r"(?:store|shop)[\s_-]?(?:owner|manager)|account[\s_-]?holder)"
)
_TRADE = (
    "customer|client|user|technical|tech|support|service|success|care|senior|junior|lead|back-?end|front-?end|"
    "database|network|platform|software|engineering|product|escalations?|incident|on-?call|tier[ -]?\\d|"
    "level[ -]?\\d|l\\d|cloud|security|development|dev|ops|operations|account|case|site|reliability|it|system|"
    "automated|virtual|human|qa|help|api|application|infrastructure|field|solutions?|first|second|third|line"
)
_AGENT = (
    rf"(?:customer|client)[\s_-]+(?:success|care|services?|experience)|(?:(?:{_TRADE})[\s_-]+){{1,3}}(?:manager|lead|coordinator|executive)|(?:(?:{_TRADE})[\s_-]+){{0,3}}"
    r"(?:agent|support|engineer(?:ing)?|technician|representative|rep|help[\s_-]?desk|service[\s_-]?desk|team|"
    r"staff|specialist|assistant|operator|admin(?:istrator)?|developer|analyst|bot|system|csr|sre|dba|devops|"
    r"consultant|advis[eo]r|expert|moderator)"
)
ROLE = re.compile(rf"(?:(?P<agent>{_AGENT})|(?P<customer>{_CUSTOMER}))(?![\w])", re.IGNORECASE)


# Who of the document's people works on the case: `Handled by: Tom Ashby`.
HANDLER = set(
    "agent, agent name, support agent, support engineer, assigned to, assigned agent, assigned engineer, assignee, "
    "handled by, case owner, ticket owner, support contact, support representative, representative, worked by".split(
        ", "
    )
)


@lru_cache(10_000)
def normal(label: str) -> str:
    """`**Case_ID (UUID)?**`, `caseId` and `Case-ID` are all `case id`."""
    label = re.sub(r"\([^()]*\)", " ", label)
    label = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", label)
    return " ".join(re.sub(r"[\W_]+", " ", label).split()).casefold()
