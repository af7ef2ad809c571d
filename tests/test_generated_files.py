"""Files that a command makes are what it makes now."""

from collections.abc import Callable
from pathlib import Path

import pytest

from igny8.automation.models import AutomationRun
from igny8.automation.runs import start_run
from igny8.cli.demo import import_sample, sample_site
from tools import calibration_texts, clustering_guide


@pytest.mark.django_db
def test_the_guide_lists_the_clusters_that_the_demo_makes(
    drive: Callable[[AutomationRun], AutomationRun],
) -> None:
    site = sample_site()
    import_sample(site)

    drive(start_run(site, stop_after=1))

    assert clustering_guide.demo_clusters(site) in clustering_guide.GUIDE.read_text("utf-8")


def test_the_calibration_texts_are_those_of_the_bench() -> None:
    assert calibration_texts.calibration_texts() == Path(calibration_texts.FILE).read_text("utf-8")
