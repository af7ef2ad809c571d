"""The file of an import, as a person said it is to be read."""

from pathlib import Path

from igny8.core.errors import UserError
from igny8.intake import RECOGNISED, Corrections, Export, open_export
from igny8.planner.models import KeywordImport
from igny8.planner.uploads import upload_in


def file_of(found: KeywordImport) -> Path:
    """Raises UserError when it is no longer kept."""
    if (path := upload_in(found.folder)) is not None:
        return path
    raise UserError("The file is no longer here; choose it again. Nothing was imported.")


def corrections_of(found: KeywordImport) -> Corrections:
    return Corrections(**found.corrections) if found.corrections else RECOGNISED


def opened(found: KeywordImport) -> Export:
    """Raises UserError or UnreadableFile."""
    return open_export(file_of(found), corrections=corrections_of(found))
