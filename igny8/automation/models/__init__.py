"""Settings and runs of a site, with what each works through, its log, and what people are told."""

from igny8.automation.models.config import AutomationConfig
from igny8.automation.models.event import Event
from igny8.automation.models.notice import Channel, Delivery, Notice
from igny8.automation.models.pace import Pace
from igny8.automation.models.run import DELAY, STAGE_NUMBERS, AutomationRun, RunItem, RunLog

__all__ = [
    "DELAY",
    "STAGE_NUMBERS",
    "AutomationConfig",
    "AutomationRun",
    "Channel",
    "Delivery",
    "Event",
    "Notice",
    "Pace",
    "RunItem",
    "RunLog",
]
