import csv

import pytest

from cases.text.spreadsheets import BOM, lines_of


def written(*row):
    mark, line = lines_of([row])
    assert mark == BOM
    return next(csv.reader([line]))


@pytest.mark.parametrize(
    "words",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(1)",
        "  =1",
        "\u00a0=1",
        "\u200b=1",
        "\ufeff\u3000=1",
        "\t=1",
        "\n=1",
        "＝1+1",
        " ＠A1",
        "－1",
    ],
)
def test_no_words_are_a_formula(words):
    assert written(words) == [f"'{words}"]


@pytest.mark.parametrize("words", ["Ada", "a=b", "", " ", "1 + 1", "(-1)", "\u200b"])
def test_other_words_stay_as_they_are(words):
    assert written(words) == [words]


def test_numbers_stay_numbers():
    assert written(-1, 0.5, None) == ["-1", "0.5", ""]
