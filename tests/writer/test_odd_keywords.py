"""Keywords as files really hold them: whatever was imported can be written about."""

from collections.abc import Callable

import pytest

from igny8.automation.models import AutomationRun
from igny8.automation.runs import start_run
from igny8.intake.keywords import MAX_KEYWORD
from igny8.writer.models import Content
from tests.automation.world import lines, site_with

Drive = Callable[[AutomationRun], AutomationRun]
LONG = "how to grow basil indoors " * 10
KEYWORDS = [
    LONG[:MAX_KEYWORD].strip(),
    "x" * MAX_KEYWORD,
    "???",
    "<>",
    "c++ <vector> & {{ question }}",
    "🌿🌿🌿",
    "室内で育てるバジル",
    "ريحان داخلي",
    "basil (genovese) [organic] *best* _2026_ `code` | a\\b",
]


@pytest.mark.django_db
@pytest.mark.parametrize("keyword", KEYWORDS)
def test_any_keyword_becomes_an_article(keyword: str, drive: Drive) -> None:
    run = drive(start_run(site_with([keyword])))

    assert (run.status, lines(run, level="error")) == ("completed", [])
    assert Content.objects.get().status == "review"
