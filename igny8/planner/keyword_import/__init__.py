"""The keywords of an export become keywords of a site, each tool's figures kept."""

from igny8.planner.keyword_import.importing import Progress, import_keywords
from igny8.planner.keyword_import.report import ImportReport

__all__ = ["ImportReport", "Progress", "import_keywords"]
