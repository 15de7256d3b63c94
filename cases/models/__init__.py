from .attention import Follow, Link, Notice, Presence
from .bulk import Bulk, BulkItem
from .case import Area, Case, Priority, Refused, Severity, Status, WaitingOn, suggested_priority
from .desk import Draft, Macro, View, ViewCount
from .event import Event, Kind, Role
from .people import Guest, Organisation, Team, User, Viewer
from .system import System

__all__ = [
    "Area",
    "Bulk",
    "BulkItem",
    "Case",
    "Draft",
    "Event",
    "Follow",
    "Guest",
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
    "Status",
    "System",
    "Team",
    "User",
    "View",
    "ViewCount",
    "Viewer",
    "WaitingOn",
    "suggested_priority",
]
