"""Suggesting that several cases are one outage, and what agents decide about it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from cases.live.nudge import RADAR, nudge
from cases.models import Case, Incident, Kind, Refused, SuggestedCase, Suggestion, User
from cases.queries.radar_reports import Fit, Report, fit, open_incidents, reports, reports_of, window
from cases.radar import THRESHOLD
from cases.text.lists import listed

from . import incidents

TURN = 0x4ADA4  # the advisory lock of judging and deciding, for each system
State = Suggestion.State


def judge(case: Case) -> Suggestion | None:
    """Compare a case with the others of its system lately, and suggest what it belongs to.

    That is, by this order: an open incident, a suggestion that waits, or other cases of other customers. Returns the
    suggestion that holds the case then. What an agent has dismissed is not suggested again for the same cases.
    """
    case = Case.objects.get(pk=case.pk)
    held = _held(case)
    if held and (case.spam or held.system_id != case.system_id):  # it was corrected meanwhile
        _leave(held, case)
    return _judged(case)


@transaction.atomic
def _leave(held: Suggestion, case: Case) -> None:
    """Take it out, in a transaction by itself: whoever waits for the turn of a system holds that of no other."""
    _take_turn(held.system_id)
    if _held(case) == held:
        _take_out(held, case)


@transaction.atomic
def _judged(case: Case) -> Suggestion | None:
    _take_turn(case.system_id)
    case = Case.objects.get(pk=case.pk)
    held, now = _held(case), timezone.now()
    found = {report.number: report for report in reports(case.system_id, now, window())}
    mine = found.pop(case.pk, None)
    if mine is None or not incidents.may_be_attached(case):
        return None
    return (
        _to_incident(case, mine, held) or _to_suggestion(case, mine, found, held) or _anew(case, mine, found)
    )


def _take_turn(system: int) -> None:
    """Judging and deciding about one system is done one after the other, so that each sees what the other did."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [TURN, system])


def _held(case: Case) -> Suggestion | None:
    """The waiting suggestion that holds this case already."""
    return Suggestion.objects.filter(state=State.OPEN, members__case=case, members__removed=False).first()


def _to_incident(case: Case, mine: Report, held: Suggestion | None) -> Suggestion | None:
    numbers = list(open_incidents(case.system_id).values_list("pk", flat=True))
    theirs: dict[int, list[Report]] = {}
    for report in reports_of(numbers, timezone.now()) if numbers else []:
        theirs.setdefault(report.incident or 0, []).append(report)
    fits = {number: fit(mine, group) for number, group in theirs.items() if not _decided(case, number)}
    best = max(fits, key=lambda number: fits[number].score, default=None)
    if best is None or fits[best].score < THRESHOLD:
        return None
    if held and held.incident_id is None:
        _take_out(held, case)
    suggestion = Suggestion.objects.filter(state=State.OPEN, incident=best).first()
    if suggestion is None:
        suggestion = Suggestion.objects.create(system=case.system, incident_id=best)
    return _join(suggestion, case, fits[best])


def _decided(case: Case, incident: int) -> bool:
    """Whether an agent has said already that the case does not belong to the incident."""
    told = SuggestedCase.objects.filter(case=case, suggestion__incident=incident)
    if case.events.filter(kind=Kind.DETACHED, details__incident=incident).exists():
        return True
    return told.filter(removed=True).exists() or told.filter(suggestion__state=State.DISMISSED).exists()


def _to_suggestion(
    case: Case, mine: Report, others: dict[int, Report], held: Suggestion | None
) -> Suggestion | None:
    waiting = Suggestion.objects.filter(system=case.system_id, state=State.OPEN, incident=None)
    best: tuple[Suggestion, Fit] | None = None
    for suggestion in waiting.prefetch_related("members"):
        members = suggestion.members.all()
        if any(member.case_id == case.pk and member.removed for member in members):
            continue
        there = [
            report
            for member in members
            if not member.removed and (report := others.get(member.case_id)) and report.incident is None
        ]
        if there and (found := fit(mine, there)).score >= (best[1].score if best else THRESHOLD):
            best = suggestion, found
    if best is None:
        if held and held.incident_id is None:  # what the customer wrote since speaks of something else
            _take_out(held, case)
        return None
    if held and held.pk != best[0].pk:
        _take_out(held, case)
    return _join(best[0], case, best[1])


def _anew(case: Case, mine: Report, others: dict[int, Report]) -> Suggestion | None:
    """A new suggestion of all that are alike and stand in none yet."""
    taken = set(
        SuggestedCase.objects.filter(
            case__in=others, removed=False, suggestion__state__in=[State.OPEN, State.CONFIRMED]
        ).values_list("case", flat=True)
    )
    alike = {
        number: found
        for number, report in others.items()
        if number not in taken
        and report.incident is None
        and (found := fit(mine, [report])).score >= THRESHOLD
    }
    if len({mine.customer, *(others[number].customer for number in alike)}) < 2:
        return None
    if _dismissed({case.pk, *alike}):
        return None
    best = max(alike.values(), key=lambda found: found.score)
    score = sum(found.score for found in alike.values()) / len(alike)
    suggestion = Suggestion.objects.create(system=case.system, matched=best.matched, score=score)
    SuggestedCase.objects.bulk_create(
        SuggestedCase(suggestion=suggestion, case_id=number) for number in sorted({case.pk, *alike})
    )
    nudge(RADAR)
    return suggestion


def _dismissed(numbers: set[int]) -> bool:
    """Whether all of these cases stood together in a suggestion that an agent dismissed."""
    refused: dict[int, set[int]] = {}
    members = SuggestedCase.objects.filter(case__in=numbers, suggestion__state=State.DISMISSED)
    for suggestion, number in members.values_list("suggestion", "case"):
        refused.setdefault(suggestion, set()).add(number)
    return any(numbers <= group for group in refused.values())


def _join(suggestion: Suggestion, case: Case, found: Fit) -> Suggestion:
    new = SuggestedCase.objects.get_or_create(suggestion=suggestion, case=case)[1]
    if new or not suggestion.matched:
        suggestion.matched, suggestion.score = (
            suggestion.matched or found.matched,
            max(suggestion.score, found.score),
        )
        suggestion.save(update_fields=["matched", "score"])
        nudge(RADAR)
    return suggestion


def _take_out(suggestion: Suggestion, case: Case) -> None:
    """Take a case out that fits no more. A suggestion of fewer than two cases is none."""
    suggestion.members.filter(case=case).delete()
    if suggestion.incident_id is None and suggestion.members.filter(removed=False).count() < 2:
        suggestion.delete()
    nudge(RADAR)


def _in_turn(suggestion: Suggestion) -> Suggestion:
    """The suggestion as it is now, while nobody else judges or decides."""
    _take_turn(suggestion.system_id)
    found = Suggestion.objects.select_related("incident", "decided_by").filter(pk=suggestion.pk).first()
    if found is None:
        raise Refused(
            "This suggestion is gone: what its customers wrote since does not fit together any more."
        )
    return found


@transaction.atomic
def confirm(
    suggestion: Suggestion,
    *,
    by: User,
    title: str = "",
    cases: Iterable[int] = (),
    seen: Iterable[int] | None = None,
    token: UUID | None = None,
    **details: Any,
) -> Incident:
    """It is one outage: open an incident with these of its cases, or attach them to the one it was offered to.

    `seen` are those that the agent chose from, by default all. One that joined since is judged anew. Two agents who
    confirm the same get the same incident. Raises Refused when it was dismissed or otherwise confirmed meanwhile, and
    for a case that has left it.
    """
    suggestion, chosen = _in_turn(suggestion), set(cases)
    members = set(suggestion.members.filter(removed=False).values_list("case", flat=True))
    if suggestion.state == State.CONFIRMED and suggestion.incident:
        _check_is_the_same(suggestion, suggestion.incident, chosen, members, title, details)
        return suggestion.incident
    if suggestion.state == State.DISMISSED:
        raise Refused(f"{suggestion.decided_by} has already dismissed this suggestion.")
    shown = chosen | members if seen is None else set(seen)
    if gone := sorted((chosen & shown) - members):
        raise Refused(f"{_named(gone)} no longer belong here. Please check the others again.")
    chosen &= members
    if not chosen:
        raise Refused("Choose at least one case.")
    if suggestion.incident:
        incident = suggestion.incident
        for case in Case.objects.visible_to(by).filter(pk__in=chosen).order_by("pk"):
            incidents.attach(case, by=by, incident=incident)
    else:
        incident = incidents.open_incident(
            system=suggestion.system,
            title=title,
            by=by,
            cases=chosen,
            token=token,
            **details,
        )
    unseen = members - chosen - shown
    suggestion.members.filter(case__in=unseen).delete()
    for number in sorted(unseen):
        app.configure_task("cases.tasks.judge_case").defer(case=number)
    suggestion.members.exclude(case__in=chosen).update(removed=True)
    suggestion.incident = incident
    return _decide(suggestion, State.CONFIRMED, by).incident or incident


def _check_is_the_same(
    suggestion: Suggestion,
    incident: Incident,
    chosen: set[int],
    members: set[int],
    title: str,
    details: Mapping[str, Any],
) -> None:
    """Raise Refused, with what became of it, unless somebody confirms what was confirmed already."""
    differs = []
    if title not in ("", incident.title):
        differs.append(f"it is called “{incident.title}”")
    if details.get("severity", incident.severity) != incident.severity:
        differs.append(f"its severity is {incident.get_severity_display().lower()}")
    if details.get("public", incident.public) != incident.public:
        differs.append(f"it is {'' if incident.public else 'not '}on the status page")
    if without := sorted(chosen - members):
        differs.append(f"it is without {_named(without).lower()}")
    if others := sorted(members - chosen):
        differs.append(f"it has {_named(others).lower()} too")
    if differs:
        raise Refused(
            f"{suggestion.decided_by} made incident {incident.number} of this meanwhile, and not as you chose: "
            f"{listed(differs)}. Nothing of yours was done; change the incident where it should be otherwise."
        )


def _named(numbers: Sequence[int]) -> str:
    return f"Case{'' if len(numbers) == 1 else 's'} {listed(map(str, numbers))}"


@transaction.atomic
def dismiss(suggestion: Suggestion, *, by: User) -> None:
    """These are not one outage, which is remembered. What is decided already stays."""
    suggestion = _in_turn(suggestion)
    if suggestion.state == State.CONFIRMED:
        raise Refused(f"{suggestion.decided_by} made incident {suggestion.incident_id} of this meanwhile.")
    if suggestion.state == State.OPEN:
        _decide(suggestion, State.DISMISSED, by)


@transaction.atomic
def remove(suggestion: Suggestion, *, by: User, case: int) -> None:
    """This case does not belong to the others. With fewer than two left there is nothing to suggest."""
    suggestion = _in_turn(suggestion)
    if suggestion.state != State.OPEN:
        raise Refused("Someone else has already decided this.")
    suggestion.members.filter(case=case).update(removed=True)
    if suggestion.members.filter(removed=False).count() < (1 if suggestion.incident_id else 2):
        _decide(suggestion, State.DISMISSED, by)
    nudge(RADAR)


def _decide(suggestion: Suggestion, state: Suggestion.State, by: User) -> Suggestion:
    suggestion.state, suggestion.decided_by, suggestion.decided_at = state, by, timezone.now()
    suggestion.save(update_fields=["state", "decided_by", "decided_at", "incident"])
    nudge(RADAR)
    return suggestion
