"""What stays and what waits when a run is cancelled."""

from dataclasses import dataclass

from igny8.automation.models import AutomationRun
from igny8.automation.presenters.overall import credits_range
from igny8.automation.stages import WORK_STAGES, stage_number
from igny8.automation.wording import credits_text


@dataclass(frozen=True, kw_only=True)
class CancelSheet:
    made: str
    left: str
    credits: str
    expected: str


def cancel_sheet(run: AutomationRun) -> CancelSheet:
    made = {stage: int(run.result(stage.number).get("created", 0)) for stage in WORK_STAGES}
    listed = [f"{number:,} {s.makes[number != 1]}" for s, number in made.items() if number]
    left = int(run.result(run.current_stage).get("left", 0))
    stage = stage_number(run.current_stage)
    return CancelSheet(
        made=", ".join(listed) or "nothing yet",
        left=f"{stage.count(left)}, and what later stages would have made" if left else "nothing",
        credits=credits_text(run.credits_used),
        expected=credits_range(run),
    )
