"""People and kills in any order, as hypothesis invents them: nothing breaks, all ends well."""

from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from igny8.ai.models import AICall
from igny8.automation.models import AutomationRun
from igny8.automation.runs import cancel_run, pause_run, resume_run, start_run
from igny8.planner.models import ContentIdea
from igny8.writer.models import Content, Task
from tests.automation.conftest import Workflows
from tests.automation.world import Watched
from tests.faults.invariants import broken
from tests.faults.small_world import SmallWorld, if_possible

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.sqlite]

Status = AutomationRun.Status


class Storm(RuleBasedStateMachine):
    """One article, and everything that may happen while it is written."""

    world: ClassVar[SmallWorld]

    def __init__(self) -> None:
        super().__init__()
        self.world.begin_again()
        self.world.boot()
        self.kills = 0

    @rule(steps=st.integers(1, 4))
    def the_worker_works(self, steps: int) -> None:
        asked, running = self.world.provider.count(), self.run.status == Status.RUNNING
        self.world.carry(steps)
        assert running or self.world.provider.count() == asked, "a call began while paused"

    @rule()
    def somebody_pauses(self) -> None:
        if_possible(pause_run, self.run)

    @rule()
    def somebody_resumes(self) -> None:
        if_possible(resume_run, self.run)

    @rule()
    def somebody_cancels_and_starts_anew(self) -> None:
        if_possible(cancel_run, self.run)
        run = start_run(self.run.site, first_stage=4, stop_after=4)
        self.world.run_id = run.pk

    @rule()
    def somebody_pauses_during_the_next_call(self) -> None:
        self.world.provider.during("write_section", self.somebody_pauses)

    @rule()
    def the_worker_dies(self) -> None:
        self.kills += 1
        self.world.boot()
        self.world.reconcile()

    @rule()
    def the_workflow_fails(self) -> None:
        if self.run.status == Status.RUNNING and self.run.crashes < 1:
            self.world.reconcile(ended=True)

    @rule(words=st.sampled_from((400, 500, 900)))
    def somebody_edits_the_idea(self, words: int) -> None:
        ContentIdea.objects.update(target_words=words)

    @rule()
    def the_settings_change(self) -> None:
        config = self.run.site.automation_config
        config.images_per_article = 4 - config.images_per_article
        config.save()

    @invariant()
    def nothing_is_broken(self) -> None:
        assert broken() == []
        assert AutomationRun.objects.active().count() <= 1

    def teardown(self) -> None:
        """Everybody goes home; what was begun is finished, once."""
        self.world.provider._during.clear()
        self.world.boot()
        self.world.reconcile()
        if_possible(resume_run, self.run)
        self.world.carry()
        self.nothing_is_broken()
        lost = AICall.objects.filter(state__in=("unknown", "late")).count()
        assert lost <= self.kills
        parked = Task.objects.exclude(parked_at=None).exists()
        assert parked or Content.objects.count() == 1 or self.run.status != Status.COMPLETED
        super().teardown()

    @property
    def run(self) -> AutomationRun:
        return self.world.run


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_storm_of_people_and_kills_breaks_nothing(
    provider: Watched, no_engine: Workflows
) -> None:
    Storm.world = SmallWorld(provider, no_engine)
    Storm.world.run_undisturbed()
    first = Storm.world.run_id

    class FromTheStart(Storm):
        def __init__(self) -> None:
            self.world.run_id = first
            super().__init__()

    run_state_machine_as_test(
        FromTheStart,
        settings=settings(
            max_examples=60,
            stateful_step_count=25,
            derandomize=True,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
