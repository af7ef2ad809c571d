"""A process dies at every crash point; the next one makes the same of what it left."""

import re
from collections import Counter
from functools import partial
from typing import Any

from tests.faults.children import Child
from tests.faults.lab import Facts, Fuse, Lab, counting, until
from tests.faults.points import crash_points
from tests.faults.stories import STORIES, Story

SIGKILL = 9
SECOND_LIFE, ADOPTION = "pipeline", "adopt "


def run(lab: Lab, count: int) -> Facts:
    """Each point once, in the middle of its occurrences in the first story that comes to it."""
    left, died = set(crash_points()), 0
    for story in STORIES:
        undisturbed, hits = told_undisturbed(lab, story)
        for name in sorted(hits if story.every else left & set(hits)):
            die_at(lab, story, undisturbed, (name, (hits[name] + 1) // 2))
            died += 1
        left -= set(hits)
        if story.name == SECOND_LIFE:
            died += _die_in_a_second_life(lab, story, undisturbed, left)
    lab.violated("never reached", sorted(left))
    return {"points": died}


def _die_in_a_second_life(lab: Lab, story: Story, undisturbed: Facts, left: set[str]) -> int:
    """Points that only a process comes to which finds the work of a dead one."""
    found = sorted(name for name in left if name.startswith(ADOPTION))
    for name in found:
        if die_at(lab, story, undisturbed, ("begin committed", 2), (name, 1)) < 2:
            lab.violated(name, ["it never came there"])
    left -= set(found)
    return len(found)


def told_undisturbed(lab: Lab, story: Story) -> tuple[Facts, Counter[str]]:
    """What the story leaves, and how often it comes to each point."""
    lab.prepare(story.name, story.prepare)
    lab.begin(story.name, story.faults)

    def tell() -> Any:
        hits = counting()
        return story.tell(), hits

    facts, hits = lab.ask(tell)
    lab.check_books(f"{story.name} undisturbed", kills=0)
    return facts, Counter(hits)


def die_at(lab: Lab, story: Story, undisturbed: Facts, *fuses: Fuse) -> int:
    """One process after the other dies at its point, the first one surely; the last one finishes.

    Returns how many were killed.
    """
    where = f"{story.name}, killed at {', then '.join(f'{n} #{k}' for n, k in fuses)}"
    lab.begin(story.name, story.faults)
    ends = [Child(partial(_tell_until, fuse, story)).wait() for fuse in fuses]
    kills = sum(ended.signal == SIGKILL for ended in ends)
    lab.violated(where, [f"a process failed: {ended.told}" for ended in ends if ended.status])
    if ends[0].signal != SIGKILL:
        lab.violated(where, ["it never came there"])
    try:
        now = lab.ask(story.tell)
    except (AssertionError, TimeoutError) as failed:
        lab.violated(where, [str(failed)])
        return kills
    lab.violated(where, list(_changed(undisturbed, now, story)))
    lab.check_books(where, kills=kills)
    return kills


def _tell_until(fuse: Fuse, story: Story) -> Any:
    until(fuse)
    return story.tell()


def _changed(before: Facts, after: Facts, story: Story) -> list[str]:
    return [
        f"{name} is {after[name]}, not {facts}"
        for name, facts in before.items()
        if name not in story.but and _without_ids(after[name]) != _without_ids(facts)
    ]


def _without_ids(facts: Any) -> str:
    """A key names its row by a number, which a killed transaction may have used up."""
    return re.sub(r":\d+", ":n", repr(facts))
