"""By which ways people hear of what, and who would hear of a new case."""

from django.db.models import Q, QuerySet

from cases.models import Case, NoticeChoice, Team, User, Way, Why
from cases.models.notification import HAPPENINGS
from cases.models.people import agents
from cases.text.lists import listed

MOST_NAMED = 3

Ways = dict[Why, set[Way]]


def ways_of(person: User) -> Ways:
    """By which ways this person hears of what."""
    usual = {why: {*happening.usual} for why, happening in HAPPENINGS.items()}
    chosen = NoticeChoice.objects.filter(person=person).values_list("why", "ways")
    return usual | {Why(why): {Way(way) for way in ways} for why, ways in chosen}


def hears(person: User, why: Why, way: Way) -> bool:
    return way in ways_of(person)[why]


def hear_of_new_cases(team: int, case: Case | None = None) -> list[int]:
    """Who of a team is told of its new cases: of this one, those who see it."""
    return list(agents(case).filter(teams=team).exclude(pk__in=deaf()).values_list("pk", flat=True))


def deaf() -> QuerySet:
    """Who is told of no new case, by their own choice."""
    by_push_alone = Q(
        ways=[Way.PUSH], person__push_devices=None
    )  # which tells nobody who has no device for it
    return NoticeChoice.objects.filter(Q(ways=[]) | by_push_alone, why=Why.NEW).values("person")


def administrators() -> QuerySet[User]:
    """Who is told of what is nobody else's."""
    return User.objects.filter(role=User.Role.ADMINISTRATOR, is_active=True).order_by("name")


def unheard(person: User) -> str:
    """A sentence about the teams of this person in which nobody is told of a new case; none, if there is none."""
    teams = [team.name for team in Team.objects.filter(members=person) if not hear_of_new_cases(team.pk)]
    return nobody_hears(teams) if teams else ""


def nobody_hears(teams: list[str]) -> str:
    """Says who hears instead: of a critical case somebody does, whatever was chosen."""
    return _instead(f"Nobody in {listed(teams)} hears of a new case")


def no_team_hears() -> str:
    """The same, where no team takes what is nobody's any more."""
    return _instead("No team hears of a new case whose system has none")


def _instead(nobody: str) -> str:
    if hearing := _named(administrators().exclude(pk__in=deaf())):
        return f"{nobody}: administrators are told instead. That is {hearing}."
    return (
        f"{nobody}, and no administrator either. Of a critical one administrators are told all the same:"
        f" {_named(administrators())}."
    )


def _named(people: QuerySet[User]) -> str:
    names = [str(person) for person in people]
    others = len(names) - MOST_NAMED
    return listed([*names[:MOST_NAMED], f"{others} more"] if others > 0 else names)
