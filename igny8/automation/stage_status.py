"""What one word says of a stage in a run."""

from igny8.automation.models import AutomationRun
from igny8.automation.stages import Stage

Status = AutomationRun.Status


def stage_status(run: AutomationRun, stage: Stage) -> str:
    """waiting, running, done, skipped, paused, failed or cancelled."""
    stored = str(run.result(stage.number).get("status", "waiting"))
    if stored in ("done", "skipped") or run.current_stage != stage.number:
        return stored if stored != "running" else "waiting"
    if run.status in (Status.PAUSED, Status.FAILED, Status.CANCELLED):
        return str(run.status)
    return "running" if run.status == Status.RUNNING else stored
