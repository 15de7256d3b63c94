"""What an entry of the audit log says in words: one table for its page and its CSV."""

from collections.abc import Callable

from cases.models import AuditEntry, AuditKind, Invitation
from cases.queries.brand import brand
from cases.text.lists import listed


def _signed_in(entry: AuditEntry) -> str:
    return f"signed in with {entry.details['how']}" if entry.details.get("how") else "signed in"


def _failed(entry: AuditEntry) -> str:
    if not entry.details:
        return "failed to sign in from many more networks, or under many more addresses"
    return f"failed to sign in as {entry.details['tried'] or 'nobody'} with {entry.details['how']}"


def _factor_added(entry: AuditEntry) -> str:
    return f"set up {entry.details['what']}"


def _factor_removed(entry: AuditEntry) -> str:
    return f"removed {entry.details['what']}" + (f" of {entry.about}" if entry.about else "")


def _sessions_ended(entry: AuditEntry) -> str:
    return f"signed out {entry.details['what']}"


def _role(entry: AuditEntry) -> str:
    return f"changed the role of {entry.about} from {entry.details['old']} to {entry.details['new']}"


def _limits(entry: AuditEntry) -> str:
    old, new = (entry.details[key] or ["everything"] for key in ("old", "new"))
    return f"changed what {entry.about} sees from {listed(old)} to {listed(new)}"


def _deactivated(entry: AuditEntry) -> str:
    to = entry.details.get("to")
    return f"deactivated {entry.about}" + (f" and handed over what they had to {to}" if to else "")


def _invited(entry: AuditEntry) -> str:
    """Their address, which stands in the invitation alone, so that it can be erased."""
    found = Invitation.objects.filter(pk=entry.details["invitation"]).first()
    return found.email if found else "somebody"


def _joined(entry: AuditEntry) -> str:
    by_domain = f" by the email domain {entry.details['domain']}" if entry.details.get("domain") else ""
    joined = f"added {entry.about} to" if entry.about else "joined"
    return f"{joined} {entry.details['organisation']}{by_domain}"


def _left(entry: AuditEntry) -> str:
    left = f"removed {entry.about} from" if entry.about else "left"
    return f"{left} {entry.details['organisation']}"


def _thing(entry: AuditEntry) -> str:
    return f"the {entry.details['what']} “{entry.details['name']}”"


def _quoted(value: str) -> str:
    return f"“{value}”" if value else "nothing"


def _changes(entry: AuditEntry) -> str:
    return "; ".join(
        f"{field} from {_quoted(old)} to {_quoted(new)}"
        for field, (old, new) in entry.details["changes"].items()
    )


def _exported(entry: AuditEntry) -> str:
    narrowed = entry.details.get("filter")
    return f"exported {entry.details['what']}" + (f" ({narrowed})" if narrowed else "")


SAYS: dict[AuditKind, Callable[[AuditEntry], str]] = {
    AuditKind.SIGNED_IN: _signed_in,
    AuditKind.SIGN_IN_FAILED: _failed,
    AuditKind.SIGNED_OUT: lambda entry: "signed out",
    AuditKind.PASSWORD: lambda entry: "changed their password",
    AuditKind.ADDRESSES: lambda entry: f"{entry.details['what']} of their own",
    AuditKind.FACTOR_ADDED: _factor_added,
    AuditKind.FACTOR_REMOVED: _factor_removed,
    AuditKind.SESSIONS_ENDED: _sessions_ended,
    AuditKind.FIRST_ADMINISTRATOR: lambda entry: (
        "became the first administrator, by the link that the start printed"
    ),
    AuditKind.HANDED_OVER: lambda entry: (
        f"made {entry.about} an account as {entry.details['role']}, with a password to hand over"
    ),
    AuditKind.ROLE: _role,
    AuditKind.LIMITS: _limits,
    AuditKind.DEACTIVATED: _deactivated,
    AuditKind.ACTIVATED: lambda entry: f"activated {entry.about} again",
    AuditKind.PERSON: lambda entry: f"changed {entry.about}: {_changes(entry)}",
    AuditKind.INVITED: lambda entry: f"invited {_invited(entry)} {entry.details['purpose']}",
    AuditKind.INVITATION_ACCEPTED: lambda entry: (
        f"accepted {entry.about}’s invitation {entry.details['purpose']}"
    ),
    AuditKind.INVITATION_WITHDRAWN: lambda entry: (
        f"withdrew the invitation of {_invited(entry)} {entry.details['purpose']}"
    ),
    AuditKind.JOINED: _joined,
    AuditKind.LEFT: _left,
    AuditKind.MERGED: lambda entry: f"merged account {entry.details['account']} into that of {entry.about}",
    AuditKind.UNMERGED: lambda entry: (
        f"took account {entry.details['account']} apart from that of {entry.about}"
    ),
    AuditKind.SETTING_ADDED: lambda entry: f"added {_thing(entry)}",
    AuditKind.SETTING_CHANGED: lambda entry: f"changed {_thing(entry)}: {_changes(entry)}",
    AuditKind.SETTING_DELETED: lambda entry: f"deleted {_thing(entry)}",
    AuditKind.ERASED: lambda entry: f"erased a person from {entry.details['cases']:,} cases",
    AuditKind.PERSON_TAKEN_OUT: lambda entry: f"exported the data of {entry.about}",
    AuditKind.JOB_AGAIN: lambda entry: (
        f"had job {entry.details['job']} tried again ({entry.details['task']})"
    ),
    AuditKind.JOB_GIVEN_UP: lambda entry: f"gave up job {entry.details['job']} ({entry.details['task']})",
    AuditKind.SECRET_SHOWN: lambda entry: f"viewed the secret of request {entry.details['request']}",
    AuditKind.SECRET_DELETED: lambda entry: f"deleted the secret of request {entry.details['request']}",
    AuditKind.EXPORTED: _exported,
    AuditKind.IMPORTED: lambda entry: f"imported {entry.details['what']}",
}


# Where nobody is signed in. Commands are for whoever runs the server.
_NOBODY = {
    AuditKind.SIGN_IN_FAILED: "Someone",
    AuditKind.EXPORTED: "The operator",
    AuditKind.IMPORTED: "The operator",
}


def who(entry: AuditEntry) -> str:
    return str(entry.by or _NOBODY.get(AuditKind(entry.kind), brand().name))


def deed(entry: AuditEntry) -> str:
    """What was done, without by whom: "changed the role of Abe from Agent to Administrator"."""
    return SAYS[AuditKind(entry.kind)](entry)
