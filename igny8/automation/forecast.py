"""How many rows each stage will have, as far as one can know before it takes its queue."""

from collections.abc import Mapping

from igny8.automation.figures import figures_of
from igny8.automation.models import AutomationConfig, AutomationRun
from igny8.automation.stages import WORK_STAGES
from igny8.sites.models import Site

KEYWORDS_A_CLUSTER = 10
COPIED_SETTINGS = (
    "stage_1_batch_size",
    "stage_2_batch_size",
    "stage_3_batch_size",
    "stage_5_batch_size",
    "within_stage_delay",
    "between_stage_delay",
    "ideas_per_cluster",
    "images_per_article",
    "wants_images",
    "attempts",
    "alert_error_percent",
    "alert_over_estimate_percent",
)


def waiting(site: Site) -> dict[int, int]:
    """Rows each working stage would take now."""
    return dict(figures_of(site).waiting)


def forecast(
    pending: Mapping[int, int],
    settings: Mapping[str, int],
    first: int,
    *,
    known: Mapping[int, int] | None = None,
) -> dict[int, int]:
    """Stage → rows: what waits there plus what the stages before it will hand over.

    `known` says of a stage what it will hand over, where that could be looked at beforehand.
    """
    totals: dict[int, int] = {}
    for stage in WORK_STAGES[first - 1 :]:
        before = stage.number - 1
        added = handed_over(before, totals.get(before, 0), settings)
        if known is not None and before in totals:
            added = known.get(before, added)
        totals[stage.number] = pending[stage.number] + added
    return totals


def handed_over(stage: int, total: int, settings: Mapping[str, int]) -> int:
    """How many rows `total` items of a stage are expected to become."""
    match stage:
        case 1:
            return -(-total // KEYWORDS_A_CLUSTER)
        case 2:
            return total * settings["ideas_per_cluster"]
        case 5:
            return total * images_an_article(settings)
    return total


def correct_forecast(run: AutomationRun, opened: int, becomes: int) -> None:
    """The stages after `opened` follow its true total, expected to become `becomes` rows."""
    for stage in WORK_STAGES[opened:]:
        result = dict(run.result(stage.number))
        result["forecast"] = int(result.get("waiting", 0)) + becomes
        setattr(run, f"stage_{stage.number}_result", result)
        becomes = handed_over(stage.number, result["forecast"], run.config)


def batch_size(settings: Mapping[str, int], stage: int) -> int:
    """Rows a batch; stages without the setting always take one."""
    return int(settings.get(f"stage_{stage}_batch_size", 1))


def images_an_article(settings: Mapping[str, int]) -> int:
    return settings["images_per_article"] + 1 if settings["wants_images"] else 0


def settings_of(config: AutomationConfig) -> dict[str, int]:
    """The copy a run starts with; budgets are left out, because they are read live."""
    return {name: getattr(config, name) for name in COPIED_SETTINGS}
