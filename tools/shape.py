"""How long functions and files are: `python -m tools.shape FOLDER ...`.

Exit status 1 when a limit is passed; migrations do not count.
"""

import ast
import statistics
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

MEDIAN_MAX, P90_MAX, FUNCTION_MAX, FILE_MAX = 9, 30, 60, 400
Function = ast.FunctionDef | ast.AsyncFunctionDef


def shape_of(folder: Path) -> tuple[str, list[str]]:
    """One line of figures, and every limit that is passed."""
    files = [p for p in sorted(folder.rglob("*.py")) if "migrations" not in p.parts]
    lengths = [(length_of(f), f"{p}:{f.lineno} {f.name}") for p in files for f in functions_of(p)]
    only = sorted(length for length, _ in lengths)
    median, p90 = statistics.median(only), only[int(len(only) * 0.9)]
    faults = [f"{where}: {length} lines" for length, where in lengths if length > FUNCTION_MAX]
    faults += [f"{p}: {n} lines" for p in files if (n := lines_of(p)) > FILE_MAX]
    if median > MEDIAN_MAX or p90 > P90_MAX:
        faults.append(f"median {median:g} (limit {MEDIAN_MAX}), p90 {p90} (limit {P90_MAX})")
    return f"{len(only)} functions: median {median:g}, p90 {p90}, longest {only[-1]} lines", faults


def functions_of(path: Path) -> Iterator[Function]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def length_of(function: Function) -> int:
    """Lines of a function, its docstring aside."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    if ast.get_docstring(function, clean=False) is None:
        return lines
    docstring = function.body[0]
    return lines - ((docstring.end_lineno or docstring.lineno) - docstring.lineno + 1)


def lines_of(path: Path) -> int:
    return sum(1 for line in path.read_text(encoding="utf-8").splitlines() if line.strip())


def main(folders: Sequence[str]) -> int:
    faults: list[str] = []
    for folder in folders:
        figures, found = shape_of(Path(folder))
        sys.stdout.write(f"{folder}: {figures}\n")
        faults += found
    sys.stdout.write("".join(f"{fault}\n" for fault in faults))
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
