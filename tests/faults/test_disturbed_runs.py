"""A run is disturbed at every commit: it always ends as if nothing had happened."""

from collections.abc import Callable

import pytest

from tests.automation.conftest import Workflows
from tests.automation.world import Watched
from tests.faults.small_world import (
    DISTURBANCES,
    LONG_DISTURBANCES,
    SmallWorld,
    people_pause_again_and_again,
    power_fails_twice,
)

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.sqlite]

Disturbance = Callable[[SmallWorld], None]


@pytest.fixture
def article(provider: Watched, no_engine: Workflows) -> SmallWorld:
    """One task that becomes an article."""
    world = SmallWorld(provider, no_engine)
    world.run_undisturbed()
    return world


@pytest.fixture
def pipeline(provider: Watched, no_engine: Workflows) -> SmallWorld:
    """Three keywords that become an illustrated article at the gate."""
    world = SmallWorld(provider, no_engine, first_stage=1, stop_after=None)
    world.run_undisturbed()
    return world


@pytest.mark.parametrize("disturb", DISTURBANCES, ids=lambda d: d.__name__)
def test_an_article_is_written_as_if_nothing_had_happened_when(
    disturb: Disturbance, article: SmallWorld
) -> None:
    disturb(article)


def test_an_article_is_written_however_often_it_was_paused(article: SmallWorld) -> None:
    people_pause_again_and_again(article)


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("disturb", LONG_DISTURBANCES, ids=lambda d: d.__name__)
def test_a_whole_pipeline_ends_as_if_nothing_had_happened_when(
    disturb: Disturbance, pipeline: SmallWorld
) -> None:
    disturb(pipeline)


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "disturb", LONG_DISTURBANCES[len(DISTURBANCES) :], ids=lambda d: d.__name__
)
def test_an_article_is_also_written_as_if_nothing_had_happened_when(
    disturb: Disturbance, article: SmallWorld
) -> None:
    disturb(article)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_an_article_is_written_when_the_power_fails_again_during_recovery(
    article: SmallWorld,
) -> None:
    power_fails_twice(article)
