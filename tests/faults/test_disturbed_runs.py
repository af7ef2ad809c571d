"""A run is disturbed at every commit: it always ends as if nothing had happened."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from django.db import OperationalError

from igny8.automation.runs import resume_run
from tests.automation.conftest import Workflows
from tests.automation.world import Watched
from tests.faults.disturbances import (
    DISTURBANCES,
    LONG_DISTURBANCES,
    people_pause_again_and_again,
    power_fails_twice,
)
from tests.faults.small_world import SmallWorld, if_possible

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


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_an_article_is_written_when_the_disk_was_full_at_any_commit(article: SmallWorld) -> None:
    """The run pauses and says why, wherever it can still say so; no attempt is lost."""
    for number in range(1, article.commits + 1):
        with suppress(OperationalError):
            article.refuse_commit(number, because="database or disk is full")
        run = article.run
        assert run.status != "running" or number == 1, "only the lease could not be taken"
        assert run.status == "completed" or run.reason_code in ("storage", "")
        article.reconcile()
        if_possible(resume_run, run)
        article.carry()
        article.reconcile()
        article.check_end(f"disk full at commit {number}", but=("log",))
