"""Imports run one way, imports inside functions included."""

import ast
from pathlib import Path

import pytest

LAYERS = ["prm", "team", "partners", "conversations", "lifecycle", "reviews", "dashboards", "portal"]
ROOT = Path(__file__).resolve().parent.parent
FILES = [path for layer in LAYERS for path in sorted((ROOT / layer).rglob("*.py"))]


def imported(path: Path) -> list[tuple[int, str]]:
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.append((node.lineno, node.module))
    return found


@pytest.mark.parametrize("layer", LAYERS)
def test_an_app_imports_only_lower_apps(layer: str) -> None:
    higher = set(LAYERS[LAYERS.index(layer) + 1 :])
    upward = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in FILES
        if path.relative_to(ROOT).parts[0] == layer
        for line, name in imported(path)
        if name.split(".")[0] in higher
    ]
    assert upward == []


def test_no_module_is_named_for_nothing() -> None:
    nameless = {"utils.py", "helpers.py", "services.py", "common.py", "core.py", "signals.py"}
    assert [str(path.relative_to(ROOT)) for path in FILES if path.name in nameless] == []


def test_relative_imports_are_not_used() -> None:
    relative = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert relative == []
