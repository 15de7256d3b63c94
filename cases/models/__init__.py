from .asking import Escalation, Rating, Request
from .attachment import Attachment
from .attention import Follow, Link, Notice, Presence
from .bulk import Bulk, BulkItem
from .case import Area, Case, Priority, Refused, Severity, Status, WaitingOn, suggested_priority
from .desk import Draft, Macro, View, ViewCount
from .event import Event, Kind, Role
from .incident import Incident, IncidentEvent, Sight, Stage, SuggestedCase, Suggestion
from .people import Guest, Organisation, Team, User, Viewer
from .promise import Promise
from .service import BusinessHours, Clock, Holiday, OpenHours, Policy, Target
from .system import System
from .timed import Due, Timed

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
