"""What a run will cost and take, said before it starts."""

from collections.abc import Mapping
from typing import Any

from igny8.automation.models import Pace
from igny8.automation.stages import WORK_STAGES
from igny8.sites.models import Site


def estimate(
    site: Site, totals: Mapping[int, int], settings: Mapping[str, int], *, model: str
) -> dict[str, Any]:
    """Items and seconds a stage; the delays apart; credits as a range (0 for the sample)."""
    stages = [
        {
            "number": stage.number,
            "items": totals[stage.number],
            "seconds": round(totals[stage.number] * _seconds(site, stage.number, model), 1),
        }
        for stage in WORK_STAGES
        if stage.number in totals
    ]
    return {
        "model": model,
        "stages": stages,
        "seconds": round(sum(s["seconds"] for s in stages), 1),
        "delay_seconds": _delays(totals, settings),
        "credits": {"low": "0", "high": "0"} if model.startswith("sample") else None,
    }


def _seconds(site: Site, stage: int, model: str) -> float:
    """History of the site, then of all sites, then the default."""
    for site_id in (site.pk, 0):
        if pace := Pace.objects.filter(site_id=site_id, stage=stage, model=model).first():
            return pace.seconds
    return WORK_STAGES[stage - 1].seconds


def _delays(totals: Mapping[int, int], settings: Mapping[str, int]) -> int:
    batches = {
        n: -(-total // settings.get(f"stage_{n}_batch_size", 1)) for n, total in totals.items()
    }
    within = sum(max(0, b - 1) for b in batches.values()) * settings["within_stage_delay"]
    between = max(0, sum(b > 0 for b in batches.values()) - 1) * settings["between_stage_delay"]
    return within + between
