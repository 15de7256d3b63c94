"""Which agents an event concerns, though they need not follow its case."""

from django.db.models import Q

from cases.models import Case, Due, Event, Kind, Role, Severity, Team, Why
from cases.models.kinds import KINDS
from cases.models.people import agents

from .deadlines import open_escalation
from .notices import administrators, hear_of_new_cases

Concerned = list[tuple[int, Why]]


def concerned_by(event: Event) -> Concerned:
    """Whom, and why. Of what is due, who owes it; of what is overdue and of a bad rating, also who leads them. What is
    nobody's concerns its team, or its lead, or whoever administers: somebody hears of every case."""
    case, kind = event.case, Kind(event.kind)
    match kind:
        case Kind.OPENED:
            return [(pk, Why.NEW) for pk in _who_hears_of(case)]
        case Kind.TEAM | Kind.SYSTEM if event.changes.get("team_id", [0, 0])[1] and not case.assignee_id:
            return [(pk, Why.NEW) for pk in _who_hears_of(case)]
        case Kind.SEVERITY if case.severity == Severity.CRITICAL and case.is_active:
            owner = agents(case).filter(pk=case.assignee_id or 0).values_list("pk", flat=True)
            return [(pk, Why.CRITICAL) for pk in [*owner] or _team_of(case)]
        case Kind.ASSIGNEE if case.assignee_id:
            return [(case.assignee_id, Why.ASSIGNED)]
        case Kind.WARNED | Kind.BROKEN if event.details["due"] == Due.ESCALATION.name:
            return _of_escalation(event)
        case Kind.WARNED if case.assignee_id:
            return [(case.assignee_id, Why.WARNED)]
        case Kind.WARNED | Kind.BROKEN:
            return [(pk, Why(kind)) for pk in _responsible_for(case)]
        case Kind.UNTAKEN:
            return [(pk, Why.UNTAKEN) for pk in _responsible_for(case)]
        case Kind.ESCALATED | Kind.ANSWERED:
            return _of_escalation(event)
        case Kind.HELD:
            author = agents(case).filter(pk=event.details["agent"]).values_list("pk", flat=True)
            return [(pk, Why.HELD) for pk in [*author] or _responsible_for(case)]
        case Kind.RATED if not event.details["good"]:
            return [(pk, Why.RATED) for pk in _responsible_for(case)]
        case _ if _is_answer(event):
            return [(pk, Why.REPLIED) for pk in ([case.assignee_id] if case.assignee_id else _team_of(case))]
    return []


def _is_answer(event: Event) -> bool:
    """Whether somebody of the other side says something, as far as anybody knows. The second event of a case is the
    report, of which its team has just heard."""
    if event.kind == Kind.NOTE:
        return "mailed_by" in event.details
    return event.role == Role.CUSTOMER and bool(KINDS[Kind(event.kind)].mails_assignee) and event.sequence > 2


def _who_hears_of(case: Case) -> list[int]:
    """Who is told that it is new: administrators, where nobody in its team is, as they chose or are limited."""
    return (case.team_id and hear_of_new_cases(case.team_id, case)) or _administrators()


def _team_of(case: Case) -> list[int]:
    """Whose the case is while nobody has taken it: its team's, or where that is nobody, the administrators'."""
    members = agents(case).filter(teams=case.team_id)
    return (case.team_id and list(members.values_list("pk", flat=True))) or _administrators()


def _administrators() -> list[int]:
    return list(administrators().values_list("pk", flat=True))


def _responsible_for(case: Case) -> list[int]:
    """Its assignee and whoever leads them and its team; without any of these, all of its team."""
    teams = Team.objects.filter(Q(pk=case.team_id) | Q(members=case.assignee_id), lead__isnull=False)
    leads = agents(case).filter(pk__in=teams.values("lead"))
    owner = [case.assignee_id] if case.assignee_id else []
    return [*owner, *leads.values_list("pk", flat=True)] or _team_of(case)


def _of_escalation(event: Event) -> Concerned:
    """The team that is asked; of its answer, and of its silence, whoever asked and owns the case. Its silence rises to
    its lead, or while it has none to all of it."""
    asked = open_escalation(event.case)
    if asked is None:
        return []
    team = list(asked.team.members.values_list("pk", flat=True))
    askers = [pk for pk in (event.case.assignee_id, asked.by_id) if pk]
    match event.kind:
        case Kind.ANSWERED:
            told = askers
        case Kind.BROKEN:
            told = [*askers, *([asked.team.lead_id] if asked.team.lead_id else team)]
        case _:
            told = team
    return [(pk, Why(event.kind)) for pk in told]
