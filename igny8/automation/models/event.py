"""What a site's people can ask to be told of."""

from django.core.exceptions import ValidationError
from django.db import models


class Event(models.TextChoices):
    RUN_COMPLETED = "run_completed", "A run is complete"
    RUN_FAILED = "run_failed", "A run failed"
    RUN_PAUSED = "run_paused", "A run paused by itself"
    CONNECTION_ATTENTION = "connection_attention", "A connection needs attention"
    ERROR_SPIKE = "error_spike", "Errors pile up in a stage"
    OVER_ESTIMATE = "over_estimate", "A run passes its estimate"
    BUDGET_NEARLY_USED = "budget_nearly_used", "A budget is nearly used up"
    SLOTS_MISSED = "slots_missed", "Three scheduled runs in a row were skipped"


def all_events() -> list[str]:
    return list(Event.values)


def valid_events(names: list[str]) -> None:
    if unknown := [name for name in names if name not in Event.values]:
        raise ValidationError(
            f"There is no event “{unknown[0]}”. Events: {', '.join(Event.values)}."
        )
