from .attachment import Attachment
from .bulk import Bulk, BulkItem
from .case import Area, Case, Priority, Refused, Severity, Status, WaitingOn, suggested_priority
from .deadline import Due, Timed
from .event import Event, Kind, Role
from .incident import Incident, IncidentEvent, Sight, Stage, SuggestedCase, Suggestion
from .notification import Follow, Link, Notice, Presence
from .people import Guest, Organisation, Team, User, Viewer
from .policy import BusinessHours, Clock, Holiday, OpenHours, Policy, Target
from .promise import Promise
from .request import Escalation, Rating, Request
from .saved_view import Draft, Macro, View, ViewCount
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
