"""A test checks something, waits for no clock, and reaches for nothing that a module keeps to itself."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = ("bench", "cases", "portal")
CHECK = re.compile("assert|expect|raises|check|django_assert")  # how the names of what can fail begin
FILES = {path: ast.parse(path.read_text()) for path in sorted((ROOT / "tests").rglob("*.py"))}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def name_of(node: ast.AST) -> str:
    return getattr(node, "attr", "") or getattr(node, "id", "")


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def checks(test: Function) -> bool:
    return any(isinstance(node, ast.Assert) for node in ast.walk(test)) or any(
        CHECK.match(name_of(call.func)) for call in calls(test)
    )


def idle_tests(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, Function) and node.name.startswith("test_") and not checks(node):
            yield node.lineno, f"{node.name} checks nothing"


def long_waits(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Of a second or more, as far as they stand there in figures."""
    for call in calls(tree):
        second = {"sleep": 1, "wait_for_timeout": 1000}.get(name_of(call.func))
        length = call.args[0] if call.args else None
        if second and isinstance(length, ast.Constant) and length.value >= second:
            yield call.lineno, ast.unparse(call)


def is_private(name: object) -> bool:
    return isinstance(name, str) and name.startswith("_") and not name.startswith("__")


def private_reaches(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Private names that are imported from the product, taken from what was imported, or patched there."""
    imported = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in PRODUCT:
            imported |= {alias.asname or alias.name for alias in node.names}
            yield from ((node.lineno, alias.name) for alias in node.names if is_private(alias.name))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and is_private(node.attr) and name_of(node.value) in imported:
            yield node.lineno, ast.unparse(node)
        elif isinstance(node, ast.Call) and name_of(node.func) == "setattr" and len(node.args) > 1:
            target, name = node.args[:2]
            if name_of(target) in imported and isinstance(name, ast.Constant) and is_private(name.value):
                yield node.lineno, ast.unparse(node)


@pytest.mark.parametrize("fault", [idle_tests, long_waits, private_reaches])
def test_no_test_has_this_fault(fault):
    known = {"_meta"}  # of a model, public in spite of its name
    wrong = [
        f"{path.relative_to(ROOT)}:{line}: {words}"
        for path, tree in FILES.items()
        for line, words in fault(tree)
        if words.split(".")[-1] not in known
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("fault", "code", "found"),
    [
        (idle_tests, "def test_it(): run()", True),
        (idle_tests, "async def test_it(): run()", True),
        (idle_tests, "def test_it(): assert run()", False),
        (idle_tests, "def test_it():\n    with pytest.raises(E): run()", False),
        (idle_tests, "def test_it(): expect(page).to_be_visible()", False),
        (idle_tests, "def test_it(): check_looks(page)", False),
        (long_waits, "time.sleep(1)", True),
        (long_waits, "page.wait_for_timeout(1500)", True),
        (long_waits, "page.wait_for_timeout(300)", False),
        (private_reaches, "from cases.queries.queue import _beyond", True),
        (private_reaches, "from cases.queries import queue\nqueue._beyond()", True),
        (private_reaches, "from portal import asgi\nmonkeypatch.setattr(asgi, '_pages', 1)", True),
        (private_reaches, "from cases.queries import queue\nqueue.page()", False),
        (private_reaches, "self._page = 1", False),
    ],
)
def test_a_fault_is_found(fault, code, found):
    assert bool([*fault(ast.parse(code))]) == found
