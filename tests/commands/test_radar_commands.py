"""Looking back with the radar, and holding it against what is known."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from cases.models import Case
from tests.factories import CaseFactory, SystemFactory

pytestmark = pytest.mark.django_db


def called(*arguments):
    out = StringIO()
    call_command(*arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


@pytest.fixture
def cases(till):
    return [
        CaseFactory(system=till, summary="Customers cannot pay", description="Nobody can pay at any till."),
        CaseFactory(system=till, summary="Payments are not going through", description="All payments fail."),
        CaseFactory(system=till, summary="Product images do not load", description="All pictures are grey."),
    ]


def suggested(*arguments):
    return json.loads(called("suggest_incidents", "--json", *arguments))


def test_suggestions_name_case_ids_words_and_a_score(cases):
    (found,) = suggested()
    assert found["cases"] == [case.reference for case in map(_anew, cases[:2])]
    assert found["matched"][0].startswith("checkout")
    assert 0.5 < found["score"] <= 1


def _anew(case):
    return Case.objects.get(pk=case.pk)


def test_only_what_was_open_by_then_and_within_the_window_is_looked_at(cases):
    now = timezone.now()
    Case.objects.filter(pk=cases[0].pk).update(opened_at=now - timedelta(minutes=90))
    assert suggested() == []
    assert len(suggested("--window", "120")) == 1
    assert suggested("--window", "120", "--at", (now - timedelta(minutes=30)).isoformat()) == []


def test_people_read_lines(cases):
    assert "1 suggestions." in called("suggest_incidents")


@pytest.mark.parametrize(
    "arguments", [["--at", "yesterday"], ["--at", "2026-99-99T00:00"], ["--window", "0"]]
)
def test_a_wrong_time_is_refused_with_a_sentence(arguments):
    with pytest.raises(CommandError, match=r"Give the time|The window is"):
        called("suggest_incidents", *arguments)


@pytest.fixture
def evaluated(tmp_path):
    def evaluate(labels, *arguments):
        file = tmp_path / "labels.json"
        file.write_text(labels if isinstance(labels, str) else json.dumps(labels))
        return called("evaluate_radar", str(file), *arguments)

    return evaluate


def test_the_figures_of_pairs_are_printed(cases, evaluated):
    one, two, three = (_anew(case).reference for case in cases)
    assert "precision 1.000  recall 1.000  F1 1.000" in evaluated({one: "pay", two: "pay", three: None})
    assert "precision 0.000  recall 0.000  F1 0.000" in evaluated({one: "pay", two: "-", three: "pay"})
    assert "recall 0.333" in evaluated({one: "all", two: "all", three: "all"}, "--errors")


def test_labels_are_read_in_the_usual_forms(cases, evaluated):
    one, two, three = (_anew(case).reference for case in cases)
    forms = [
        [[one, two], [three]],
        {"pay": [one, two], "images": [three]},
        [{"cases": [one, two]}, {"cases": [three]}],
        [
            {"case_id": one, "incident": 1},
            {"case_id": two, "incident": 1},
            {"case_id": three, "incident": None},
        ],
        {"labels": {one.upper(): "pay", two: "pay", three: ""}},
    ]
    for labels in forms:
        assert "3 cases, 1 pairs of one outage, 1 found, 1 of them right" in evaluated(labels)


def test_cases_of_two_systems_are_never_one_outage(cases, evaluated):
    other = CaseFactory(system=SystemFactory(), summary="Customers cannot pay", description="Nobody can pay.")
    one, two = _anew(cases[0]).reference, _anew(other).reference
    assert "0 found" in evaluated({one: "pay", two: None})


@pytest.mark.parametrize("labels", ["{", "[]", '{"never-heard-of": "a"}', "3", '"x"'])
def test_labels_that_say_nothing_are_refused_with_a_sentence(labels, evaluated):
    with pytest.raises(CommandError):
        evaluated(labels)


def test_a_file_that_is_not_there_is_refused_with_a_sentence():
    with pytest.raises(CommandError, match="Cannot read"):
        called("evaluate_radar", "/nowhere/labels.json")
