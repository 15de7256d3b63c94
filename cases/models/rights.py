"""Who may do what, by role: the one table, which `cases/access.py` hands on. docs/permissions.md is written from it."""

from django.db import models


class UserRole(models.TextChoices):
    CUSTOMER = "customer", "Customer"
    MANAGER = "manager", "Organisation’s manager"
    AGENT = "agent", "Agent"
    LEAD = "lead", "Team lead"
    ADMINISTRATOR = "administrator", "Administrator"
    AUDITOR = "auditor", "Auditor"


class Right(models.TextChoices):
    """What is for some roles only. Besides, all may report problems and follow their own cases, but for the auditor."""

    SEE_COLLEAGUES = "see_colleagues", "See all cases and people of their organisation"
    INVITE_COLLEAGUES = "invite_colleagues", "Invite colleagues into their organisation, and remove them"
    READ_DESK = "read_desk", "Read the desk: queue, cases with their notes, search, incidents, reports"
    WORK_ON_CASES = "work_on_cases", "Work on cases and incidents, with views, macros and drafts of their own"
    HANDLE_HELD_MAIL = (
        "handle_held_mail",
        "Rescue and delete held mail, block senders, unless they are limited",
    )
    SEE_SECRETS = "see_secrets", "See and delete what customers gave as a secret"
    EXPORT = "export", "Take out the figures of reports as files"
    SHARE_WITH_EVERYBODY = "share_with_everybody", "Change the views and macros that everyone uses"
    STOP_OTHERS = "stop_others", "Stop the changes to many cases that members of their teams started"
    LET_LEAVE = "let_leave", "Let agents leave and hand over what they have"
    PLAN_WORK = "plan_work", "Say when colleagues are away, and how many cases they have at once"
    MERGE_ACCOUNTS = "merge_accounts", "Merge two accounts of one customer, and undo that"
    READ_AUDIT_LOG = "read_audit_log", "Read the audit log, unless they are limited"
    MANAGE_PEOPLE = "manage_people", "Invite people, give them roles and limits, deactivate them"
    ANSWER_FOR_PRIVACY = "answer_for_privacy", "Take out and erase all that is held about a person"
    ADMINISTER = "administer", "Use administration: systems, teams, service levels, import"


_MANAGER, _ADMINISTRATOR, _AUDITOR = UserRole.MANAGER, UserRole.ADMINISTRATOR, UserRole.AUDITOR
_AGENTS = {UserRole.AGENT, UserRole.LEAD, UserRole.ADMINISTRATOR}

RIGHTS: dict[Right, set[UserRole]] = {
    Right.SEE_COLLEAGUES: {_MANAGER},
    Right.INVITE_COLLEAGUES: {_MANAGER},
    Right.READ_DESK: {*_AGENTS, _AUDITOR},
    Right.WORK_ON_CASES: _AGENTS,
    Right.HANDLE_HELD_MAIL: _AGENTS,
    Right.SEE_SECRETS: _AGENTS,
    Right.EXPORT: {*_AGENTS, _AUDITOR},
    Right.SHARE_WITH_EVERYBODY: {_ADMINISTRATOR},
    Right.STOP_OTHERS: {UserRole.LEAD, _ADMINISTRATOR},
    Right.LET_LEAVE: {UserRole.LEAD, _ADMINISTRATOR},
    Right.PLAN_WORK: {UserRole.LEAD, _ADMINISTRATOR},
    Right.MERGE_ACCOUNTS: {UserRole.LEAD, _ADMINISTRATOR},
    Right.READ_AUDIT_LOG: {_ADMINISTRATOR, _AUDITOR},
    Right.MANAGE_PEOPLE: {_ADMINISTRATOR},
    Right.ANSWER_FOR_PRIVACY: {_ADMINISTRATOR},
    Right.ADMINISTER: {_ADMINISTRATOR},
}


def roles_with(right: Right) -> list[UserRole]:
    """Those who have it, as a filter of people takes them."""
    return [role for role in UserRole if role in RIGHTS[right]]


def rights_of(role: str | None) -> list[Right]:
    return [right for right, roles in RIGHTS.items() if role in roles]
