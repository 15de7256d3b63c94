import pytest

from cases.files.names import clean_name
from cases.models.attachment import LONGEST_NAME


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("shot.png", "shot.png"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\cleo\\till.log", "till.log"),
        ("..", "file"),
        ("", "file"),
        ("a\0b.txt", "ab.txt"),
        ("two\nlines.txt", "two lines.txt"),
        ("invoice\u202egnp.exe", "invoicegnp.exe"),  # right-to-left override: shown as invoiceexe.png
        ("  spaces   within .txt ", "spaces within .txt"),
        (".htaccess", "htaccess"),
        ("e\u0301te\u0301.png", "été.png"),
        ("\ud800.txt", "txt"),
        ("写真.png", "写真.png"),
    ],
)
def test_a_name_loses_its_folders_and_what_cannot_be_seen(given, name):
    assert clean_name(given) == name


def test_a_long_name_is_cut_before_its_ending():
    name = clean_name("x" * 300 + ".pdf")
    assert len(name) == LONGEST_NAME
    assert name.endswith("….pdf")
