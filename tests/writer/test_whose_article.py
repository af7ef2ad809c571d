"""Whom an article is said to be by, when several models answered for it."""

from collections.abc import Callable

import pytest

from igny8.ai.connections import route_for
from igny8.ai.edits import Choice, set_route
from igny8.ai.functions import Form
from igny8.automation.models import AutomationRun
from igny8.automation.runs import start_run
from igny8.sites.models import Site
from igny8.writer.models import Content
from tests.automation.conftest import server
from tests.automation.world import site_with, task_of
from tests.provider_server import ProviderServer

__all__ = ["server"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "worker")]
Drive = Callable[[AutomationRun], AutomationRun]


@pytest.fixture
def site(db: None) -> Site:
    site = site_with([])
    task_of(site)
    return site


def parts_run(site: Site) -> AutomationRun:
    return start_run(site, first_stage=4, stop_after=4)


def test_an_article_with_a_part_of_the_samples_is_the_samples(
    site: Site, server: ProviderServer, drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only its description is a model's: it must not pass for a model's article."""
    connection = route_for(site.account, Form.TEXT).connection
    monkeypatch.delenv("IGNY8_TEXT_MODEL")
    set_route(site.account, "write_metadata", [Choice(connection, "test-model")])

    drive(parts_run(site))

    assert [one.function_name for one in server.asked] == ["write_metadata"]
    assert Content.objects.get().generated_by == "sample:sample"


def test_an_article_is_its_texts_models(site: Site, server: ProviderServer, drive: Drive) -> None:
    connection = route_for(site.account, Form.TEXT).connection
    set_route(site.account, "write_metadata", [Choice(connection, "other-model")])

    drive(parts_run(site))

    assert Content.objects.get().generated_by == "openai_compatible:test-model"
