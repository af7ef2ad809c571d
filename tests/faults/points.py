"""Every crash point of the product, read from its source: none can be forgotten."""

import ast
from collections.abc import Iterator
from pathlib import Path

import igny8

SOURCE = Path(igny8.__file__).parent
COMMITS = {"committing": 0, "fenced": 1}
PLACES = {"crashpoint": 0}


def crash_points() -> list[str]:
    """Their names, sorted; a commit has one just before and one just after it."""
    found: list[str] = []
    for path in SOURCE.rglob("*.py"):
        for function, name in _named_in(ast.parse(path.read_text(encoding="utf-8"))):
            ends = (" written", " committed") if function in COMMITS else ("",)
            found += [name + end for end in ends]
    return sorted(found)


def _named_in(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Each call with a literal name; the two functions' own bodies have none."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            place = {**COMMITS, **PLACES}.get(node.func.id)
            if place is not None and isinstance(name := node.args[place], ast.Constant):
                yield node.func.id, str(name.value)
