"""`igny8 status`."""

import json

from igny8.automation.models import AutomationRun
from igny8.automation.runs import pause_run, start_run
from igny8.automation.status import status_of
from igny8.sites.models import Site
from tests.automation.world import site_with
from tests.cli.conftest import Command


def test_json_is_the_state_of_the_site(igny8: Command, garden: Site) -> None:
    result = igny8("status", "--site", "garden", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == status_of(garden)


def test_a_finished_run_is_shown_with_its_stages_and_the_next_step(
    igny8: Command, finished: AutomationRun
) -> None:
    shown = igny8("status", "--site", "garden").stdout
    assert f"Run {finished.pk} is completed, 100 %" in shown
    assert "4 Tasks → Content" in shown
    assert "for review" in shown.splitlines()[-1]


def test_the_only_site_need_not_be_named(igny8: Command, garden: Site) -> None:
    assert "(garden)" in igny8("status").stdout


def test_among_several_sites_one_must_be_named(igny8: Command, garden: Site) -> None:
    site_with(slug="kitchen")
    result = igny8("status")
    assert result.exit_code == 2
    assert result.stderr == "Name the site with --site. Sites here: garden, kitchen.\n"


def test_an_unknown_site_is_answered_with_those_that_are_there(
    igny8: Command, garden: Site
) -> None:
    result = igny8("status", "--site", "gardn", "--json")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr == "There is no site “gardn”. Sites here: garden.\n"


def test_an_empty_installation_says_how_to_begin(igny8: Command) -> None:
    result = igny8("status")
    assert result.exit_code == 2
    assert "igny8 import FILE --site NAME" in result.stderr


def test_a_paused_run_says_how_to_go_on(igny8: Command, garden: Site) -> None:
    pause_run(start_run(garden))
    assert "Go on with: igny8 resume --site garden" in igny8("status").stdout


def test_a_site_without_a_run_says_how_to_start_one(igny8: Command, garden: Site) -> None:
    shown = igny8("status").stdout
    assert "No run yet." in shown
    assert "Next: igny8 run --site garden" in shown


def test_markup_in_a_name_is_shown_as_it_is(igny8: Command, garden: Site) -> None:
    Site.objects.update(name="[red]Garden[/red]")
    assert "[red]Garden[/red]" in igny8("status").stdout
