"""Telling people what happened: noted once with what happened, delivered beside the runs."""

from igny8.automation.models import Event
from igny8.automation.notify.announcing import announce

__all__ = ["Event", "announce"]
