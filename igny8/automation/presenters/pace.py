"""Seconds an item, from what one page query brings: the newest batches, else what was expected."""

from collections.abc import Mapping
from dataclasses import dataclass

from igny8.automation.figures import Figures
from igny8.automation.models import AutomationRun
from igny8.automation.pace import ENOUGH_ITEMS, run_seconds_left, seconds_left
from igny8.automation.stages import WORK_STAGES, Stage
from igny8.automation.wording import duration


@dataclass(frozen=True)
class Paces:
    """Of a run's stages; `guessed` are those that nobody has measured yet."""

    run: AutomationRun
    seconds: Mapping[int, float]
    guessed: frozenset[int]

    def stage_text(self, stage: Stage) -> str:
        """`45 minutes`, with `about` while it is a guess."""
        text = duration(seconds_left(self.run, stage, self.seconds[stage.number]))
        return f"about {text}" if stage.number in self.guessed else text

    def run_seconds(self) -> float:
        return run_seconds_left(self.run, self.seconds)


def paces_of(run: AutomationRun, figures: Figures) -> Paces:
    expected = {entry["number"]: entry for entry in run.estimate.get("stages", [])}
    seconds, guessed = {}, set()
    for stage in WORK_STAGES:
        entry = expected.get(stage.number, {})
        items = entry.get("items", 0)
        seconds[stage.number] = entry["seconds"] / items if items else stage.seconds
        if abs(seconds[stage.number] - stage.seconds) * items <= 0.05:
            guessed.add(stage.number)
    if measured := _measured(figures):
        seconds[run.current_stage] = measured
        guessed.discard(run.current_stage)
    return Paces(run=run, seconds=seconds, guessed=frozenset(guessed))


def _measured(figures: Figures) -> float:
    items = sum(number for number, _ in figures.recent)
    if items < ENOUGH_ITEMS:
        return 0.0
    return sum(seconds for _, seconds in figures.recent) / items
