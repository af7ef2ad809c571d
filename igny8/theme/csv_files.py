"""Lists as files for spreadsheets, sent while they are read."""

import csv
from collections.abc import Iterable, Iterator
from itertools import chain

from django.http import StreamingHttpResponse

from igny8.core.spreadsheets import defused


class _Line:
    """What csv writes into: each row is handed on as it is written."""

    def write(self, text: str) -> str:
        return text


def csv_file(
    name: str, columns: Iterable[str], rows: Iterable[Iterable[object]]
) -> StreamingHttpResponse:
    """A download of this name."""
    return StreamingHttpResponse(
        _lines(chain([columns], rows)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    writer = csv.writer(_Line())
    return (writer.writerow([defused(str(cell)) for cell in row]) for row in rows)
