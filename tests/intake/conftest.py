"""A file of given content, as the tests of intake need it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from igny8.intake import BadRow, Corrections, Export, Row, open_export

Written = Callable[..., Path]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    def write(content: str | bytes, name: str = "keywords.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture
def imported(written: Written) -> Callable[..., tuple[Export, list[Row], list[BadRow]]]:
    def read(
        content: str | bytes, name: str = "keywords.csv", mapping: dict[str, str] | None = None
    ) -> tuple[Export, list[Row], list[BadRow]]:
        export = open_export(written(content, name), corrections=Corrections(columns=mapping or {}))
        outcomes = list(export.rows())
        rows = [outcome for outcome in outcomes if isinstance(outcome, Row)]
        return export, rows, [outcome for outcome in outcomes if isinstance(outcome, BadRow)]

    return read
