"""A text in the wrong language is asked for again, with the reason, and never endlessly."""

from collections.abc import Callable

import pytest

from igny8.ai.models import AICall
from igny8.automation.models import AutomationRun
from igny8.automation.runs import start_run
from igny8.sites.models import Site
from igny8.writer.models import Content, Task
from tests.automation.conftest import server
from tests.automation.world import site_with, task_of
from tests.onpage.test_recognition import GERMAN
from tests.provider_faults import Asked, says
from tests.provider_server import ProviderServer

__all__ = ["server"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "worker")]
Drive = Callable[[AutomationRun], AutomationRun]
PARTS = ["write_section", "write_introduction", "write_conclusion"]


@pytest.fixture
def site(db: None) -> Site:
    site = site_with([])
    task_of(site)
    return site


def asks(function: str) -> Callable[[Asked], bool]:
    return lambda asked: asked.function_name == function


def parts_run(site: Site) -> AutomationRun:
    return start_run(site, first_stage=4, stop_after=4)


@pytest.mark.parametrize("part", PARTS)
def test_a_part_in_another_language_is_asked_for_again_with_the_reason(
    part: str, site: Site, server: ProviderServer, drive: Drive
) -> None:
    server.fail(says(GERMAN), when=asks(part), times=1)

    drive(parts_run(site))

    assert "Ein Fenster" not in Content.objects.get(site=site).body
    told = [one.prompt for one in server.asked if one.function_name == part]
    assert "must be in the language en, but it is in German" in told[1]
    assert AICall.objects.filter(state="rejected").count() == 1


def test_after_its_attempts_the_article_is_parked_with_a_sentence(
    site: Site, server: ProviderServer, drive: Drive
) -> None:
    server.fail(says(GERMAN), when=asks("write_conclusion"))

    run = drive(parts_run(site))

    task = Task.objects.get(site=site)
    assert "it is in German" in task.parked_reason
    assert server.count("write_conclusion") == run.config["attempts"]
    assert not Content.objects.exists()


def test_the_language_is_told_in_the_systems_part_and_in_the_prompt(
    site: Site, server: ProviderServer, drive: Drive
) -> None:
    drive(parts_run(site))

    asked = next(one for one in server.asked if one.function_name == "write_section")
    system = next(one for one in asked.body["messages"] if one["role"] != "user")
    assert "Write in the language en." in str(system["content"])
    assert '"language": "en"' in asked.prompt


def test_the_sample_writes_english_for_every_language_and_says_so(site: Site, drive: Drive) -> None:
    Site.objects.filter(pk=site.pk).update(language="de")

    drive(parts_run(site))

    assert "this template writes English" in Content.objects.get(site=site).body
