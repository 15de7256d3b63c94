"""Whose cases are at first, and who would hear of them."""

from cases.models import System, Team


def team_of(system: System) -> Team | None:
    """The team that new cases of a system go to: its own, or the one that takes what is nobody's."""
    own = {"pk": system.team_id} if system.team_id else {"fallback": True}
    return Team.objects.filter(**own).first()
