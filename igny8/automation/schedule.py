"""When a site's run is due, and starting it exactly once."""

from igny8.automation.models import AutomationConfig


def start_due_runs() -> None:
    pass


def reschedule(config: AutomationConfig) -> None:
    pass
