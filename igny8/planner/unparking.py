"""A person's edit takes the mark off a parked row, as Retry does."""

from typing import Any

from igny8.ai.calls import forgive_calls
from igny8.core.editing import UNPARKED
from igny8.core.models import WorkedQuerySet


def unpark(rows: WorkedQuerySet[Any], site_id: int) -> None:
    """Bad answers of before no longer count against them."""
    parked = list(rows.parked().values_list("pk", flat=True))
    if parked:
        kind = rows.model._meta.model_name
        forgive_calls([f"{kind}:{pk}" for pk in parked], site_id)
        rows.model._default_manager.filter(pk__in=parked).update(**UNPARKED)
