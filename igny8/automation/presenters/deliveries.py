"""A team's channels, what its sites tell them, and how that went lately."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from igny8.accounts.models import Account
from igny8.automation.models import AutomationConfig, Channel, Delivery, Event
from igny8.automation.models.notice import MOST_TRIES
from igny8.sites.models import Site
from igny8.theme.looks import Look

SHOWN = 20
KIND_ICONS = {
    Channel.Kind.EMAIL: "mail",
    Channel.Kind.WEBHOOK: "webhook",
    Channel.Kind.SLACK: "message-square-text",
}
EVENT_LOOKS = {
    Event.RUN_COMPLETED: ("ok", "check"),
    Event.RUN_FAILED: ("bad", "circle-alert"),
    Event.RUN_PAUSED: ("warn", "pause"),
    Event.CONNECTION_ATTENTION: ("warn", "plug"),
    Event.ERROR_SPIKE: ("bad", "activity"),
    Event.OVER_ESTIMATE: ("warn", "coins"),
    Event.BUDGET_NEARLY_USED: ("warn", "wallet"),
    Event.SLOTS_MISSED: ("warn", "calendar-clock"),
}
WAITING = Look("Waiting", "idle", "clock")
SENT = Look("Sent", "ok", "check")
RETRYING = Look("Trying again", "warn", "rotate-cw")
GIVEN_UP = Look("Given up", "bad", "circle-alert")


@dataclass(frozen=True, kw_only=True)
class ChannelRow:
    channel: Channel
    icon: str
    last: Delivery | None
    look: Look | None

    @property
    def tried(self) -> str:
        """`Sent`, `Given up`, or what is behind one that is still tried."""
        return "Tried" if self.look in (WAITING, RETRYING) or not self.look else self.look.word


@dataclass(frozen=True, kw_only=True)
class DeliveryRow:
    """`due_at` only while it is to be tried again; `tries` is how often that is done at most."""

    delivery: Delivery
    look: Look
    tone: str
    icon: str
    zone: ZoneInfo
    due_at: datetime | None
    tries: int = MOST_TRIES


def channel_rows(account: Account) -> list[ChannelRow]:
    """By name, each with what was tried last."""
    return [_channel_row(one) for one in Channel.objects.filter(account=account).order_by("name")]


def delivery_rows(account: Account) -> list[DeliveryRow]:
    """The newest first."""
    found = Delivery.objects.filter(channel__account=account).select_related(
        "channel", "notice__site"
    )
    return [_delivery_row(one) for one in found.order_by("-pk")[:SHOWN]]


def site_rows(account: Account) -> Iterator[tuple[Site, str]]:
    """What each site tells, in words."""
    configs = AutomationConfig.objects.filter(site__account=account).values_list(
        "site_id", "notify"
    )
    asked = {site_id: set(events) for site_id, events in configs}
    for site in Site.objects.live().filter(account=account).order_by("name", "pk"):
        yield site, _in_words(asked.get(site.pk, set(Event.values)))


def look_of(delivery: Delivery) -> Look:
    if delivery.state == Delivery.State.WAITING:
        return RETRYING if delivery.answer else WAITING
    return SENT if delivery.state == Delivery.State.SENT else GIVEN_UP


def _channel_row(channel: Channel) -> ChannelRow:
    tried = Delivery.objects.filter(channel=channel).exclude(tried_at=None)
    last = tried.select_related("notice__site").order_by("-tried_at", "-pk").first()
    icon = KIND_ICONS[Channel.Kind(channel.kind)]
    return ChannelRow(channel=channel, icon=icon, last=last, look=look_of(last) if last else None)


def _delivery_row(delivery: Delivery) -> DeliveryRow:
    tone, icon = EVENT_LOOKS[Event(delivery.notice.event)]
    look = look_of(delivery)
    return DeliveryRow(
        delivery=delivery,
        look=look,
        tone=tone,
        icon=icon,
        zone=delivery.notice.site.zone,
        due_at=delivery.due_at if look is RETRYING else None,
    )


def _in_words(asked: set[str]) -> str:
    if not asked:
        return "Nothing"
    if missing := [event.label.lower() for event in Event if event not in asked]:
        if len(missing) <= len(Event) // 2:
            return f"Everything but: {', '.join(missing)}"
        return "; ".join(event.label for event in Event if event in asked)
    return "Everything"
