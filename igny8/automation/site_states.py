"""What each site is doing, as the switch between sites says."""

from collections.abc import Sequence
from zlib import crc32

from django.core.cache import caches
from django.db.models import Count, Max

from igny8.automation.models import AutomationRun
from igny8.automation.presenters.looks import counted
from igny8.automation.reading import MEMORY
from igny8.automation.stages import STAGES
from igny8.sites.models import Site
from igny8.writer.models import Content

A_WHILE = 10
Status = AutomationRun.Status


def states_of(sites: Sequence[Site]) -> dict[int, str]:
    """What each site is doing, where there is something to say; kept for a moment."""
    ids = [site.pk for site in sites]
    key = f"states:{crc32(repr(ids).encode()):x}"
    found: dict[int, str] | None = caches[MEMORY].get(key)
    if found is None:
        found = _states(ids)
        caches[MEMORY].set(key, found, A_WHILE)
    return found


def _states(ids: Sequence[int]) -> dict[int, str]:
    """The newest pipeline run of a site is its active one, if any is."""
    waiting = Content.objects.in_review().filter(site__in=ids).order_by().values("site")
    reviews = waiting.annotate(number=Count("pk")).values_list("site", "number")
    found = {site: f"{counted(number, 'article')} to review" for site, number in reviews}
    runs = AutomationRun.objects.pipeline().filter(site__in=ids).order_by()
    newest = runs.values("site").annotate(newest=Max("pk")).values("newest")
    for run in AutomationRun.objects.filter(pk__in=newest).only(*_SHOWN):
        if text := _state(run):
            found[run.site_id] = text
    return found


_SHOWN = ("site", "status", "current_stage", "reason", "waiting_for")


def _state(run: AutomationRun) -> str:
    stage = f"stage {run.current_stage} of {len(STAGES)}"
    if run.status == Status.RUNNING:
        return f"{'Waiting' if run.is_waiting else 'Running'}, {stage}"
    if run.status == Status.PAUSED:
        return run.reason if run.reason.startswith("Paused") else f"Paused: {run.reason}"
    return f"Failed in {stage}" if run.status == Status.FAILED else ""
