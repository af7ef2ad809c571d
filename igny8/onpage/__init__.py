"""An article in, findings out: `inspect(article) -> Report`. Knows no database and no network."""

from igny8.onpage.article import Article, Picture, Sibling
from igny8.onpage.checks import CHECKS
from igny8.onpage.recognition import why_foreign
from igny8.onpage.report import Finding, Report, inspect
from igny8.onpage.sketch import Sketch, sketch_of
from igny8.onpage.verdict import Part, Place, Score, Severity

__all__ = [
    "CHECKS",
    "Article",
    "Finding",
    "Part",
    "Picture",
    "Place",
    "Report",
    "Score",
    "Severity",
    "Sibling",
    "Sketch",
    "inspect",
    "sketch_of",
    "why_foreign",
]
