"""`igny8 pause`, `resume`, `cancel` and `retry`."""

import getpass

import pytest

from igny8.accounts.models import AuditEntry
from igny8.ai.errors import Bad
from igny8.automation.models import AutomationRun
from igny8.automation.parking import park_row
from igny8.automation.runs import pause_run, start_run
from igny8.automation.stages import stage_number
from igny8.jobs.models import Worker
from igny8.sites.models import Site
from tests.automation.world import fresh, hold, lines, task_of
from tests.cli.conftest import Command


def test_pause_says_what_happened_and_how_to_go_on(igny8: Command, garden: Site) -> None:
    run = start_run(garden)
    result = igny8("pause", "--site", "garden")
    assert result.exit_code == 0
    assert result.stdout == (
        f"Run {run.pk} of garden is paused.\nGo on with: igny8 resume --site garden\n"
    )
    assert fresh(run).status == AutomationRun.Status.PAUSED


def test_resume_without_a_worker_says_how_to_work(igny8: Command, garden: Site) -> None:
    run = start_run(garden)
    pause_run(run)
    result = igny8("resume", "--site", "garden")
    assert "goes on as soon as somebody works" in result.stdout
    assert "igny8 run --site garden" in result.stdout
    assert fresh(run).status == AutomationRun.Status.RUNNING


def test_resume_with_a_worker_says_how_to_watch(igny8: Command, garden: Site, worker: str) -> None:
    assert Worker.objects.alive().exists()
    pause_run(start_run(garden))
    assert "Watch it: igny8 logs --site garden" in igny8("resume", "--site", "garden").stdout


def test_cancel_ends_the_run_and_keeps_what_it_made(igny8: Command, garden: Site) -> None:
    run = start_run(garden)
    assert "what it made stays" in igny8("cancel", "--site", "garden").stdout
    assert fresh(run).status == AutomationRun.Status.CANCELLED


@pytest.mark.parametrize("command", ["pause", "resume", "cancel"])
def test_without_a_run_there_is_nothing_to_steer(
    igny8: Command, garden: Site, command: str
) -> None:
    result = igny8(command, "--site", "garden")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"Site garden has no run to {command}.")


def test_resuming_a_running_run_is_refused_with_a_sentence(igny8: Command, garden: Site) -> None:
    run = start_run(garden)
    result = igny8("resume", "--site", "garden")
    assert result.exit_code == 1
    assert result.stderr == f"Run {run.pk} is running: only a paused run can be resumed.\n"


def test_retry_puts_parked_rows_back(igny8: Command, garden: Site) -> None:
    task = task_of(garden)
    hold(task, "run:1")
    park_row(stage_number(4), task.pk, Bad("bad_answer", "no answer"), holder="run:1")
    result = igny8("retry", "--site", "garden")
    assert "Stage 4: 1 task back in the queue" in result.stdout
    task.refresh_from_db()
    assert task.parked_at is None


def test_retry_with_nothing_parked_says_so(igny8: Command, garden: Site) -> None:
    assert igny8("retry", "--site", "garden").stdout == "Nothing of garden needs attention.\n"


def test_who_typed_a_command_is_in_the_log_and_in_the_audit_log(
    igny8: Command, garden: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "mara")
    run = start_run(garden)
    for verb in ("pause", "resume", "cancel"):
        igny8(verb, "--site", "garden")

    mara = f"{getpass.getuser()} at the command line"
    assert mara.startswith("mara at")
    assert lines(run)[-3:] == [f"Paused by {mara}", f"Resumed by {mara}", f"Cancelled by {mara}"]
    noted = AuditEntry.objects.filter(person=mara, site_id=garden.pk, thing=f"run {run.pk}")
    verbs = noted.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["paused", "resumed", "cancelled"]


def test_settings_that_were_typed_are_audited_by_name(igny8: Command, garden: Site) -> None:
    igny8("config", "--site", "garden", "stop_after=3", "budget_run=20")
    entry = AuditEntry.objects.get(site_id=garden.pk)
    assert (entry.verb, entry.note) == ("changed the automation of", "stop_after, budget_run")
