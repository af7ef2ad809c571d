"""Taking a site away: its runs end, it rests for 30 days, then its rows and files are gone."""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from graphlib import TopologicalSorter
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.models import Q

from igny8.ai.models import AICall
from igny8.automation.models import AutomationConfig, AutomationRun, Pace
from igny8.automation.runs import cancel_run
from igny8.automation.schedule import reschedule
from igny8.core import clock
from igny8.core.errors import UserError
from igny8.sites.models import TRASH_DAYS, Site

ROWS_AT_ONCE = 50
Model = type[models.Model]


def archive_site(site: Site) -> None:
    """Nothing starts on it any more; a call in flight is answered, kept and then not used."""
    with transaction.atomic():
        if (
            Site.objects.live()
            .filter(pk=site.pk)
            .update(archived_at=clock.now(), updated_at=clock.now())
        ):
            _cancel_runs(site)
    site.refresh_from_db()


def bring_back_site(site: Site) -> None:
    """As it was, for as long as it rests; its schedule goes on with the next slot."""
    with transaction.atomic():
        resting = Site.objects.filter(pk=site.pk, archived_at__gte=_purged_before())
        if not resting.update(archived_at=None, updated_at=clock.now()):
            raise UserError(f"{site.name} is not archived, or has been for over {TRASH_DAYS} days.")
        for config in AutomationConfig.objects.filter(site=site):
            reschedule(config)
    site.refresh_from_db()


def purge_archived_sites() -> None:
    """Sites archived for 30 days go for good, but what the ledger and AI calls say of them.

    One with a call in flight waits for the next time; one half purged is gone on with.
    """
    for site in Site.objects.filter(archived_at__lt=_purged_before()):
        _cancel_runs(site)
        if not _is_worked_on(site):
            _purge(site)


def _purged_before() -> datetime:
    return clock.now() - timedelta(days=TRASH_DAYS)


def _cancel_runs(site: Site) -> None:
    for run in AutomationRun.objects.active().filter(site=site):
        with suppress(UserError):  # it ended by itself meanwhile
            cancel_run(run)


def _is_worked_on(site: Site) -> bool:
    carried = AutomationRun.objects.filter(~Q(worker=None), site=site)
    in_flight = AICall.objects.filter(site_id=site.pk, state=AICall.State.SENT)
    return carried.exists() or in_flight.exists()


def _purge(site: Site) -> None:
    """In small transactions, so that other sites' runs go on meanwhile."""
    for model in models_of_a_site():
        while pks := list(_rows(model, site).values_list("pk", flat=True)[:ROWS_AT_ONCE]):
            _rows(model, site).filter(pk__in=pks).delete()
    Pace.objects.filter(site_id=site.pk).delete()
    _remove_folder(site.slug)
    site.delete()


def _remove_folder(name: str) -> None:
    """A folder of the media folder, and nothing else, whatever its name says."""
    media = Path(settings.MEDIA_ROOT).resolve()
    folder = (media / name).resolve()
    if folder.parent == media:
        shutil.rmtree(folder, ignore_errors=True)


def _rows(model: Model, site: Site) -> "models.QuerySet[models.Model]":
    return model._default_manager.filter(site=site)


def models_of_a_site() -> list[Model]:
    """Every model with a site, those first that refer to others."""
    graph = {model: set(_refers_to(model)) - {model} for model in apps.get_models()}
    referred_to_first = list(TopologicalSorter(graph).static_order())
    return [model for model in reversed(referred_to_first) if _has_site(model)]


def _refers_to(model: Model) -> Iterator[Model]:
    for field in model._meta.concrete_fields:
        if isinstance(field, models.ForeignKey) and not isinstance(field.related_model, str):
            yield field.related_model


def _has_site(model: Model) -> bool:
    return any(f.name == "site" and f.related_model is Site for f in model._meta.concrete_fields)
