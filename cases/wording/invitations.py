"""What somebody is invited to, and how an invitation stands, in words."""

from cases.models import Invitation, User
from cases.queries.brand import brand
from cases.text.lists import listed
from cases.wording.times import exact


def purpose(invitation: Invitation) -> str:
    """What goes on after "invites you": "to join Bakery", "to join the desk as agent, in the team Engineering"."""
    role = User.Role(invitation.role)
    if role == User.Role.CUSTOMER:
        return f"to join {invitation.organisation or brand().name}"
    if role == User.Role.MANAGER:
        return f"to join {invitation.organisation} as its manager"
    teams = [team.name for team in invitation.teams.all()]
    within = f", in the team{'' if len(teams) == 1 else 's'} {listed(teams)}" if teams else ""
    return f"to join the desk as {role.label.lower()}{within}"


def standing(invitation: Invitation) -> str:
    if invitation.accepted_at:
        return f"Accepted on {exact(invitation.accepted_at)}"
    if invitation.withdrawn_at:
        return f"Withdrawn on {exact(invitation.withdrawn_at)}"
    if invitation.is_expired:
        return f"Expired on {exact(invitation.expires_at)}"
    return f"Pending until {exact(invitation.expires_at)}"
