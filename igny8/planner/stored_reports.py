"""An import's report as its row keeps it: what pages show, the bad rows beside it."""

from typing import Any

from igny8.planner.keyword_import import ImportReport

SHOWN = 20


def fields_of(report: ImportReport) -> dict[str, Any]:
    """Values of a KeywordImport."""
    kept = {
        "source": report.source,
        "rows": {
            "total": report.rows.total,
            "new": report.rows.new,
            "here": report.rows.duplicate - report.twice,
            "twice": report.twice,
            "bad": report.rows.bad,
        },
        "keywords": report.keywords[:SHOWN],
        "warnings": report.warnings,
        "bad": [_bad_row(row) for row in report.errors[:SHOWN]],
    }
    return {
        "report": kept,
        "bad_rows": [_bad_row(row) for row in report.errors],
        "rows_done": report.rows.total,
        "rows_new": report.rows.new,
    }


def _bad_row(row: Any) -> dict[str, Any]:
    return {"line": row.line, "text": row.text, "reason": row.reason}
