"""A worker dies after the fifth of an article's eight sections: five answers are used again."""

from collections import Counter
from typing import Any

from igny8.automation.runs import start_run
from igny8.planner.models import ContentIdea
from igny8.writer.models import Content
from tests.automation.world import site_with, task_of
from tests.faults.children import Child
from tests.faults.lab import Facts, Lab, until
from tests.faults.trials import kills

SECTIONS, WRITTEN = 8, 5


def run(lab: Lab, count: int) -> Facts:
    lab.prepare("sections", _one_task)
    lab.begin("sections")
    undisturbed = lab.ask(kills.work_until_over)
    lab.begin("sections")

    def die_after_the_fifth() -> None:
        until(("book answer committed", WRITTEN))
        kills.work_until_over()

    Child(die_after_the_fifth).wait()
    before = _asked(lab)
    made = lab.ask(kills.work_until_over)
    after = _asked(lab)
    lab.check_books("after five sections", kills=0)
    if (before, after) != (WRITTEN, SECTIONS):
        lab.violated("sections asked", [f"{before}, then {after}"])
    if made != undisturbed or not lab.ask(_has_all_sections):
        lab.violated("the article", ["is another"])
    return {"sections_asked_before": before, "sections_asked": after}


def _asked(lab: Lab) -> int:
    return Counter(line["function"] for line in lab.provider.accepted())["write_section"]


def _one_task() -> None:
    site = site_with()
    task = task_of(site)
    outline: list[Any] = [
        {"heading": f"Part {number}", "points": [f"Point {number}"]} for number in range(SECTIONS)
    ]
    ContentIdea.objects.filter(pk=task.idea_id).update(outline=outline, target_words=900)
    start_run(site, first_stage=4, stop_after=4)


def _has_all_sections() -> bool:
    return all(f"## Part {number}" in Content.objects.get().body for number in range(SECTIONS))
