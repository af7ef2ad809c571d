"""`igny8 logs`."""

import json
from datetime import UTC, datetime

from igny8.automation.log import complain, say
from igny8.automation.models import AutomationRun
from igny8.automation.runs import cancel_run, start_run
from igny8.core.clock import ManualClock, clock_set_to
from igny8.sites.models import Site
from tests.cli.conftest import Command


def test_the_lines_of_the_newest_run_are_shown(igny8: Command, finished: AutomationRun) -> None:
    shown = igny8("logs", "--site", "garden").stdout
    assert f"Run {finished.pk} started (manual)" in shown
    assert "Stage 1 → Stage 2: Verified: 0 keywords pending" in shown


def test_one_stage_is_chosen(igny8: Command, finished: AutomationRun) -> None:
    shown = igny8("logs", "--site", "garden", "--stage", "5").stdout
    assert "content pieces without images" in shown
    assert "Stage 1 →" not in shown


def test_a_level_leaves_the_lesser_ones_out(igny8: Command, garden: Site) -> None:
    run = start_run(garden)
    complain(run, "Paused: no credit")
    assert igny8("logs", "--site", "garden", "--level", "error").stdout.endswith(
        "!! Paused: no credit\n"
    )
    assert "started" not in igny8("logs", "--site", "garden", "--level", "warning").stdout


def test_json_is_one_list_of_lines(igny8: Command, garden: Site) -> None:
    start_run(garden)
    [line] = json.loads(igny8("logs", "--site", "garden", "--json").stdout)
    assert set(line) == {"at", "level", "stage", "message"}
    assert line["at"].endswith("Z")


def test_following_shows_what_comes_until_the_run_ends(igny8: Command, garden: Site) -> None:
    run = start_run(garden)

    class Busy(ManualClock):
        """While somebody sleeps, the run goes on and ends."""

        def sleep(self, seconds: float) -> None:
            super().sleep(seconds)
            if len(self.slept) == 1:
                say(run, "Something happened")
            else:
                cancel_run(run)

    with clock_set_to(Busy(datetime.now(UTC))):
        shown = igny8("logs", "--site", "garden", "--follow").stdout
    assert [line[9:] for line in shown.splitlines()] == [
        f"Run {run.pk} started (manual)",
        "Something happened",
        "Cancelled by a person",
    ]


def test_following_in_json_is_refused(igny8: Command, garden: Site) -> None:
    assert igny8("logs", "--site", "garden", "--follow", "--json").exit_code == 2


def test_a_site_without_a_run_has_no_log(igny8: Command, garden: Site) -> None:
    result = igny8("logs", "--site", "garden")
    assert result.exit_code == 1
    assert "Start one: igny8 run --site garden" in result.stderr
