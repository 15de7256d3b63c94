"""import_cases and export_cases, as somebody at a terminal uses them."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from cases.models import Case, Kind

pytestmark = pytest.mark.django_db

TEXT = """Case ID: T-1
Created At: 2025-03-04T09:00:00Z
System Description: Pocket Till. Takes payments.
Issue Summary: Cards are refused
Severity: high
Priority: P2
Status: open
Customer Name: Olga Berg
Contact Email: olga@example.com

Conversation History:
- 2025-03-04T09:01:00Z [customer] No card works.
- 2025-03-04T09:05:00Z [agent] We are on it.
"""


def run(name, *args, **options):
    out, err = StringIO(), StringIO()
    try:
        call_command(name, *map(str, args), stdout=out, stderr=err, **options)
        status = 0
    except SystemExit as ended:
        status = ended.code
    return status, out.getvalue(), err.getvalue()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "one.txt").write_text(TEXT)
    (tmp_path / "deep" / "two.md").write_text(TEXT.replace("T-1", "T-2"))
    (tmp_path / "notes.pdf").write_bytes(b"not looked at")
    return tmp_path


def test_a_folder_is_imported_with_all_below_it(folder):
    status, out, err = run("import_cases", folder)
    assert (status, err) == (0, "")
    assert "2 created." in out
    assert set(Case.objects.values_list("reference", flat=True)) == {"T-1", "T-2"}


def test_importing_twice_is_importing_once(folder):
    run("import_cases", folder)
    status, out, _ = run("import_cases", folder)
    assert (status, Case.objects.count()) == (0, 2)
    assert "2 unchanged." in out


def test_a_dry_run_stores_nothing(folder):
    status, out, _ = run("import_cases", folder, dry_run=True)
    assert (status, Case.objects.count()) == (0, 0)
    assert "case T-1, 2 messages" in out


def test_bad_files_get_a_line_each_and_the_others_are_imported(folder):
    (folder / "broken.json").write_text('{"case_id": ')
    (folder / "empty.txt").write_text("")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 40)
    (folder / "evil.yaml").write_text("case_id: !!python/object/apply:os.system ['true']")
    (folder / "huge.txt").write_bytes(b"x" * (20 * 1024 * 1024 + 1))
    status, out, err = run("import_cases", folder, folder / "missing.txt")
    assert status == 1
    assert "2 created" in out
    assert "5 failed" in out or "6 failed" in out
    for name in ("broken.json", "empty.txt", "binary.txt", "evil.yaml", "huge.txt", "missing.txt"):
        assert sum(name in line for line in err.splitlines()) >= 1, name
    assert "Traceback" not in err


def test_what_is_not_understood_is_named_with_its_line(folder):
    (folder / "one.txt").write_text(TEXT.replace("Severity: high", "Severity: purple"))
    _, _, err = run("import_cases", folder / "one.txt")
    assert "one.txt:5:" in err


def test_nothing_found_is_said_and_fails(tmp_path):
    status, out, _ = run("import_cases", tmp_path)
    assert status == 1
    assert "no case documents found" in out


@pytest.mark.parametrize("layout", ["json", "yaml", "txt"])
def test_exported_documents_are_read_back_as_unchanged(folder, tmp_path, layout):
    run("import_cases", folder)
    status, out, _ = run("export_cases", tmp_path / "out", format=layout)
    assert (status, out) == (0, f"2 cases written to {tmp_path / 'out'}.\n")
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == [f"T-1.{layout}", f"T-2.{layout}"]
    assert "2 unchanged." in run("import_cases", tmp_path / "out")[1]


def test_a_dash_writes_a_json_list(folder):
    run("import_cases", folder)
    documents = json.loads(run("export_cases", "-")[1])
    assert [document["case_id"] for document in documents] == ["T-2", "T-1"] or [
        document["case_id"] for document in documents
    ] == ["T-1", "T-2"]
    assert documents[0]["conversation_history"][0].keys() == {"role", "message", "timestamp"}


def test_one_case_is_exported_by_its_case_id_or_number(folder):
    run("import_cases", folder)
    case = Case.objects.get(reference="T-2")
    for wanted in ("T-2", str(case.number)):
        assert [d["case_id"] for d in json.loads(run("export_cases", "-", case=wanted)[1])] == ["T-2"]


def test_an_unknown_case_is_a_sentence():
    with pytest.raises(CommandError, match="There is no case T-9"):
        run("export_cases", "-", case="T-9")


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match="Cannot write to"):
        run("export_cases", tmp_path / "file")


def test_a_case_id_with_a_path_in_it_stays_in_the_folder(tmp_path):
    (tmp_path / "x.txt").write_text(TEXT.replace("T-1", "../../T-1"))
    run("import_cases", tmp_path / "x.txt")
    run("export_cases", tmp_path / "out")
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["_.._T-1.json"]


def test_new_systems_are_named_with_the_way_to_show_them(folder):
    _, out, _ = run("import_cases", folder)
    assert "New systems, which customers are not shown yet: Pocket Till." in out
    assert "/admin/cases/system/?public__exact=0" in out
    assert "New systems" not in run("import_cases", folder)[1]


def test_notes_come_back_as_notes(folder, tmp_path):
    (folder / "one.txt").write_text(TEXT + "- 2025-03-04T09:06:00Z [agent, internal] They never paid.\n")
    run("import_cases", folder)
    for layout in ("json", "yaml", "txt"):
        run("export_cases", tmp_path / layout, format=layout)
        assert "They never paid." in (tmp_path / layout / f"T-1.{layout}").read_text()
    case = Case.objects.get(reference="T-1")
    assert case.events.get(body="They never paid.").kind == Kind.NOTE
    assert "2 unchanged." in run("import_cases", tmp_path / "txt")[1]


def test_notes_can_be_left_out_of_what_customers_get(folder, tmp_path):
    (folder / "one.txt").write_text(TEXT + "- 2025-03-04T09:06:00Z [agent, internal] They never paid.\n")
    run("import_cases", folder)
    run("export_cases", tmp_path / "out", without_notes=True)
    assert "They never paid." not in (tmp_path / "out" / "T-1.json").read_text()


def test_a_stranger_fails_the_file_with_a_sentence(folder):
    (folder / "one.txt").write_text(TEXT + "- 2025-03-04T09:06:00Z [wizard] Abracadabra.\n")
    status, out, err = run("import_cases", folder)
    assert status == 1
    assert "1 created, 1 failed." in out
    assert "one.txt:14: Message 3 is by “wizard”" in err


def test_a_newer_folder_that_closes_a_case_is_imported_to_its_end(folder):
    run("import_cases", folder)
    (folder / "deep" / "two.md").write_text(
        TEXT.replace("T-1", "T-2").replace("Status: open", "Status: closed")
    )
    (folder / "three.txt").write_text(TEXT.replace("T-1", "T-3"))
    status, out, err = run("import_cases", folder)
    assert (status, err) == (0, "")
    assert "1 created, 1 unchanged, 1 updated." in out
