"""A site's automation: how it is set, its runs, what each run works through, and its log."""

from igny8.automation.models.config import AutomationConfig
from igny8.automation.models.pace import Pace
from igny8.automation.models.run import STAGE_NUMBERS, AutomationRun, RunItem, RunLog

__all__ = ["STAGE_NUMBERS", "AutomationConfig", "AutomationRun", "Pace", "RunItem", "RunLog"]
