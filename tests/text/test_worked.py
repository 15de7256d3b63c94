import pytest

from cases.text.worked import minutes_in


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        *[("90", 90), ("1h 20m", 80), ("1h20", 80), ("1:20", 80), ("1 h", 60), ("1.5h", 90), ("1,25 h", 75)],
        *[
            ("20 min", 20),
            ("2 hours 5 minutes", 125),
            ("-30", -30),
            ("− 1h", -60),
            ("0", 0),
            (" 1H  5M ", 65),
        ],
        *[
            ("", None),
            ("long", None),
            ("1:75", None),
            ("1h 2h", None),
            ("--5", None),
            ("9" * 20, None),
            ("١", 1),
        ],
    ],
)
def test_a_length_of_time_is_read_as_people_type_it(text, minutes):
    assert minutes_in(text) == minutes
