from .attachment import Attachment
from .bulk import Bulk, BulkItem
from .business_hours import BusinessHours, Holiday, OpenHours
from .case import Case
from .choices import Area, Priority, Severity, Status, WaitingOn, suggested_priority
from .clock import Clock
from .deadline import Due, Timed
from .draft import Draft
from .escalation import Escalation
from .event import Event, Kind, Role
from .follow import Follow
from .incident import Incident, IncidentEvent, Stage
from .link import Link
from .macro import Macro
from .notification import Notice
from .people import Guest, Organisation, Team, User, Viewer
from .policy import Policy, Target
from .presence import Presence
from .promise import Promise
from .rating import Rating
from .read_receipt import Sight
from .refused import Refused
from .request import Request
from .saved_view import View, ViewCount
from .suggestion import SuggestedCase, Suggestion
from .system import System

__all__ = [
    "Area",
    "Attachment",
    "Bulk",
    "BulkItem",
    "BusinessHours",
    "Case",
    "Clock",
    "Draft",
    "Due",
    "Escalation",
    "Event",
    "Follow",
    "Guest",
    "Holiday",
    "Incident",
    "IncidentEvent",
    "Kind",
    "Link",
    "Macro",
    "Notice",
    "OpenHours",
    "Organisation",
    "Policy",
    "Presence",
    "Priority",
    "Promise",
    "Rating",
    "Refused",
    "Request",
    "Role",
    "Severity",
    "Sight",
    "Stage",
    "Status",
    "SuggestedCase",
    "Suggestion",
    "System",
    "Target",
    "Team",
    "Timed",
    "User",
    "View",
    "ViewCount",
    "Viewer",
    "WaitingOn",
    "suggested_priority",
]
