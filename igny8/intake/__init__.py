"""Keyword export files in, rows out."""

from igny8.intake.corrections import RECOGNISED, Corrections, read_corrections
from igny8.intake.errors import UnreadableFile
from igny8.intake.export import Export, open_export, open_text
from igny8.intake.keywords import normalise
from igny8.intake.rows import BadRow, Row

__all__ = [
    "RECOGNISED",
    "BadRow",
    "Corrections",
    "Export",
    "Row",
    "UnreadableFile",
    "normalise",
    "open_export",
    "open_text",
    "read_corrections",
]
