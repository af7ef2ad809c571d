"""What each batch size means for what waits now, cut as the runner cuts it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from igny8.automation.forecast import batch_size
from igny8.automation.presenters.looks import STAGE_ICONS
from igny8.automation.stages import STAGES, Stage

WHY = {
    1: "How many keywords go into one request.",
    2: "How many clusters are planned in one request.",
    3: "No AI request, so no credits.",
    4: "Writing is expensive; one by one keeps you in control.",
    5: "How many articles get their image prompts in one request.",
    6: "Image services limit requests a minute.",
    7: "Waits for a person.",
}
FIXED = {4: "Always one at a time", 6: "Always one at a time", 7: "No batches"}


@dataclass(frozen=True, kw_only=True)
class BatchRow:
    """`field` is the name of the setting, empty where there is none; `cut` what it means now."""

    number: int
    title: str
    icon: str
    why: str
    field: str
    fixed: str
    cut: str


def batch_rows(settings: Mapping[str, int], waiting: Mapping[int, int]) -> Iterator[BatchRow]:
    for stage in STAGES:
        fixed = FIXED.get(stage.number, "")
        number = waiting.get(stage.number, 0)
        yield BatchRow(
            number=stage.number,
            title=stage.title,
            icon=STAGE_ICONS[stage.number],
            why=WHY[stage.number],
            field="" if fixed else f"stage_{stage.number}_batch_size",
            fixed=fixed,
            cut=cut_text(stage, number, batch_size(settings, stage.number)) if number else "",
        )


def cut_text(stage: Stage, number: int, size: int) -> str:
    """`47 keywords wait: 3 batches of 20, 20 and 7`."""
    sizes = batch_sizes(number, size)
    waits = f"{stage.count(number)} {'waits' if number == 1 else 'wait'}"
    return f"{waits}: {_listed(sizes)}"


def batch_sizes(number: int, size: int) -> list[int]:
    """Each batch takes what remains, at most `size`."""
    return [min(size, number - start) for start in range(0, number, size)]


def _listed(sizes: list[int]) -> str:
    if len(sizes) == 1:
        return f"1 batch of {sizes[0]}"
    if len(sizes) == 2 or len(sizes) == 3:
        return f"{len(sizes)} batches of {', '.join(map(str, sizes[:-1]))} and {sizes[-1]}"
    last = f", the last of {sizes[-1]}" if sizes[-1] != sizes[0] else ""
    return f"{len(sizes):,} batches of {sizes[0]}{last}"
