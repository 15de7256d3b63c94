"""What a reply asks the customer for, as agents write it."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.text.requests import LONGEST, find, plain

from .requests import ASKS, NOTHING


def phrasings(table):
    return [line for line in table.splitlines() if line.strip()]


@pytest.mark.parametrize("line", phrasings(ASKS))
def test_what_is_asked_for_is_found(line):
    text, _, things = line.replace("\\n", "\n").rpartition("=")
    assert find(text.strip()) == [what.strip() for what in things.split("|") if what.strip()]


@pytest.mark.parametrize("text", phrasings(NOTHING))
def test_what_asks_for_nothing_gives_nothing(text):
    assert find(text) == []


def test_the_table_is_large_enough_to_mean_something():
    assert len(phrasings(ASKS)) >= 90
    assert len(phrasings(NOTHING)) >= 80


def test_the_same_is_named_only_once():
    assert find("Please send the log. Could you send the log?") == ["the log"]
    assert len(find(" ".join(f"Please send file {number}." for number in range(9)))) == 9


def test_quotations_and_code_ask_for_nothing():
    text = "> Please send us the log.\n> Thanks\nWe got it.\n```\nplease send the file\n```\nPlease send a photo."
    assert find(text) == ["a photo"]


@given(st.text(max_size=300))
def test_any_text_is_read_without_a_mistake(text):
    assert all(0 < len(thing) <= LONGEST and thing == plain(thing) for thing in find(text))


def test_any_jumble_of_such_words_is_read_without_a_mistake():
    words = 'could you please send us the log and , . ? try it again which \n "'.split(" ")
    dice = random.Random(11)
    for _ in range(500):
        things = find(" ".join(dice.choices(words, k=dice.randint(0, 40))))
        assert all(0 < len(thing) <= LONGEST for thing in things)


def test_a_long_text_takes_no_longer_than_its_length():
    assert find("please send us the log and then " * 3000)[:1] == ["the log"]
    assert find("could you " * 10_000) == []


def test_what_is_asked_for_begins_with_a_small_article():
    assert plain("  A screenshot\n of it. ") == "a screenshot of it"
    assert plain("PDF of it") == "PDF of it"
