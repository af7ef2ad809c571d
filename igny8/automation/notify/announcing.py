"""Noting what people are to be told of, once."""

from django.db import transaction

from igny8.automation.models import (
    AutomationConfig,
    AutomationRun,
    Channel,
    Delivery,
    Event,
    Notice,
)
from igny8.automation.models.event import all_events
from igny8.core import clock
from igny8.sites.models import Site

LONGEST_KEY = 160
# Whoever wants to hear of every pause hears of those for a connection, too.
ALSO_WANTED_BY = {Event.CONNECTION_ATTENTION: Event.RUN_PAUSED}


def announce(
    event: Event,
    *,
    site: Site,
    key: str,
    says: str,
    run: AutomationRun | None = None,
    reason_code: str = "",
) -> bool:
    """Notes it in the transaction of what it reports; False when this key was noted before.

    Every channel of the team gets it, if the site's settings ask for such events. A line in the
    run's log is the caller's.
    """
    with transaction.atomic():
        notice, is_new = Notice.objects.get_or_create(
            key=key[:LONGEST_KEY],
            defaults={
                "event": event,
                "site": site,
                "run": run,
                "says": says,
                "reason_code": reason_code,
                "at": clock.now(),
            },
        )
        if is_new and _is_wanted(event, site):
            _address(notice, site)
    return is_new


def _is_wanted(event: Event, site: Site) -> bool:
    """As the settings are now: what a run started with does not count here."""
    stored = AutomationConfig.objects.filter(site=site).values_list("notify", flat=True).first()
    asked = all_events() if stored is None else stored
    return not {event, ALSO_WANTED_BY.get(event, event)}.isdisjoint(asked)


def _address(notice: Notice, site: Site) -> None:
    Delivery.objects.bulk_create(
        Delivery(notice=notice, channel=channel, due_at=notice.at)
        for channel in Channel.objects.filter(account=site.account_id)
    )
