"""The looks of runs and stages, their bars and tones."""

from dataclasses import replace

from igny8.automation.models import AutomationRun
from igny8.automation.stages import WORK_STAGES
from igny8.theme.looks import Look

LOOKS = {
    "ready": Look("Ready", "ok", "circle-check"),
    "waiting": Look("Waiting", "idle", "clock"),
    "empty": Look("Empty", "idle", "circle-dashed"),
    "running": Look("Running", "run", "loader-circle"),
    "held": Look("Waiting", "idle", "clock"),
    "done": Look("Done", "ok", "check"),
    "skipped": Look("Skipped", "idle", "circle-minus"),
    "completed": Look("Completed", "ok", "check"),
    "paused": Look("Paused", "warn", "pause"),
    "failed": Look("Failed", "bad", "circle-alert"),
    "cancelled": Look("Cancelled", "warn", "ban"),
}
STAGE_ICONS = {
    1: "key-round",
    2: "layers",
    3: "lightbulb",
    4: "pen-line",
    5: "image-plus",
    6: "images",
    7: "octagon-pause",
}
BARS = {
    "running": "on",
    "held": "hold",
    "paused": "hold",
    "cancelled": "hold",
    "failed": "err hold",
}
FULL = 100


def look_of(run: AutomationRun) -> Look:
    """Of a whole run; one that left rows parked says how many: `Completed with 2 errors`."""
    look = LOOKS[run.status]
    failed = sum(int(run.result(stage.number).get("failed", 0)) for stage in WORK_STAGES)
    if run.status != AutomationRun.Status.COMPLETED or not failed:
        return look
    return replace(look, word=f"{look.word} with {counted(failed, 'error')}")


def held(run: AutomationRun, status: str) -> str:
    """What runs but waits does not move: motion says that something works."""
    return "held" if status == "running" and run.is_waiting else status


def percent_tone(percent: int) -> str:
    """Nothing yet, below 25, up to 75, above."""
    if percent == 0:
        return "idle"
    if percent < 25:
        return "bad"
    return "warn" if percent <= 75 else "ok"


def bar_manner(state: str, percent: int) -> str:
    """Outline at nothing, solid when full, moving while worked on, striped after a failure."""
    if percent == FULL:
        return "done"
    return BARS.get(state, "hold" if percent else "") if percent or state == "running" else ""


def percent_of(part: int, whole: int) -> int:
    """Rounded down, so that 100 is all of it."""
    return FULL * part // whole if whole else 0


def counted(number: int, singular: str, plural: str = "") -> str:
    """`1 error`, `1,200 errors`."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"
