"""A database of before is brought over."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from cases.models import Case, Event, Macro, Team, User
from tests.actions.replay import replay

BEFORE = [("cases", "0012_attachments")]
BESIDE = [
    ("account", "0009_emailaddress_unique_primary_email"),
    ("admin", "0003_logentry_add_action_flag_choices"),
]
PASSWORD = "md5$salt$1bc9dd5c4b9a62fd30ea8e1e1ebf5e7a"  # as good as any


def migrate(targets):
    executor = MigrationExecutor(connection)
    executor.migrate(targets)


@pytest.fixture
def before(transactional_db):
    """The models as they were, over tables as they were."""
    loader = MigrationExecutor(connection).loader
    migrate(BEFORE)
    yield loader.project_state([*BEFORE, *BESIDE]).apps
    migrate(loader.graph.leaf_nodes("cases"))


@pytest.fixture
def bring_over(before):
    def bring():
        migrate(MigrationExecutor(connection).loader.graph.leaf_nodes("cases"))
        return {user.name: user for user in User.objects.all()}

    return bring


@pytest.fixture
def person(before):
    """An account as it was made before: with an address as it was typed, and what allauth knew of it."""

    def make(name, email, *, verified=False, known=None, **fields):
        user = before.get_model("cases", "User").objects.create(
            name=name, email=email, **{"password": PASSWORD} | fields
        )
        if known != "":
            before.get_model("account", "EmailAddress").objects.create(
                user=user, email=known or email, primary=True, verified=verified
            )
        return user

    return make


def known(user):
    return list(user.emailaddress_set.order_by("email").values_list("email", "primary", "verified"))


def test_each_address_gets_its_one_spelling(person, bring_over):
    person("Eva", "Eva.Klein@Example.com")
    person("Jo", "jo@Bücher.example", verified=True)
    person("Ada", "ada@example.com", verified=True)
    people = bring_over()
    assert {name: user.email for name, user in people.items()} == {
        "Eva": "eva.klein@example.com",
        "Jo": "jo@xn--bcher-kva.example",
        "Ada": "ada@example.com",
    }
    assert known(people["Jo"]) == [("jo@xn--bcher-kva.example", True, True)]


def test_passwords_and_sessions_of_an_address_that_nobody_proved_are_gone(person, bring_over):
    person("Eva", "eva@example.com")
    person("Olga", "olga@example.com", known="")
    person("Ada", "Ada@example.com", verified=True)
    person("Guest", "guest@example.com", password="!" + "x" * 40)
    person("Moved", "moved@example.com", password="!" + "x" * 40, last_login=timezone.now())  # and signed in
    people = bring_over()
    assert {name: user.has_usable_password() for name, user in people.items()} == {
        "Eva": False,
        "Olga": False,
        "Ada": True,
        "Guest": False,
        "Moved": False,
    }
    assert people["Eva"].password != people["Olga"].password
    assert people["Guest"].password == "!" + "x" * 40 != people["Moved"].password


def test_what_allauth_knew_twice_of_one_person_it_knows_once(before, person, bring_over):
    eva = person("Eva", "Eva@example.com")
    before.get_model("account", "EmailAddress").objects.create(
        user=eva, email="eva@example.com", verified=True
    )
    assert known(bring_over()["Eva"]) == [("eva@example.com", True, True)]


def test_an_address_that_two_had_proved_is_its_owners(before, person, bring_over):
    EmailAddress = before.get_model("account", "EmailAddress")
    for first, second in (("a", "B"), ("C", "d")):
        owner = person(f"Owner {first}", f"{first}@example.com", verified=True)
        other = person(f"Other {first}", f"other.{first.lower()}@example.com", verified=True)
        EmailAddress.objects.create(user=other, email=f"{first.swapcase()}@example.com", verified=True)
        assert owner.pk < other.pk, second
    people = bring_over()
    assert known(people["Owner a"]) == [("a@example.com", True, True)]
    assert known(people["Owner C"]) == [("c@example.com", True, True)]


class TestAccountsThatOnlyASpellingSetApart:
    def test_become_the_one_that_was_proved(self, person, bring_over):
        person("Typed", " eva@example.com")
        person("Eva", "eva@example.com ", verified=True)
        people = bring_over()
        assert list(people) == ["Eva"]
        assert known(people["Eva"]) == [("eva@example.com", True, True)]
        assert people["Eva"].password == PASSWORD

    def test_become_the_oldest_where_none_was(self, before, person, bring_over):
        for days, (name, email) in enumerate(
            [("New", "ｅva@example.com"), ("Old", "eva@example.com\t"), ("Older", "eva@example.com")]
        ):
            user = person(name, email)
            before.get_model("cases", "User").objects.filter(pk=user.pk).update(
                joined_at=timezone.now() - timedelta(days=days)
            )
        people = bring_over()
        assert list(people) == ["Older"]
        assert known(people["Older"]) == [("eva@example.com", True, False)]

    def test_keep_what_only_the_other_said(self, before, person, bring_over):
        mill = before.get_model("cases", "Organisation").objects.create(name="Mill")
        person("", "eva@example.com", verified=True)
        person("Eva", "eva@example.com ", organisation=mill, role="administrator")
        eva = bring_over()["Eva"]
        assert eva.organisation.name == "Mill"
        assert eva.role == "customer"  # of the other address nobody knew whose it was

    def test_keep_all_that_they_wrote_own_and_follow(self, before, person, bring_over):
        get = before.get_model
        ada = person("Ada", "ada@example.com", verified=True, role="agent")
        twin = person("Twin", "ada@example.com ", verified=True, role="administrator")
        case = get("cases", "Case").objects.create(
            system=get("cases", "System").objects.create(name="Till"), customer=twin, assignee=twin
        )
        event = get("cases", "Event")
        event.objects.create(
            case=case,
            sequence=1,
            kind="reply",
            role="agent",
            author=twin,
            body="Hello.",
            public=True,
            at=timezone.now(),
        )
        changes = {"assignee": [ada.pk, twin.pk]}
        event.objects.create(
            case=case,
            sequence=2,
            kind="assignee",
            role="agent",
            author=ada,
            body="Twin",
            changes=changes,
            public=False,
            at=timezone.now(),
        )
        team = get("cases", "Team").objects.create(name="Engineering", lead=twin)
        team.members.add(ada, twin)
        both, hers = get("cases", "Case").objects.create(system=case.system), case
        for follower, followed in ((ada, both), (twin, both), (twin, hers)):
            get("cases", "Follow").objects.create(agent=follower, case=followed)
        get("cases", "Macro").objects.create(name="Mine", owner=twin, assignee=str(twin.pk))
        get("admin", "LogEntry").objects.create(
            user=twin, object_id="1", object_repr="x", action_flag=1, change_message=""
        )

        people = bring_over()
        assert list(people) == ["Ada"]
        ada = people["Ada"]
        case = Case.objects.get(number=case.number)
        assert (case.customer, case.assignee) == (ada, ada)
        assert [(one.author, one.body) for one in case.events.all()] == [(ada, "Hello."), (ada, "")]
        assert replay(case.events.order_by("sequence"))["assignee"] == ada.pk
        assert (ada.role, ada.follows.count(), ada.logentry_set.count()) == ("administrator", 2, 1)
        team = Team.objects.get()
        assert (team.lead, list(team.members.all())) == (ada, [ada])
        assert (Macro.objects.get().owner, Macro.objects.get().assignee) == (ada, str(ada.pk))

    def test_are_joined_and_events_still_stay(self, before, person, bring_over):
        person("Eva", "eva@example.com", verified=True)
        twin = person("Twin", "eva@example.com ")
        get = before.get_model
        case = get("cases", "Case").objects.create(
            system=get("cases", "System").objects.create(name="Till"), customer=twin
        )
        get("cases", "Event").objects.create(
            case=case, sequence=1, kind="opened", role="customer", author=twin, public=True, at=timezone.now()
        )
        people = bring_over()
        event = Event.objects.get()
        assert event.author == people["Eva"]
        with pytest.raises(IntegrityError, match="append-only"):
            Event.objects.filter(pk=event.pk).update(body="Never said")


@pytest.mark.parametrize(
    ("kind", "role", "said", "body", "details"),
    [
        ("warned", "system", "PROMISE 2026-03-02T09:00:00+00:00", "", {"due": "PROMISE", "due_at": "2026-03-02T09:00:00+00:00"}),
        ("taken_back", "agent", "2026-03-02T09:00:00+00:00", "", {"due_at": "2026-03-02T09:00:00+00:00"}),
        ("taken_back", "agent", "by noon", "", {"phrase": "by noon"}),
        ("reminded", "system", "a log and a photo", "", {"requests": ["a log and a photo"]}),
        ("imported", "system", "took over from a newer document: summary, opened at", "", {"fields": ["summary", "opened at"]}),
        ("closed", "system", "We waited for a log and could not go on without it. Should", "", {"waited_for": ["a log"]}),
        ("closed", "system", "We waited for your answer and could not go on without it.", "", {"waited_for": []}),
        ("closed", "system", "We heard of no trouble since, so we take it as fixed.", "", {"waited_for": []}),
        ("closed", "agent", "", "", {}),
        ("rated", "customer", "bad\nSlow.\nVery.", "Slow.\nVery.", {"good": False}),
        ("rated", "customer", "good", "", {"good": True}),
        ("assignee", "agent", "", "", {}),
        ("merged", "agent", "12", "", {"case": 12}),
        ("detached", "agent", "3", "", {"incident": 3}),
        ("reply", "agent", "12", "12", {}),
    ],
)  # fmt: skip
def test_what_a_body_named_is_in_the_details(before, bring_over, kind, role, said, body, details):
    system = before.get_model("cases", "System").objects.create(name="Till")
    case = before.get_model("cases", "Case").objects.create(system=system)
    before.get_model("cases", "Event").objects.create(
        case=case, sequence=1, kind=kind, role=role, body=said, public=True, at=timezone.now()
    )
    bring_over()
    event = Event.objects.get()
    assert (event.body, event.details) == (body, details)
