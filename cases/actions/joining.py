"""A customer's own word that their case is of an incident."""

from cases.models import Case, Incident, Kind, Refused, Viewer

from .incidents import attach


def join(case: Case, *, by: Viewer | None, incident: Incident) -> bool:
    """Attach the case that was reported as this incident, and return whether it belongs to it now.

    Counts once: a case that was taken out of an incident since stays out. When the incident was resolved meanwhile
    the case goes on by itself.
    """
    if not case.events.filter(kind=Kind.ATTACHED).exists():
        try:
            attach(case, by=by, incident=incident)
        except Refused:
            return False
    return Case.objects.filter(pk=case.pk, incident=incident).exists()
