from datetime import UTC, datetime

import pytest

from igny8.core.clock import ManualClock, clock_set_to
from tests.factories import make_site

pytestmark = pytest.mark.django_db


def test_midnight_is_the_first_one_where_the_clock_shows_it_twice() -> None:
    site = make_site(time_zone="America/Havana")
    half_past_midnight_again = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)

    with clock_set_to(ManualClock(half_past_midnight_again)):
        assert site.midnight().astimezone(UTC) == datetime(2026, 11, 1, 4, tzinfo=UTC)
