import pytest

from cases.models import User
from cases.text.markdown import handles, note_to_html, to_html
from cases.text.mentions import completions, mentions_in


def agent(pk, name, email):
    return User(pk=pk, name=name, email=email, role=User.Role.AGENT)


ODE = agent(1, "Sam Ode", "sam.ode@example.com")
HILL = agent(2, "Sam Hill", "sam.hill@example.com")
ADA = agent(3, "Ada Osei", "ada@example.com")
MARIA = agent(4, "Мария Стоянова", "m.stoyanova@example.com")
ALL = [ODE, HILL, ADA, MARIA]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("@ada please", [ADA]),
        ("(@ADA, @Ada.)", [ADA]),
        ("@AdaOsei", [ADA]),
        ("@sam.ode and @samhill", [ODE, HILL]),
        ("@мария", [MARIA]),
        ("> @ada", [ADA]),
        ("**@ada**: look", [ADA]),
        ("ada@example.com", []),
        ("write to x@ada", []),
        ("<https://example.com/@ada>", []),
        ("`@ada`", []),
        ("    @ada", [ADA]),
        ("@", []),
        ("@@ada", []),
        ("ada", []),
    ],
)
def test_whom_a_note_mentions(text, meant):
    assert mentions_in(text, ALL).agents == meant


def test_a_name_that_several_share_mentions_nobody_and_says_what_to_write():
    assert mentions_in("@sam!", ALL) == (
        [],
        ["@sam could be Sam Ode or Sam Hill, so nobody was told: write @sam.ode or @sam.hill."],
    )


def test_a_name_that_nobody_has_is_said():
    assert mentions_in("@zoe and @ada", ALL) == ([ADA], [f"@zoe is no agent here, so only {ADA} was told."])


def test_the_exact_address_comes_before_a_shared_first_name():
    sam = agent(5, "Sam", "sam@example.com")
    assert mentions_in("@sam", [*ALL, sam]).agents == [sam]


def test_agents_whom_only_the_whole_address_tells_apart_are_named_with_it():
    twins = [agent(1, "Sam", "sam@example.com"), agent(2, "Sam", "sam@example.org")]
    [complaint] = mentions_in("@sam", twins).complaints
    assert "Sam (sam@example.com) or Sam (sam@example.org)" in complaint


def test_completions_offer_what_means_exactly_one():
    assert completions("s", ALL) == [(ODE, "sam.ode"), (HILL, "sam.hill")]
    assert [one.handle for one in completions("os", ALL)] == ["ada"]
    assert completions("xyz", ALL) == []


def test_completions_begin_with_those_who_are_called_so():
    castro, cora = (
        User(email="adam@example.com", name="Adam Castro"),
        User(email="cora@example.com", name="Cora Lind"),
    )
    assert [one.agent for one in completions("c", [castro, cora])] == [cora, castro]
    assert len(completions("", ALL)) == 4


def test_a_mention_is_emphasised_and_nothing_else_of_a_note_is_trusted():
    html = note_to_html("@ada <b class='mention'>@eve</b> <script>x</script> [@ada](javascript:x) `@ada`")
    assert html.count('<b class="mention">@ada</b>') == 2
    assert "<script" not in html
    assert 'href="javascript' not in html
    assert "&lt;b class=" in html
    assert "<code>@ada</code>" in html


def test_in_a_reply_an_at_is_an_at():
    assert to_html("@ada") == "<p>@ada</p>\n"


def test_names_are_taken_as_typed():
    assert handles("@Ada. and @sam.ode, @x") == ["Ada", "sam.ode", "x"]
