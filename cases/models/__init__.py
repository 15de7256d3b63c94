from .account_merge import AccountMerge
from .attachment import Attachment
from .audit import AuditEntry, AuditKind
from .blocked_sender import BlockedSender
from .brand import Brand, BrandPicture
from .bulk import Bulk, BulkItem
from .business_hours import BusinessHours, Holiday, OpenHours
from .card import Card, CardChange
from .case import Case
from .case_count import CaseCount
from .choices import Area, Priority, Severity, Status, WaitingOn, suggested_priority
from .clock import Clock
from .deadline import Deadline, Due
from .delivery import Delivery
from .draft import Draft
from .escalation import Escalation
from .event import Event
from .face import Face
from .follow import Follow
from .in_copy import InCopy
from .incident import Incident, IncidentEvent, Stage
from .invitation import Invitation
from .kinds import Kind, Role
from .limit import Limit
from .link import Link
from .macro import Macro
from .mail_domain import MailDomain
from .mail_text import MailText, Passage
from .mailbox import Mailbox
from .notification import Notification, ToMail, Way, Why
from .outgoing import Outgoing
from .people import Guest, Organisation, User, Viewer
from .person_export import PersonExport
from .policy import Policy, Target
from .preferences import NoticeChoice, Preferences
from .presence import Presence
from .promise import Promise
from .push_device import PushDevice, PushKey
from .rating import Rating
from .read_receipt import ReadReceipt
from .received_mail import Outcome, ReceivedMail
from .refused import YES, Answer, Refused
from .request import Request
from .saved_view import SavedView, ViewCount
from .secret_answer import SecretAnswer
from .skipped_step import SkippedStep
from .suggestion import SuggestedCase, Suggestion
from .system import System
from .team import Team

__all__ = [
    "YES",
    "AccountMerge",
    "Answer",
    "Area",
    "Attachment",
    "AuditEntry",
    "AuditKind",
    "BlockedSender",
    "Brand",
    "BrandPicture",
    "Bulk",
    "BulkItem",
    "BusinessHours",
    "Card",
    "CardChange",
    "Case",
    "CaseCount",
    "Clock",
    "Deadline",
    "Delivery",
    "Draft",
    "Due",
    "Escalation",
    "Event",
    "Face",
    "Follow",
    "Guest",
    "Holiday",
    "InCopy",
    "Incident",
    "IncidentEvent",
    "Invitation",
    "Kind",
    "Limit",
    "Link",
    "Macro",
    "MailDomain",
    "MailText",
    "Mailbox",
    "NoticeChoice",
    "Notification",
    "OpenHours",
    "Organisation",
    "Outcome",
    "Outgoing",
    "Passage",
    "PersonExport",
    "Policy",
    "Preferences",
    "Presence",
    "Priority",
    "Promise",
    "PushDevice",
    "PushKey",
    "Rating",
    "ReadReceipt",
    "ReceivedMail",
    "Refused",
    "Request",
    "Role",
    "SavedView",
    "SecretAnswer",
    "Severity",
    "SkippedStep",
    "Stage",
    "Status",
    "SuggestedCase",
    "Suggestion",
    "System",
    "Target",
    "Team",
    "ToMail",
    "User",
    "ViewCount",
    "Viewer",
    "WaitingOn",
    "Way",
    "Why",
    "suggested_priority",
]
