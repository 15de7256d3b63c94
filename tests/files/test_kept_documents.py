"""The documents of an import that was previewed."""

from cases.files import kept_documents


def test_a_long_name_in_any_script_is_kept(settings, tmp_path):
    settings.HOME = tmp_path
    folder = kept_documents.keep([("語" * 100 + ".txt", "{}")])
    [path] = kept_documents.waiting(folder)
    assert path.name.endswith("語.txt.json")
