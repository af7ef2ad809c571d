"""Seconds an item, from what one page query brings: the newest batches, else what was expected."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from igny8.automation.figures import Figures
from igny8.automation.models import AutomationRun
from igny8.automation.pace import ENOUGH_ITEMS, recent_mean, run_seconds_left, seconds_left
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
    seconds = {s.number: _expected(expected.get(s.number, {}), s) for s in WORK_STAGES}
    guessed = {n for n in seconds if expected.get(n, {"is_guess": True}).get("is_guess")}
    items, measured = recent_mean(figures.recent)
    if items >= ENOUGH_ITEMS:
        seconds[run.current_stage] = measured
        guessed.discard(run.current_stage)
    return Paces(run=run, seconds=seconds, guessed=frozenset(guessed))


def _expected(entry: Mapping[str, Any], stage: Stage) -> float:
    """As the run's estimate has it; estimates made earlier know only the whole stage."""
    if "pace" in entry:
        return float(entry["pace"])
    return entry["seconds"] / entry["items"] if entry.get("items") else stage.seconds
