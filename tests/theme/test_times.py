"""Moments as pages show them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from igny8.theme.templatetags.theme import clock_time, relative

DAY = 86400


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-30, "this minute"),
        (-3 * 3600, "3 hours ago"),
        (14 * 3600, "in 14 hours"),
        (-DAY, "yesterday"),
        (DAY + 3600, "tomorrow"),
        (-2 * DAY, "2 days ago"),
    ],
)
def test_a_moment_is_said_as_the_browser_will_say_it(seconds: float, text: str) -> None:
    assert relative(seconds) == text


def test_hours_and_days_have_no_nought_before_them() -> None:
    moment = datetime(2026, 11, 5, 8, 5, tzinfo=UTC)

    shown = clock_time(moment, ZoneInfo("Europe/Berlin"), "%b %d, %I:%M %p")

    assert ">Nov 5, 9:05 AM</time>" in shown
    assert "CET" in shown, "the zone is there on hover"
