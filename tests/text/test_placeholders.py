import pytest

from cases.text.placeholders import SAMPLE, complaint, fill, first_name, values_of


def test_what_is_known_is_filled_in(case, ada):
    text = "Hello {customer}, case {case} ({summary}) in {system}. {agent}"
    assert fill(text, values_of(case, ada)) == (
        f"Hello Cleo, case {case.number} (The card reader refuses every card) in Till. Ada"
    )


@pytest.mark.parametrize(
    "text",
    [
        "{}", "{{}}", "{nobody}", "{agent.password}", "{agent.__class__}", "{0}", "{customer!r}", "{case:>9}",
        "{ customer }", "{Customer}", "%(customer)s", "${customer", "{% if case %}", "{{% x %}}",
    ],
)  # fmt: skip
def test_any_other_braces_stay_as_typed(text):
    assert fill(text, SAMPLE) == text


def test_what_is_filled_in_is_not_filled_again():
    assert fill("{summary}", {"summary": "{agent}", "agent": "Ada"}) == "{agent}"


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("Cleo Marchetti", "Cleo"),
        ("Cleo", "Cleo"),
        ("Anne-Marie D’Arc", "Anne-Marie"),
        ("Мария Стоянова", "Мария"),
        ("Dr. Raman", "Dr. Raman"),
        ("Prof Raman", "Prof Raman"),
        ("Raman, Deepa", "Raman, Deepa"),
        ("J. Smith", "J. Smith"),
        ("Herr Müller", "Herr Müller"),
        ("Mme Dubois", "Mme Dubois"),
        ("van der Berg", "van der Berg"),
        ("cleo marchetti", "cleo"),
        ("IT Helpdesk", "IT Helpdesk"),
        ("Bakery Support Team", "Bakery Support Team"),
        ("4th Street Bakery", "4th Street Bakery"),
        ("", ""),
    ],
)
def test_what_to_call_somebody(name, called):
    assert first_name(name) == called


def test_a_customer_without_a_name_is_greeted_all_the_same(case, ada):
    case.customer_name = ""
    assert fill("Hello {customer}", values_of(case, ada)) == "Hello there"


def test_what_is_not_known_is_said():
    assert complaint("Hello {customer}") == ""
    assert complaint("{name} {name}") == (
        "{name} is no placeholder and stays as typed. Known are {customer}, {agent}, {case}, {system}, {summary}."
    )
    assert complaint("{a} {b}").startswith("{a}, {b} are no placeholders")
