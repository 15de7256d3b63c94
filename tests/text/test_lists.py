from cases.text.lists import listed


def test_things_are_joined_by_commas_and_a_last_and():
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert listed([]) == ""
