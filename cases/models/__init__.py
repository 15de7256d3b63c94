from .case import Area, Case, Priority, Refused, Severity, Status, WaitingOn, suggested_priority
from .event import Event, Kind, Role
from .people import Guest, Organisation, Team, User, Viewer
from .system import System

__all__ = [
    "Area",
    "Case",
    "Event",
    "Guest",
    "Kind",
    "Organisation",
    "Priority",
    "Refused",
    "Role",
    "Severity",
    "Status",
    "System",
    "Team",
    "User",
    "Viewer",
    "WaitingOn",
    "suggested_priority",
]
