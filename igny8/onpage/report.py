"""An article in, findings and three numbers out."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from igny8.onpage.article import Article
from igny8.onpage.checks import CHECKS
from igny8.onpage.page import Page
from igny8.onpage.verdict import Check, Place, Score, Severity, Verdict

POINTS = {Severity.GOOD: 1.0, Severity.IMPROVE: 0.5, Severity.PROBLEM: 0.0}
WORST_FIRST = (Severity.PROBLEM, Severity.IMPROVE, Severity.GOOD)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What one check says of one article; `advice` and `places` are empty when all is good."""

    code: str
    title: str
    score: Score
    severity: Severity
    message: str
    advice: str
    places: tuple[Place, ...]


@dataclass(frozen=True, kw_only=True)
class Report:
    """Each number is the share of its checks that pass, a near miss counting half, 0 to 100.

    None when none of its checks could look at anything. They say how an article is made, never
    how it will rank.
    """

    findings: tuple[Finding, ...]
    on_page: int | None
    readability: int | None
    integrity: int | None
    word_count: int

    @property
    def to_look_at(self) -> list[Finding]:
        """What is not good, the worst first."""
        rest = [finding for finding in self.findings if finding.severity is not Severity.GOOD]
        return sorted(rest, key=lambda finding: WORST_FIRST.index(finding.severity))

    @property
    def passed(self) -> int:
        return len(self.findings) - len(self.to_look_at)


def inspect(article: Article) -> Report:
    """A finding for each check that applies to the article and its language."""
    page = Page(article)
    findings = [_finding(check, verdict) for check in CHECKS if (verdict := check.look(page))]
    return Report(
        findings=tuple(findings),
        on_page=_number(findings, Score.ON_PAGE),
        readability=_number(findings, Score.READABILITY),
        integrity=_number(findings, Score.INTEGRITY),
        word_count=page.length,
    )


def _finding(check: Check, verdict: Verdict) -> Finding:
    return Finding(
        code=check.code,
        title=check.title,
        score=check.score,
        severity=verdict.severity,
        message=verdict.message,
        advice=verdict.advice,
        places=verdict.places,
    )


def _number(findings: Sequence[Finding], score: Score) -> int | None:
    points = [POINTS[finding.severity] for finding in findings if finding.score is score]
    return int(100 * fmean(points)) if points else None
