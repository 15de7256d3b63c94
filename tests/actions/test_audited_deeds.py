"""What goes into the audit log besides sign-ins and the administration: data that leaves or comes, what everybody has."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from cases.actions import macros, saved_views
from cases.models import AuditEntry, AuditKind, Macro
from cases.wording.audit import deed, who

pytestmark = pytest.mark.django_db


def said():
    entries = AuditEntry.objects.exclude(kind=AuditKind.SIGNED_IN).order_by("id")
    return [f"{who(entry)} {deed(entry)}" for entry in entries]


def test_figures_that_an_agent_takes_out_as_a_table(ada, browser_of):
    browser_of(ada).get(reverse("report_table", args=["promises"]), {"days": "7", "by": "team"})
    assert said() == ["Ada exported the figures promises by team of 7 days"]


def test_cases_that_the_operator_takes_out(case, tmp_path):
    call_command("export_cases", str(tmp_path), verbosity=0)
    call_command("export_cases", str(tmp_path), case=str(case.number), without_notes=True, verbosity=0)
    with pytest.raises(CommandError, match="There is no case 999999"):
        call_command("export_cases", str(tmp_path), case="999999")
    assert said() == [
        "The operator exported all cases",
        f"The operator exported case {case.number} (without internal notes)",
    ]


def test_documents_that_come_in(case, adam, browser_of, tmp_path):
    call_command("export_cases", str(tmp_path), verbosity=0)
    call_command("import_cases", str(tmp_path), dry_run=True)
    call_command("import_cases", str(tmp_path))
    document = json.dumps(json.loads(next(tmp_path.iterdir()).read_text()) | {"case_id": "another"})
    office = browser_of(adam)
    office.post(reverse("admin:cases_case_import"), {"text": document})
    office.post(reverse("admin:cases_case_import"), {"import": "yes"})
    assert said()[1:] == [f"The operator imported documents from {tmp_path}", "Adam imported one document"]


def test_a_macro_of_everybody_and_none_of_ones_own(adam):
    macro = Macro(name="Greet", body="Hello.")
    macros.save(macro, by=adam)
    macro = Macro.objects.get()
    macro.body = "x" * 999
    macros.save(macro, by=adam)
    macros.delete(macro, by=adam)
    own = macros.copy(Macro(name="Greet", body="Hello."), by=adam)
    macros.save(own, by=adam)
    macros.delete(own, by=adam)
    assert said() == [
        "Adam added the macro “Greet”",
        f"Adam changed the macro “Greet”: body from “Hello.” to “{'x' * 199}…”",
        "Adam deleted the macro “Greet”",
    ]


def test_a_view_that_is_given_to_everybody_and_taken_back(adam):
    view = saved_views.create(by=adam, name="Critical", audience="me", filters={"severity": 1})
    saved_views.change(view, by=adam, name="Critical", audience="all")
    saved_views.change(view, by=adam, name="Burning")
    saved_views.change(view, by=adam, name="Burning", audience="me")
    saved_views.delete(view, by=adam)
    assert said() == [
        "Adam changed the saved view “Critical”: owner from “Adam” to nothing",
        "Adam changed the saved view “Burning”: name from “Critical” to “Burning”",
        "Adam changed the saved view “Burning”: owner from nothing to “Adam”",
    ]
