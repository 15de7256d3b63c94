"""The layers of `cases/`: a module imports from its own layer or from one below. docs/architecture.md says why."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.template.utils import get_app_template_dirs

ROOT = Path(__file__).resolve().parent.parent
# From the top down.
LAYERS = [
    {"apps", "urls", "admin", "management"},
    {"views"},
    {"forms", "demo", "templatetags", "tasks", "signals", "sign_in", "mailboxes"},
    {"actions"},
    {"mail", "live"},
    {"wording"},
    {"queries", "status_page"},
    {"text", "files", "access"},
    {"models"},
    {"clock", "radar", "transcripts", "incoming"},
]
PURE = LAYERS[-1]
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}


def modules() -> Iterator[Path]:
    for path in sorted((ROOT / "cases").rglob("*.py")):
        if "migrations" not in path.parts and path != ROOT / "cases/__init__.py":
            yield path


def room_of(path: Path) -> str:
    return path.relative_to(ROOT / "cases").with_suffix("").parts[0]


def imports_of(path: Path) -> Iterator[tuple[int, str]]:
    """The line and the full name of everything that a module imports, wherever it does so."""
    package = path.relative_to(ROOT).parts[:-1]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = list(package[: len(package) - node.level + 1]) if node.level else []
            parent = ".".join([*base, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{parent}.{alias.name}") for alias in node.names)


def test_every_module_belongs_to_a_layer():
    assert {room_of(path) for path in modules()} <= set(LEVEL)


def test_a_module_imports_from_its_own_layer_or_from_below():
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in modules()
        for line, name in imports_of(path)
        if name.startswith("cases.") and LEVEL[name.split(".")[1]] < LEVEL[room_of(path)]
    ]
    assert wrong == []


def test_the_pure_cores_know_nothing_of_django():
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in modules()
        if room_of(path) in PURE
        for line, name in imports_of(path)
        if name.split(".")[0] in {"django", "psycopg", "procrastinate"}
    ]
    assert wrong == []


def test_the_domain_knows_nothing_of_the_project():
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in modules()
        if room_of(path) != "management"
        for line, name in imports_of(path)
        if name.split(".")[0] == "portal"
    ]
    assert wrong == []


def test_few_modules_stand_straight_in_cases():
    straight = [path.name for path in (ROOT / "cases").glob("*.py") if path.name != "__init__.py"]
    assert len(straight) <= 6, straight


@pytest.mark.parametrize(
    ("folder", "most"),
    [("cases", 300), ("portal", 300), ("templates", 300), ("static", 300), ("bench", 300), ("tests", 420)],
)
def test_no_file_is_longer_than_somebody_reads_at_once(folder, most):
    long = {
        str(path.relative_to(ROOT)): lines
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".html", ".css", ".js"} and "migrations" not in path.parts
        if (lines := len(path.read_text().splitlines())) > most
    }
    assert long == {}


def test_no_module_takes_a_private_name_from_another():
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in modules()
        for line, name in imports_of(path)
        if name.startswith("cases.") and name.rpartition(".")[2].startswith("_")
    ]
    assert wrong == []


@pytest.mark.parametrize(("folder", "kinds"), [("templates", {".html"}), ("static", {".css", ".js"})])
def test_no_line_is_wider_than_somebody_reads(folder, kinds):
    """A text of a mail is not held to it: its lines end where those of the letter do."""
    wide = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in (ROOT / folder).rglob("*")
        if path.suffix in kinds
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > 120
    ]
    assert wide == []


def test_every_template_is_used():
    """By a module, by another template, or by a library in place of its own."""
    templates = {
        str(path.relative_to(ROOT / "templates"))
        for path in (ROOT / "templates").rglob("*")
        if path.is_file()
    }
    named = {
        name
        for path in [*modules(), *(ROOT / "templates" / name for name in templates)]
        for name in re.findall(r"[\"']([\w/]+\.(?:html|txt|js))", path.read_text())
        if path != ROOT / "templates" / name
    }
    letters = {name for path in modules() for name in re.findall(r"\"(\w+/email/\w+)\"", path.read_text())}
    named |= {f"{letter}_{part}.txt" for letter in letters for part in ("subject", "message")}
    libraries = get_app_template_dirs("templates")
    unused = {name for name in templates - named if not any((one / name).exists() for one in libraries)}
    assert unused == set()


# What is set on things of Django and other libraries, which declare it.
OF_LIBRARIES = {
    *("queryset", "choices", "help_text", "empty_label", "attrs"),  # of fields of forms and their widgets
    *("POST", "user", "session", "status_code"),  # of requests and responses
    *("label_suffix",),  # of forms
    *("password",),  # of Django's users
    *("most_files", "is_of_ones_own"),  # of a view, as Django's own decorators mark views
    *("type", "content", "line", "pos", "posMax"),  # of tokens and parsers of Markdown
    *("MAX_IMAGE_PIXELS", "URL"),  # of Pillow, and of a module of settings
}


def assigned_attributes(tree: ast.AST) -> Iterator[tuple[str, str, int]]:
    """What each attribute is set on, its name and the line, but for what a class sets on itself."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            owner = ast.unparse(node.value)
            if owner not in ("self", "cls"):
                yield owner, node.attr, node.lineno


def declared_names(trees: list[ast.AST]) -> set[str]:
    """What the classes of the project declare: in their bodies, or on themselves."""
    names = set()
    for found in (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
        targets = [node.target for node in found.body if isinstance(node, ast.AnnAssign)]
        targets += [one for node in found.body if isinstance(node, ast.Assign) for one in node.targets]
        names |= {node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)}
        own = (node for node in ast.walk(found) if isinstance(node, ast.Attribute))
        names |= {
            node.attr
            for node in own
            if isinstance(node.ctx, ast.Store) and ast.unparse(node.value) in ("self", "cls")
        }
    return names


def test_nothing_is_hung_on_objects_that_do_not_declare_it():
    """A variable that bears the name of a model, such as `case`, takes nothing but what that model has."""
    trees = {path: ast.parse(path.read_text()) for path in modules()}
    models = {
        re.sub(r"(?<!^)(?=[A-Z])", "_", model.__name__).lower(): model
        for model in apps.get_app_config("cases").get_models()
    }
    columns = {field.attname for model in models.values() for field in model._meta.concrete_fields}
    known = declared_names([*trees.values()]) | columns | OF_LIBRARIES

    def is_declared(owner: str, name: str) -> bool:
        if owner.rpartition(".")[2] == "request":
            return name in OF_LIBRARIES or hasattr(models["request"], name)
        if model := models.get(owner):
            return hasattr(model, name) or any(
                name in vars(one).get("__annotations__", {}) for one in model.__mro__
            )
        return name in known

    wrong = [
        f"{path.relative_to(ROOT)}:{line} sets {owner}.{name}"
        for path, tree in trees.items()
        for owner, name, line in assigned_attributes(tree)
        if not is_declared(owner, name)
    ]
    assert wrong == []


def names_in(path: Path) -> list[str]:
    return [
        node.id if isinstance(node, ast.Name) else node.attr
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, (ast.Name, ast.Attribute))
    ]


def test_the_action_and_a_page_ask_the_same_function_whether_something_may_be_done():
    in_views = {name for path in (ROOT / "cases/views").rglob("*.py") for name in names_in(path)}
    rules = [
        (path, node.name)
        for path in (ROOT / "cases/actions").glob("*.py")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("may_")
    ]
    assert len(rules) > 10
    assert [name for path, name in rules if name not in names_in(path)] == []
    assert {name for _, name in rules} - in_views == {"may_become"}  # which `record` asks for every action


WHO_ACTS = {"by", "viewer", "agent", "request.user", "self.viewer", "bulk.by"}


def test_who_acts_is_asked_for_rights_and_never_for_their_role():
    """`viewer.may(Right.…)`: which role has what stands in one table, cases/models/rights.py."""
    asked = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute)
        and node.attr == "role"
        and isinstance(node.ctx, ast.Load)
        and ast.unparse(node.value) in WHO_ACTS
    ]
    asked += [str(path) for path in (ROOT / "templates").rglob("*.html") if "user.role" in path.read_text()]
    assert asked == []
