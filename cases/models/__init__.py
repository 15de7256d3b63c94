from .attachment import Attachment
from .attention import Follow, Link, Notice, Presence
from .bulk import Bulk, BulkItem
from .case import Area, Case, Priority, Refused, Severity, Status, WaitingOn, suggested_priority
from .desk import Draft, Macro, View, ViewCount
from .event import Event, Kind, Role
from .incident import Incident, IncidentEvent, Sight, Stage, SuggestedCase, Suggestion
from .people import Guest, Organisation, Team, User, Viewer
from .system import System

__all__ = [
    "Area",
    "Attachment",
    "Bulk",
    "BulkItem",
    "Case",
    "Draft",
    "Event",
    "Follow",
    "Guest",
    "Incident",
    "IncidentEvent",
    "Kind",
    "Link",
    "Macro",
    "Notice",
    "Organisation",
    "Presence",
    "Priority",
    "Refused",
    "Role",
    "Severity",
    "Sight",
    "Stage",
    "Status",
    "SuggestedCase",
    "Suggestion",
    "System",
    "Team",
    "User",
    "View",
    "ViewCount",
    "Viewer",
    "WaitingOn",
    "suggested_priority",
]
