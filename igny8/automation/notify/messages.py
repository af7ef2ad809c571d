"""What a notice looks like where it arrives."""

import json
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.urls import reverse

from igny8.automation.models import Channel, Event, Notice
from igny8.core import clock

TEST = "test"
SLACK_MARKS = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


@dataclass(frozen=True, kw_only=True)
class Message:
    """`id` is the same however often it is sent; `url` is empty when this server's is unknown."""

    id: str
    event: str
    title: str
    says: str
    at: datetime
    site_slug: str = ""
    site_name: str = ""
    run: int | None = None
    reason_code: str = ""
    url: str = ""

    @property
    def subject(self) -> str:
        """One line, whatever a site is called."""
        return " ".join(f"{self.site_name or 'IGNY8'}: {self.title}".split())

    def as_text(self) -> str:
        return "\n\n".join(filter(None, (self.says, self.url)))

    def as_json(self) -> bytes:
        told = {
            "id": self.id,
            "event": self.event,
            "at": f"{self.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "title": self.title,
            "text": self.says,
            "site": {"slug": self.site_slug, "name": self.site_name} if self.site_slug else None,
            "run": self.run,
            "reason_code": self.reason_code or None,
            "url": self.url or None,
        }
        return json.dumps(told, ensure_ascii=False).encode()

    def as_slack(self) -> bytes:
        line = f"{self.site_name or 'IGNY8'}: {self.says}".translate(SLACK_MARKS)
        return json.dumps({"text": " ".join(filter(None, (line, self.url)))}).encode()


def message_of(notice: Notice) -> Message:
    return Message(
        id=str(notice.uid),
        event=notice.event,
        title=Event(notice.event).label,
        says=notice.says,
        at=notice.at,
        site_slug=notice.site.slug,
        site_name=notice.site.name,
        run=notice.run_id,
        reason_code=notice.reason_code,
        url=_address_of(notice),
    )


def trial_message(channel: Channel) -> Message:
    return Message(
        id=str(uuid.uuid4()),
        event=TEST,
        title="A test",
        says=f"This is a test. What happens at {channel.account} is told here.",
        at=clock.now(),
    )


def _address_of(notice: Notice) -> str:
    """Of the run's page; known only where people type an address of this installation."""
    if settings.PUBLIC_ADDRESS is None or notice.run_id is None:
        return ""
    page = reverse("automation:run", args=[notice.site.slug, notice.run_id])
    return f"{settings.PUBLIC_ADDRESS.geturl()}{page}"
