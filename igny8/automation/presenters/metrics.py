"""The row of five cards: what the site has."""

from collections.abc import Iterator
from dataclasses import dataclass

from igny8.automation.figures import Count, Figures
from igny8.automation.presenters.looks import percent_of

CARDS = (
    ("keywords", "Keywords", "key-round", 1),
    ("clusters", "Clusters", "layers", 2),
    ("ideas", "Ideas", "lightbulb", 3),
    ("content", "Content", "file-text", 4),
    ("images", "Images", "images", 6),
)


@dataclass(frozen=True, kw_only=True)
class MetricCard:
    name: str
    title: str
    icon: str
    stage: int
    count: Count

    @property
    def percent(self) -> int:
        return percent_of(self.count.processed, self.count.total)

    @property
    def attention(self) -> str:
        """`2 need attention`; empty when nothing does."""
        number = self.count.attention
        return f"{number:,} {'needs' if number == 1 else 'need'} attention" if number else ""


def metric_cards(figures: Figures) -> Iterator[MetricCard]:
    for name, title, icon, stage in CARDS:
        yield MetricCard(name=name, title=title, icon=icon, stage=stage, count=figures.counts[name])
