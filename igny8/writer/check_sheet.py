"""What the checks say, as it stands beside an article: three numbers, then the worst first."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from igny8.ai.models import AIConnection
from igny8.onpage import Part, Score, Severity
from igny8.theme.looks import Look
from igny8.writer.models import Content, Inspection

SAMPLE = f"{AIConnection.Kind.SAMPLE}:"
GOOD_FROM, FAIR_FROM = 80, 50
SPOTS_SHOWN = 3
QUOTE_SHOWN = 70
TITLES = {
    Score.ON_PAGE: ("On-page", "says what it is about where readers and search engines look"),
    Score.READABILITY: ("Readability", "how easily it reads"),
    Score.INTEGRITY: ("Integrity", "its own text, finished and supported"),
}
LOOKS = {
    Severity.PROBLEM: Look("Problem", "bad", "circle-alert"),
    Severity.IMPROVE: Look("Could be better", "warn", "triangle-alert"),
    Severity.GOOD: Look("Good", "ok", "circle-check"),
}
# Where a finding leads that is about no line of the text, and what that place is called.
PLACES = {
    Part.TITLE: ("article-title", "the title"),
    Part.SLUG: ("search-preview", "the address"),
    Part.META_TITLE: ("search-preview", "the SEO title"),
    Part.META_DESCRIPTION: ("search-preview", "the meta description"),
    Part.KEYWORD: ("facts", "the keyword"),
    Part.IMAGES: ("pictures", "the images"),
}


@dataclass(frozen=True, kw_only=True)
class Number:
    """One of the three; `value` None: no check applied."""

    title: str
    about: str
    value: int | None

    @property
    def tone(self) -> str:
        return tone_of(self.value)

    @property
    def word(self) -> str:
        return {"ok": "good", "warn": "fair", "bad": "low"}.get(self.tone, "not looked at")


@dataclass(frozen=True)
class Spot:
    """A place in the article: where the link leads, and what stands there."""

    anchor: str
    text: str


@dataclass(frozen=True, kw_only=True)
class CheckRow:
    """`spots` are shown at once, `more_spots` when asked for; `unlisted` are not even kept."""

    look: Look
    title: str
    message: str
    advice: str
    spots: Sequence[Spot] = ()
    more_spots: Sequence[Spot] = ()
    unlisted: int = 0


@dataclass(frozen=True, kw_only=True)
class CheckSheet:
    numbers: Sequence[Number]
    to_look_at: Sequence[CheckRow]
    passed: Sequence[CheckRow]

    @property
    def looked(self) -> int:
        """How many checks applied."""
        return len(self.passed) + len(self.to_look_at)

    @property
    def problems(self) -> int:
        return sum(row.look.tone == "bad" for row in self.to_look_at)

    @property
    def improvements(self) -> int:
        return len(self.to_look_at) - self.problems


def check_sheet(inspection: Inspection, anchors: Sequence[int]) -> CheckSheet:
    """`anchors` are the lines of the text that one can be led to."""
    order = list(LOOKS)
    found = sorted(inspection.findings, key=lambda one: order.index(Severity(one["severity"])))
    rows = [(finding["severity"], _row(finding, anchors)) for finding in found]
    return CheckSheet(
        numbers=numbers_of(inspection.on_page, inspection.readability, inspection.integrity),
        to_look_at=[row for severity, row in rows if severity != Severity.GOOD],
        passed=[row for severity, row in rows if severity == Severity.GOOD],
    )


def numbers_of(*values: int | None) -> list[Number]:
    return [
        Number(title=title, about=about, value=value)
        for (title, about), value in zip(TITLES.values(), values, strict=True)
    ]


def lowest(numbers: Iterable[Number]) -> Number | None:
    """The one to look at first; a sum of them would hide it."""
    known = [number for number in numbers if number.value is not None]
    return min(known, key=lambda number: number.value or 0, default=None)


def cost_text(content: Content, inspection: Inspection) -> str:
    """`5.2 + 7.6 images`, `0 (sample)`; an unknown price is said, never 0."""
    text, images = inspection.text_credits, inspection.image_credits
    if inspection.has_unknown_price and not text + images:
        return "price unknown"
    if content.generated_by.startswith(SAMPLE) and not text + images:
        return "0 (sample)"
    known = f"{text:.1f} + {images:.1f} images" if images else f"{text:.1f}"
    return f"{known}, some prices unknown" if inspection.has_unknown_price else known


def tone_of(value: int | None) -> str:
    if value is None:
        return "idle"
    return "ok" if value >= GOOD_FROM else "warn" if value >= FAIR_FROM else "bad"


def _row(finding: Mapping[str, Any], anchors: Sequence[int]) -> CheckRow:
    spots = list(_spots(finding["places"], anchors))
    return CheckRow(
        look=LOOKS[Severity(finding["severity"])],
        title=finding["title"],
        message=finding["message"],
        advice=finding["advice"],
        spots=spots[:SPOTS_SHOWN],
        more_spots=spots[SPOTS_SHOWN:],
        unlisted=finding["more"],
    )


def _spots(places: Iterable[Mapping[str, Any]], anchors: Sequence[int]) -> Iterator[Spot]:
    for place in places:
        if place["part"] == Part.BODY:
            yield Spot(_anchor(place["line"], anchors), _short(place["quote"]))
        else:
            anchor, name = PLACES[Part(place["part"])]
            yield Spot(anchor, _short(place["quote"]) or name)


def _anchor(line: int, anchors: Sequence[int]) -> str:
    """The last thing that begins at this line or before it."""
    before = [anchor for anchor in anchors if anchor <= line]
    return f"line-{max(before)}" if before else "article-title"


def _short(quote: str) -> str:
    return quote if len(quote) <= QUOTE_SHOWN else f"{quote[: QUOTE_SHOWN - 1].rstrip()}…"
