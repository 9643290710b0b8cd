"""`lifecycle.transitions` alone writes where a partner stands, once it is born."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
COLUMNS = {"stage", "step", "stage_since", "step_since", "signed_on", "parked_until"}
WRITERS = {"lifecycle/transitions.py", "partners/organisations.py"}
APPS = ("prm", "team", "partners", "conversations", "lifecycle", "reviews", "dashboards", "portal")


def written(path: Path) -> set[str]:
    """The columns that a file writes by `update(…)` or by assigning to an attribute."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "update":
            found |= {word.arg for word in node.keywords if word.arg}
        elif isinstance(node, ast.Assign):
            found |= {target.attr for target in node.targets if isinstance(target, ast.Attribute)}
    return found & COLUMNS


def test_one_module_moves_partners() -> None:
    files = [path for app in APPS for path in sorted((ROOT / app).rglob("*.py"))]
    others = {str(path.relative_to(ROOT)): written(path) for path in files if "migrations" not in path.parts}
    assert {name: columns for name, columns in others.items() if columns and name not in WRITERS} == {}
